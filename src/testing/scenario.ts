/** Scenario texts for tests: a small valid one, and what is wrong with a bad one. */
import { UsageError } from '../base/errors.ts';
import { parseScenario, type ScenarioOptions } from '../scenarios/load.ts';

/** A valid scenario; `agent` is added to the second agent, `top` to the file. */
export function scenarioText({ top = '', agent = '' }: { readonly top?: string; readonly agent?: string } = {}): string {
  const indented = agent === '' ? '' : `${agent.trimEnd().replace(/^/gm, '    ')}\n`;
  return `title: Test
agents:
  - name: Ann
    prompt: Greet.
    script: { lines: [Hello.] }
  - name: Ben
    prompt: Answer.
${agent.includes('script:') ? '' : '    script: { lines: [Hi.] }\n'}${indented}${top}`;
}

/** Every mistake in the text as the user sees it, one line each, without the name of the file. */
export function mistakesIn(text: string, options: ScenarioOptions = {}): readonly string[] {
  try {
    parseScenario(text, 'x.yaml', options);
    return [];
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.message.split('\n').map((line) => line.replace(/^x\.yaml:/, ''));
  }
}
