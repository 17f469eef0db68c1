/** The agents and expectations of a scenario, as pages are told of them: in the list of scenarios as of a call. */
import { checkText } from '../metrics/checks/check-text.ts';
import { ownVoice } from '../scenarios/own-voice.ts';
import type { Scenario, ScenarioAgent } from '../scenarios/scenario.ts';
import type { ListedAgent, ListedExpectation } from '../web/parts/live-messages.ts';

export function listedAgent(agent: ScenarioAgent, prompt: string): ListedAgent {
  const { name, role, goes_first: goesFirst, llm, tts } = agent;
  return { name, role, goesFirst, prompt, voice: ownVoice(agent) ?? '', llm: llm.provider, tts: tts.provider };
}

export function listedExpectations({ expect }: Pick<Scenario, 'expect'>): readonly ListedExpectation[] {
  return expect.map((check, i) => ({ index: i + 1, severity: check.severity, text: checkText(check) }));
}
