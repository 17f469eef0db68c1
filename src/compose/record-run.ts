/**
 * One run on its own: the machinery opened and closed, the folder finished on every way out. What the terminal shows
 * is up to the sinks that the caller brings.
 */
import type { Sink } from '../events/log.ts';
import type { Ending } from '../run/conversation.ts';
import { clearOldRuns, newRunFolder, RunFolder } from '../run/run-folder.ts';
import type { Case } from '../scenarios/scenario.ts';
import { openMachinery } from './machinery.ts';
import { openIngest } from './open-ingest.ts';
import { playsAlone } from './replay.ts';
import { type FolderOptions, type FolderRun, runIntoFolder } from './run-into-folder.ts';

/** Where runs go unless the user says otherwise. */
export const RUNS_ROOT = 'runs';

export type RecordOptions = Omit<FolderOptions, 'machinery' | 'openFolder' | 'processes' | 'link'> & {
  readonly sinks: readonly Sink[];
  readonly cacheFolder: string;
  readonly modelFolder: string;
  /** The folder to write; undefined makes a new one among the bounded runs. */
  readonly folder?: string | undefined;
  /** Something about this machine that the user should know. */
  readonly onWarning: (text: string) => void;
  /** Each agent in a process of its own; a Daily room only. */
  readonly ownProcesses?: boolean;
};

export type RecordedRun = Pick<FolderRun, 'fold' | 'tracks' | 'about'> & {
  readonly ending: Ending;
  readonly folder: string;
  readonly wallMs: number;
  /** What was thrown, by the run itself or where its record was written; the folder holds what there was. */
  readonly failure: unknown;
};

/** Runs it. Throws only where there is no folder to show for it. */
export async function recordRun(of: Case, options: RecordOptions): Promise<RecordedRun> {
  const { cacheFolder, modelFolder, onWarning } = options;
  // A recording played alone touches no network, and its records were posted when it was made.
  const ingest = playsAlone(options.replay) ? undefined : openIngest(options);
  const machinery = openMachinery(options);
  try {
    const run = await runIntoFolder(of, {
      ...options,
      machinery,
      processes: options.ownProcesses ? { cacheFolder, modelFolder, onWarning } : undefined,
      openFolder: (startedEpochMs) => openFolder(options.folder, { title: of.scenario.title, startedEpochMs }),
      sinks: [...options.sinks, ...(ingest ? [ingest] : [])],
    });
    const failures = [...run.failures];
    try {
      run.finish();
    } catch (error) {
      failures.push(error);
    }
    const { ending, folder, wallMs, fold, tracks, about } = run;
    if (folder === undefined) throw failures[0];
    return { ending, folder, wallMs, fold, tracks, about, failure: failures[0] };
  } finally {
    await ingest?.close();
    await machinery.close();
  }
}

function openFolder(path: string | undefined, run: { title: string; startedEpochMs: number }): RunFolder {
  if (path !== undefined) return new RunFolder(path);
  clearOldRuns(RUNS_ROOT);
  return new RunFolder(newRunFolder(RUNS_ROOT, run));
}
