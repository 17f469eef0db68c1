/** Which reporters a test run has and where each writes: the terminal, a file, or what GitHub names. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { UsageError } from '../base/errors.ts';
import type { SuiteResult } from '../metrics/suite-result.ts';
import { githubSuite } from '../report/suite/github.ts';
import { junitXml } from '../report/suite/junit.ts';
import { suiteMarkdown } from '../report/suite/markdown.ts';
import { plainSuite } from '../report/suite/plain-suite.ts';
import type { SuiteSink } from '../report/suite/suite-sink.ts';
import type { ReporterChoice } from './test-flags.ts';

export type Reporters = Required<SuiteSink> & {
  /** Whether people read what goes to the terminal, and whether they see colour. */
  readonly forPeople: boolean;
  readonly colour: boolean;
};

export function openReporters(choices: readonly ReporterChoice[]): Reporters {
  const env = process.env;
  const inGithub = env['GITHUB_ACTIONS'] === 'true';
  const summary = env['GITHUB_STEP_SUMMARY'];
  // Where nothing was chosen, the terminal gets lines, and a GitHub workflow its annotations besides.
  const chosen = choices.length > 0 ? choices : [{ name: 'plain' as const, file: undefined }, ...(inGithub ? [{ name: 'github' as const, file: undefined }] : [])];
  const sinks = chosen.map(openReporter);
  if (inGithub && summary !== undefined && summary !== '') sinks.push(atTheEnd(suiteMarkdown, (text) => appendFileSync(summary, text)));
  return {
    forPeople: chosen.some(({ name, file }) => file === undefined && (name === 'pretty' || name === 'plain' || name === 'dot')),
    colour: wantsColour(),
    caseEnded: (result, progress) => sinks.forEach((sink) => sink.caseEnded?.(result, progress)),
    suiteEnded: (result) => sinks.forEach((sink) => sink.suiteEnded?.(result)),
  };
}

function openReporter({ name, file }: ReporterChoice): SuiteSink {
  const write = writer(file);
  const colour = file === undefined && wantsColour();
  switch (name) {
    case 'pretty':
    case 'plain':
      return plainSuite({ write, colour });
    case 'dot':
      return { caseEnded: ({ verdict }) => write(verdict === 'passed' || verdict === 'ran' ? '.' : verdict.charAt(0).toUpperCase()), suiteEnded: () => write('\n') };
    case 'github':
      return githubSuite(write);
    case 'json':
      return atTheEnd((result) => `${JSON.stringify(result, null, 2)}\n`, write);
    case 'junit':
      return atTheEnd(junitXml, write);
    case 'markdown':
      return atTheEnd(suiteMarkdown, write);
  }
}

function wantsColour(): boolean {
  return process.stdout.isTTY && !process.env['NO_COLOR'];
}

function atTheEnd(render: (result: SuiteResult) => string, write: (text: string) => void): SuiteSink {
  return { suiteEnded: (result) => write(render(result)) };
}

/** A file is emptied first, so that a run that is stopped leaves no older one's results. */
function writer(file: string | undefined): (text: string) => void {
  if (file === undefined) return (text) => void process.stdout.write(text);
  try {
    writeFileSync(file, '');
  } catch (error) {
    throw new UsageError(`${file} cannot be written`, (error as NodeJS.ErrnoException).code);
  }
  return (text) => appendFileSync(file, text);
}
