/**
 * One run of a case into a folder: events while it lasts, and everything else when it is over, on every way out. Who
 * calls brings the machinery and whoever is shown the run, and decides what becomes of the folder.
 */
import { join } from 'node:path';
import { reasonOf } from '../base/errors.ts';
import { writeWhole } from '../base/write-whole.ts';
import type { RecordedTracks } from '../metrics/recording-check.ts';
import { RunFold } from '../metrics/run-fold.ts';
import { endedWell } from '../metrics/validity.ts';
import { cassetteText } from '../providers/cassette/cassette-text.ts';
import { type CassetteMode, Playback } from '../providers/cassette/playback.ts';
import { Recording } from '../providers/cassette/recording.ts';
import { Recorder, type SoundTap } from '../room/recorder.ts';
import type { Ending } from '../run/conversation.ts';
import { CASSETTE_FILE, type RunFolder, writeResult } from '../run/run-folder.ts';
import type { Case } from '../scenarios/scenario.ts';
import { aboutRun } from './about-run.ts';
import { asksTheWorld } from './deck.ts';
import { playsAlone } from './replay.ts';
import type { OpenedCassette } from './open-cassette.ts';
import { checkCase, runCase, type RunOptions } from './run-case.ts';
import { tracksOf } from './tracks.ts';

/** A recorded call that is played in the place of the world. */
export type PlayedCassette = OpenedCassette & { readonly mode: CassetteMode };

export type FolderOptions = Omit<RunOptions, 'recorder' | 'recording' | 'replay'> & {
  readonly version: string;
  /** Called once nothing that is known beforehand keeps the case from running. */
  readonly openFolder: (startedEpochMs: number) => RunFolder;
  readonly replay?: PlayedCassette | undefined;
  /** Whether the run leaves a cassette; without it, one that asks the world for anything does. */
  readonly record?: boolean | undefined;
  /** Is given all sound as it is recorded. */
  readonly onSound?: SoundTap | undefined;
  /** Something about this machine that the user should know. */
  readonly onWarning?: ((text: string) => void) | undefined;
};

export type FolderRun = {
  readonly ending: Ending;
  /** Undefined where the case could not begin. */
  readonly folder: string | undefined;
  readonly wallMs: number;
  /** What its log amounts to. */
  readonly fold: RunFold;
  /** What was recorded, as audio.wav holds it. */
  readonly tracks: RecordedTracks;
  /** What run.json says. */
  readonly about: Readonly<Record<string, unknown>>;
  /** What the run or one of its sinks threw, in order. */
  readonly failures: readonly unknown[];
  /** Writes what the run amounts to. Throws a UsageError if the disk refuses. */
  readonly finish: () => void;
  /** Leaves nothing of the run, but for what a recording that is refreshed has learnt. */
  readonly discard: () => void;
  /** Writes what was recorded to a file of its own as well; only of a run that leaves a cassette. Throws a UsageError. */
  readonly saveCassette: (file: string) => void;
};

/** Throws nothing that the run threw. */
export async function runIntoFolder(of: Case, options: FolderOptions): Promise<FolderRun> {
  const { wall, version, replay, openFolder } = options;
  const startedEpochMs = wall.epochMs();
  const startedWallMs = wall.nowMs();
  const playback = replay && new Playback(replay.cassette, replay.mode);
  const wanted = options.record ?? (asksTheWorld(of.scenario) && !playsAlone(replay));
  const recording = wanted || replay?.mode === 'refresh' ? new Recording({ version }) : undefined;
  const recorder = new Recorder(options.onSound);
  const failures: unknown[] = [];
  let ending: Ending | undefined;
  let folder: RunFolder | undefined;
  try {
    checkCase(of, { ...options, replay: playback });
    folder = openFolder(startedEpochMs);
    const outcome = await runCase(of, { ...options, replay: playback, recorder, recording, sinks: [folder.sink, ...options.sinks] });
    ending = outcome.ending;
    failures.push(...outcome.sinkErrors);
  } catch (error) {
    failures.push(error);
  }
  const fold = folder?.fold ?? new RunFold();
  // What kept the log from beginning stands nowhere else.
  const ended = ending ?? fold.ended ?? { endedBy: 'error', ...(failures.length > 0 && { reason: reasonOf(failures[0]) }) };
  const wallMs = wall.nowMs() - startedWallMs;
  const tracks = tracksOf(of.scenario, recorder);
  const about = aboutRun({ of, version, startedEpochMs, wallMs, ending: ended, replay });
  const cassette = recording?.cassette();
  const refresh = (keptIn: string | undefined): void => {
    if (!replay || !playback?.grown || !cassette) return;
    if (failures.length === 0 && endedWell(fold)) writeWhole(replay.file, cassetteText(playback.refreshed(cassette)));
    else options.onWarning?.(notRefreshed(replay.file, keptIn));
  };
  return {
    ending: ended,
    folder: folder?.path,
    wallMs,
    fold,
    tracks,
    about,
    failures,
    finish() {
      folder?.finish({ tracks, about, cassette: wanted && cassette ? cassetteText(cassette) : undefined });
      refresh(wanted ? folder?.path : undefined);
    },
    discard() {
      folder?.discard();
      refresh(undefined);
    },
    saveCassette(file) {
      if (wanted && cassette) writeResult(file, cassetteText(cassette), 'choose another folder with --record');
    },
  };
}

/** What others have in common is not touched by a call that went wrong; what it was answered is not lost. */
function notRefreshed(file: string, keptIn: string | undefined): string {
  const kept = keptIn === undefined ? '' : `; what was asked anew is in ${join(keptIn, CASSETTE_FILE)}`;
  return `${file} is left as it was, for this call did not end well${kept}`;
}
