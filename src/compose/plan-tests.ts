/**
 * From scenario files and flags to the cases of a test run: each with its providers, and with the recorded call that it
 * is played from, if it is. Refuses what would ask the world for anything unbidden. Asks no provider anything.
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { formatMistake, type Mistake, UsageError } from '../base/errors.ts';
import type { CassetteHeader } from '../providers/cassette/cassette.ts';
import type { CassetteMode } from '../providers/cassette/playback.ts';
import { CASSETTE_FILE } from '../run/run-folder.ts';
import { casePath } from '../scenarios/case-path.ts';
import type { Case, Scenario } from '../scenarios/scenario.ts';
import { type PlannedCase, type PlanOptions, planSuite, withSeeds } from '../scenarios/suite-plan.ts';
import { unusedVariables } from '../scenarios/variables.ts';
import { recordedWishes, withRecordedVoices } from './cassette-agents.ts';
import { type ChooseOptions, type ChosenCases, loadChosenCases } from './choose-providers.ts';
import { asksTheWorld } from './deck.ts';
import { playsAlone } from './replay.ts';
import { openCassetteHeader } from './open-cassette.ts';

/** A case of a test run. */
export type TestCase = PlannedCase & {
  /** Played in the place of the world. */
  readonly cassette?: { readonly path: string; readonly mode: CassetteMode };
};

export type TestPlan = {
  readonly cases: readonly TestCase[];
  /** How many there were before some were chosen. */
  readonly found: number;
  /** Of all scenarios, before some were chosen. */
  readonly tags: readonly string[];
  /** What --live chose, each once. */
  readonly choices: readonly string[];
};

export type PlanTestsOptions = Pick<ChooseOptions, 'flags' | 'variables' | 'secrets'> & {
  readonly plan: PlanOptions;
  /** A folder of recorded calls, or the one of the only case. */
  readonly cassette?: string | undefined;
  readonly mode?: CassetteMode | undefined;
};

/** Throws a UsageError: mistakes of all files together, no key for --live, or a recorded call that is not there. */
export async function planTests(files: readonly string[], options: PlanTestsOptions): Promise<TestPlan> {
  const { plan, cassette } = options;
  if (cassette !== undefined) return planReplays(files, { ...options, cassette });
  const { cases, choices } = await loadAll(files, options);
  const planned = planSuite(cases, plan);
  const unbidden = planned.flatMap(({ of }) => unbiddenOf(of, options));
  if (unbidden.length > 0) throw new UsageError(eachOnce(unbidden));
  return { cases: planned, found: cases.length, tags: tagsOf(cases), choices };
}

function tagsOf(cases: readonly Case[]): readonly string[] {
  return [...new Set(cases.flatMap(({ scenario }) => scenario.tags))];
}

/** Whether it is run with the world, so that it costs money and may come out otherwise the next time. */
export function isLive({ of: { scenario }, cassette }: TestCase): boolean {
  return !playsAlone(cassette) && (asksTheWorld(scenario) || scenario.room.kind !== 'embedded');
}

/** Where the call of a case is recorded to, below a folder of recorded calls. */
export function cassettePath(folder: string, of: Case): string {
  return join(folder, `${casePath(of)}.cassette.jsonl`);
}

/** Seeds and matrices repeat a mistake, and the user mends it once. */
export function eachOnce(mistakes: readonly Mistake[]): readonly Mistake[] {
  return [...new Map(mistakes.map((mistake) => [formatMistake(mistake), mistake])).values()];
}

async function planReplays(files: readonly string[], options: PlanTestsOptions & { readonly cassette: string }): Promise<TestPlan> {
  const { plan, cassette, mode = 'strict' } = options;
  // Whom a case is played with is only known from its recording: until then a brain needs no script, a voice no name.
  const { cases } = await loadAll(files, { ...options, flags: { llm: 'openai', tts: 'elevenlabs' } });
  const isOne = isCassette(cassette);
  const seeds = plan.seeds ?? (isOne ? [(await openCassetteHeader(cassette)).seed] : undefined);
  const planned = planSuite(cases, { ...plan, seeds });
  if (isOne && planned.length > 1) throw new UsageError(`${cassette} is one call, and there are ${planned.length} cases`, 'give a folder of recorded calls, or leave one case with --grep');
  const paths = planned.map(({ of }) => (isOne ? cassette : recordedIn(cassette, of)));
  const missing = planned.filter((_, i) => paths[i] === undefined);
  if (missing.length > 0) {
    throw new UsageError(missing.map(({ id, of }) => ({ message: `${id} was not recorded: there is no ${cassettePath(cassette, of)}`, hint: `bottalk test --live --record ${cassette}` })));
  }
  // Most calls of a file were recorded with the same providers.
  const loaded = new Map<string, Promise<ChosenCases>>();
  const recorded: TestCase[] = [];
  for (const [i, each] of planned.entries()) recorded.push(await loadRecorded(each, paths[i] as string));
  return { cases: recorded, found: cases.length, tags: tagsOf(cases), choices: [] };

  async function loadRecorded({ id, of }: PlannedCase, path: string): Promise<TestCase> {
    const header = await openCassetteHeader(path);
    const again = (await loadWith(of.file as string, header)).cases.find(({ variant }) => JSON.stringify(variant) === JSON.stringify(of.variant)) as Case;
    const seeded = withSeeds(again, of.seed, of.jitterSeed);
    return { id, of: mode === 'refresh' ? withRecordedVoices(seeded, header) : seeded, cassette: { path, mode } };
  }

  function loadWith(file: string, header: CassetteHeader): Promise<ChosenCases> {
    const recorded = recordedWishes(header, mode);
    const key = JSON.stringify([file, recorded]);
    const known = loaded.get(key) ?? loadChosenCases(file, { ...options, recorded, onVariables: () => {} });
    loaded.set(key, known);
    return known;
  }
}

/** A file, or the folder of a run, rather than a folder of many. */
function isCassette(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new UsageError(`${path}: there is no cassette`, 'give a folder that bottalk test --record wrote, a cassette, or the folder of a run that has one');
  return !found.isDirectory() || existsSync(join(path, CASSETTE_FILE));
}

/** A cassette of its own, or the folder that a case left behind. */
function recordedIn(folder: string, of: Case): string | undefined {
  return [cassettePath(folder, of), join(folder, casePath(of), CASSETTE_FILE)].find((path) => existsSync(path));
}

/** All cases of all files; the mistakes of all files together. */
async function loadAll(files: readonly string[], options: PlanTestsOptions): Promise<ChosenCases> {
  const cases: Case[] = [];
  const choices = new Set<string>();
  const mistakes: Mistake[] = [];
  // A variable is given to all of them, and not each has to ask for it.
  const used = new Set<string>();
  const onVariables = (names: ReadonlySet<string>): void => names.forEach((name) => used.add(name));
  for (const file of files) {
    try {
      const chosen = await loadChosenCases(file, { ...options, onVariables });
      cases.push(...chosen.cases);
      for (const choice of chosen.choices) choices.add(choice);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      mistakes.push(...error.mistakes);
    }
  }
  // What a file with mistakes asks for is not known.
  if (mistakes.length === 0) mistakes.push(...unusedVariables(options.variables ?? {}, { files, used }));
  if (mistakes.length > 0) throw new UsageError(eachOnce(mistakes));
  return { cases, choices: [...choices] };
}

/** Tests cost nothing and need no network unless whoever starts them says so. What is asked when a call is over is known by its key. */
function unbiddenOf({ scenario, file = '-' }: Case, { flags: { live, llm, tts, room, transcription } }: PlanTestsOptions): readonly Mistake[] {
  // Nobody asks for a room of the world and means to stay alone.
  const isBidden = live || room === 'daily' || llm === 'openai' || tts === 'elevenlabs' || transcription === 'openai' || transcription === 'elevenlabs';
  const asked = isBidden ? undefined : askedOfTheWorld(scenario);
  if (asked === undefined) return [];
  return [{ message: `${file}: ${asked}, and tests ask the world for nothing unless they are told to`, hint: '--live, --cassette <folder> to play recorded calls, or leave it out with --grep or --tag' }];
}

function askedOfTheWorld({ agents, room, transcription }: Scenario): string | undefined {
  if (room.kind !== 'embedded') return `it meets in a room of ${room.kind}`;
  if (!['room', 'embedded'].includes(transcription.provider)) return `${transcription.provider} listens to it`;
  for (const { name, llm, tts, turn } of agents) {
    if (llm.provider !== 'script') return `${name}'s brain is ${llm.provider}`;
    if (tts.provider !== 'offline') return `${name}'s voice is ${tts.provider}`;
    if (turn.strategy === 'llm') return `${name} asks a model whether the other has finished`;
  }
  return undefined;
}
