/**
 * One run of a case with its folder: the machinery opened and closed, the sinks attached, the folder finished on
 * every way out. What the terminal shows is up to the sinks that the caller brings.
 */
import { UsageError } from '../base/errors.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import type { Sink } from '../events/log.ts';
import { Recorder } from '../room/recorder.ts';
import type { Ending } from '../run/conversation.ts';
import { clearOldRuns, newRunFolder, RunFolder } from '../run/run-folder.ts';
import type { Case } from '../scenarios/scenario.ts';
import { aboutRun } from './about-run.ts';
import { openMachinery } from './machinery.ts';
import { tracksOf } from './tracks.ts';
import { runCase, type RunOptions, type RunOutcome } from './run-case.ts';

/** Where runs go unless the user says otherwise. */
const RUNS_ROOT = 'runs';

export type RecordOptions = Pick<RunOptions, 'pace' | 'strict' | 'signal' | 'secrets'> & {
  readonly wall: WallClock;
  readonly version: string;
  readonly sinks: readonly Sink[];
  readonly cacheFolder: string;
  readonly modelFolder: string;
  /** The folder to write; undefined makes a new one among the bounded runs. */
  readonly folder?: string | undefined;
  /** Something about this machine that the user should know. */
  readonly onWarning: (text: string) => void;
};

export type RecordedRun = { readonly ending: Ending; readonly folder: string; readonly wallMs: number };

/** Runs it. Throws what the run threw, after the folder was finished with what there was. */
export async function recordRun(of: Case, options: RecordOptions): Promise<RecordedRun> {
  const { wall, version, cacheFolder, modelFolder, onWarning } = options;
  const startedEpochMs = wall.epochMs();
  const startedWallMs = wall.nowMs();
  if (options.folder === undefined) clearOldRuns(RUNS_ROOT);
  const folder = new RunFolder(options.folder ?? newRunFolder(RUNS_ROOT, { title: of.scenario.title, startedEpochMs }));
  const recorder = new Recorder();
  const machinery = openMachinery({ wall, cacheFolder, modelFolder, onWarning });
  const failures: unknown[] = [];
  let outcome: RunOutcome | undefined;
  try {
    outcome = await runCase(of, { ...options, machinery, recorder, sinks: [folder.sink, ...options.sinks] });
    failures.push(...outcome.sinkErrors.map((cause) => incomplete(folder.path, cause)));
  } catch (error) {
    failures.push(error);
  }
  const wallMs = wall.nowMs() - startedWallMs;
  const ending = outcome?.ending ?? { endedBy: 'error' as const };
  try {
    folder.finish({ tracks: tracksOf(of.scenario, recorder), about: aboutRun({ of, version, startedEpochMs, wallMs, ending }) });
  } catch (error) {
    failures.push(error);
  }
  await machinery.close();
  if (failures.length > 0) throw failures[0];
  return { ending, folder: folder.path, wallMs };
}

function incomplete(folder: string, cause: unknown): unknown {
  const { code, message } = (cause ?? {}) as Partial<NodeJS.ErrnoException>;
  // A disk that refuses is the user's to fix; anything else that a sink throws is a bug of ours.
  return code === undefined ? cause : new UsageError(`the record in ${folder} is not complete: ${message}`, 'choose another folder with --out');
}
