/**
 * One run of a case with its folder: the machinery opened and closed, the sinks attached, the folder finished on
 * every way out. What the terminal shows is up to the sinks that the caller brings.
 */
import { join } from 'node:path';
import type { WallClock } from '../clock/wall-clock.ts';
import type { Sink } from '../events/log.ts';
import { RunFold } from '../metrics/run-fold.ts';
import { endedWell } from '../metrics/validity.ts';
import { writeWhole } from '../base/write-whole.ts';
import { cassetteText } from '../providers/cassette/cassette-text.ts';
import { type CassetteMode, Playback } from '../providers/cassette/playback.ts';
import { Recording } from '../providers/cassette/recording.ts';
import { Recorder, type SoundTap } from '../room/recorder.ts';
import type { Ending } from '../run/conversation.ts';
import { CASSETTE_FILE, clearOldRuns, newRunFolder, RunFolder } from '../run/run-folder.ts';
import type { Case } from '../scenarios/scenario.ts';
import { aboutRun } from './about-run.ts';
import { asksTheWorld, playsAlone } from './deck.ts';
import { openMachinery } from './machinery.ts';
import type { OpenedCassette } from './open-cassette.ts';
import { openIngest } from './open-ingest.ts';
import { tracksOf } from './tracks.ts';
import { checkCase, runCase, type RunOptions, type RunOutcome } from './run-case.ts';

/** Where runs go unless the user says otherwise. */
export const RUNS_ROOT = 'runs';

export type RecordOptions = Pick<RunOptions, 'pace' | 'strict' | 'patience' | 'signal' | 'secrets' | 'prices' | 'repriced' | 'budgetUsd'> & {
  readonly wall: WallClock;
  readonly version: string;
  readonly sinks: readonly Sink[];
  readonly cacheFolder: string;
  readonly modelFolder: string;
  /** The folder to write; undefined makes a new one among the bounded runs. */
  readonly folder?: string | undefined;
  /** Something about this machine that the user should know. */
  readonly onWarning: (text: string) => void;
  /** Played in the place of the world. */
  readonly replay?: (OpenedCassette & { readonly mode: CassetteMode }) | undefined;
  /** Whether the run leaves a cassette; without it, one that asks the world for anything does. */
  readonly record?: boolean | undefined;
  /** Each agent in a process of its own; a Daily room only. */
  readonly ownProcesses?: boolean;
  /** Is given all sound as it is recorded. */
  readonly onSound?: SoundTap | undefined;
};

export type RecordedRun = {
  readonly ending: Ending;
  readonly folder: string;
  readonly wallMs: number;
  /** What was thrown, by the run itself or where its record was written; the folder holds what there was. */
  readonly failure: unknown;
};

/** Runs it. Throws only where there is no folder to show for it. */
export async function recordRun(of: Case, options: RecordOptions): Promise<RecordedRun> {
  const { wall, version, replay } = options;
  const startedEpochMs = wall.epochMs();
  const startedWallMs = wall.nowMs();
  // A recording played alone touches no network, and its records were posted when it was made.
  const ingest = playsAlone(replay) ? undefined : openIngest(options);
  const machinery = openMachinery(options);
  const { cacheFolder, modelFolder, onWarning } = options;
  const processes = options.ownProcesses ? { cacheFolder, modelFolder, onWarning } : undefined;
  const playback = replay && new Playback(replay.cassette, replay.mode);
  const wanted = options.record ?? (asksTheWorld(of.scenario) && !playsAlone(replay));
  const recording = wanted || replay?.mode === 'refresh' ? new Recording({ version }) : undefined;
  const failures: unknown[] = [];
  const recorder = new Recorder(options.onSound);
  const fold = new RunFold();
  let outcome: RunOutcome | undefined;
  let folder: RunFolder | undefined;
  try {
    checkCase(of, { ...options, replay: playback, machinery, processes });
    folder = openFolder(options.folder, { title: of.scenario.title, startedEpochMs });
    const sinks = [folder.sink, fold, ...options.sinks, ...(ingest ? [ingest] : [])];
    outcome = await runCase(of, { ...options, replay: playback, machinery, recorder, recording, processes, sinks });
    failures.push(...outcome.sinkErrors);
  } catch (error) {
    failures.push(error);
  }
  const wallMs = wall.nowMs() - startedWallMs;
  const ending = outcome?.ending ?? fold.ended ?? { endedBy: 'error' as const };
  try {
    const cassette = recording?.cassette();
    const about = aboutRun({ of, version, startedEpochMs, wallMs, ending, replay });
    folder?.finish({ tracks: tracksOf(of.scenario, recorder), about, cassette: wanted && cassette ? cassetteText(cassette) : undefined });
    if (replay && playback?.grown && cassette) {
      if (failures.length === 0 && endedWell(fold)) writeWhole(replay.file, cassetteText(playback.refreshed(cassette)));
      else onWarning(notRefreshed(replay.file, wanted && folder?.path));
    }
  } catch (error) {
    failures.push(error);
  }
  await ingest?.close();
  await machinery.close();
  if (!folder) throw failures[0];
  return { ending, folder: folder.path, wallMs, failure: failures[0] };
}

/** What others have in common is not touched by a call that went wrong; what it was answered is not lost. */
function notRefreshed(file: string, folder: string | undefined | false): string {
  return `${file} is left as it was, for this call did not end well${folder ? `; what was asked anew is in ${join(folder, CASSETTE_FILE)}` : ''}`;
}

function openFolder(path: string | undefined, run: { title: string; startedEpochMs: number }): RunFolder {
  if (path !== undefined) return new RunFolder(path);
  clearOldRuns(RUNS_ROOT);
  return new RunFolder(newRunFolder(RUNS_ROOT, run));
}
