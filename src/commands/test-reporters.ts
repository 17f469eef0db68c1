/** Which reporters a test run has and where each writes: the terminal, a file, or what GitHub names. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { UsageError } from '../base/errors.ts';
import { makeFolder } from '../base/make-folder.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import type { SuiteResult } from '../metrics/suite-result.ts';
import { dotSuite, onlyBad } from '../report/suite/dot.ts';
import { githubSuite } from '../report/suite/github.ts';
import { junitXml } from '../report/suite/junit.ts';
import { suitePage } from '../report/page/suite-page.ts';
import { suiteMarkdown } from '../report/suite/markdown.ts';
import { plainSuite } from '../report/suite/plain-suite.ts';
import { resultsJson } from '../report/suite/results-json.ts';
import type { ComparedWith, SuiteSink } from '../report/suite/suite-sink.ts';
import { REPORT_FILE } from '../run/run-folder.ts';
import { canShowScreen, loadSuiteScreen } from '../tui/load-screen.ts';
import type { PlannedRow } from '../tui/suite-view.ts';
import { caseLinks } from './case-links.ts';
import { wantsColour } from './print.ts';
import type { ReporterChoice } from './test-flags.ts';

export type Reporters = Required<SuiteSink> & {
  /** Whether people read what goes to the terminal, and whether they see colour. */
  readonly forPeople: boolean;
  /** Somebody wants the test run to end, and what runs still does. */
  readonly stopping: () => void;
  /** Gives the terminal back. Safe to call twice. */
  readonly close: () => void;
  readonly colour: boolean;
  /** Throws a UsageError if one of them could not write; the others have gone on. */
  readonly throwBroken: () => void;
};

type ReportersOptions = { readonly wall: WallClock; readonly plan: readonly PlannedRow[] };

export async function openReporters(choices: readonly ReporterChoice[], options: ReportersOptions): Promise<Reporters> {
  const env = process.env;
  const inGithub = env['GITHUB_ACTIONS'] === 'true';
  const summary = env['GITHUB_STEP_SUMMARY'];
  const chosen = choices.length > 0 ? choices : [{ name: defaultReporter(env), file: undefined }];
  const pretty = chosen.some(({ name, file }) => name === 'pretty' && file === undefined) && canShowScreen(process.stdout, env);
  const screen = pretty ? (await loadSuiteScreen())({ ...options, stdout: process.stdout, env }) : undefined;
  const onScreen: SuiteSink[] = screen
    ? [{ caseStarted: (id) => screen.caseStarted(id), caseEnded: (result) => screen.caseEnded(result), suiteEnded: () => screen.close() }]
    : [];
  const sinks = [...onScreen, ...chosen.map((choice) => openReporter(choice, { afterScreen: screen !== undefined }))];
  if (inGithub && summary !== undefined && summary !== '') sinks.push(atTheEnd(suiteMarkdown, (text) => writing(summary, () => appendFileSync(summary, text))));
  return {
    forPeople: chosen.some(({ name, file }) => file === undefined && ['pretty', 'plain', 'dot', 'github'].includes(name)),
    colour: wantsColour(),
    stopping: () => screen?.stopping(),
    close: () => screen?.close(),
    ...apart(sinks),
  };
}

/** One that cannot write is told nothing more, and keeps nobody else from being told. */
function apart(sinks: readonly SuiteSink[]): Pick<Reporters, 'throwBroken' | keyof SuiteSink> {
  const working = new Set(sinks);
  let broken: unknown;
  const each = (tell: (sink: SuiteSink) => void): void => {
    for (const sink of working) {
      try {
        tell(sink);
      } catch (error) {
        broken ??= error;
        working.delete(sink);
      }
    }
  };
  return {
    caseStarted: (id) => each((sink) => sink.caseStarted?.(id)),
    caseEnded: (result, progress) => each((sink) => sink.caseEnded?.(result, progress)),
    suiteEnded: (result, compared) => each((sink) => sink.suiteEnded?.(result, compared)),
    throwBroken() {
      if (broken !== undefined) throw broken;
    },
  };
}

function openReporter({ name, file }: ReporterChoice, { afterScreen }: { readonly afterScreen: boolean }): SuiteSink {
  const write = writer(file);
  const colour = file === undefined && wantsColour();
  const lines = { write, colour, columns: file === undefined && process.stdout.isTTY ? process.stdout.columns : undefined };
  switch (name) {
    case 'pretty':
      return afterScreen && file === undefined ? onlyBad(plainSuite(lines)) : plainSuite(lines);
    case 'plain':
      return plainSuite(lines);
    case 'dot':
      return dotSuite(lines);
    case 'github':
      return githubSuite(write, pathInWorkspace);
    case 'json':
      return atTheEnd(resultsJson, write);
    case 'junit':
      return atTheEnd(junitXml, write);
    case 'markdown':
      return atTheEnd(suiteMarkdown, write);
    case 'html':
      return atTheEnd((result, compared) => suitePage(result, { linksOf: (each) => caseLinks(each, file ?? REPORT_FILE), compared }), write);
  }
}

/** A screen where people watch; lines elsewhere, in a GitHub workflow with annotations. */
function defaultReporter(env: NodeJS.ProcessEnv): ReporterChoice['name'] {
  if (env['GITHUB_ACTIONS'] === 'true') return 'github';
  return canShowScreen(process.stdout, env) && !env['CI'] ? 'pretty' : 'plain';
}

/** As GitHub names files: from the top of the repository, wherever in it bottalk was started. */
function pathInWorkspace(file: string): string {
  const path = relative(process.env['GITHUB_WORKSPACE'] || '.', resolve(file)).split(sep).join('/');
  return path.startsWith('../') ? file : path;
}

function atTheEnd(render: (result: SuiteResult, compared?: ComparedWith) => string, write: (text: string) => void): SuiteSink {
  return { suiteEnded: (result, compared) => write(render(result, compared)) };
}

/** A file is emptied first, so that a run that is stopped leaves no older one's results. */
function writer(file: string | undefined): (text: string) => void {
  if (file === undefined) return (text) => void process.stdout.write(text);
  writing(file, () => {
    makeFolder(dirname(file));
    writeFileSync(file, '');
  });
  return (text) => writing(file, () => appendFileSync(file, text));
}

function writing(file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new UsageError(`${file} cannot be written`, (error as NodeJS.ErrnoException).code);
  }
}
