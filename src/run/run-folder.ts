/**
 * The folder that a run leaves behind: events as they happen, and at the end everything that is derived from them,
 * the recording, and run.json, the only file that says anything of the machine. Old folders are cleared away.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeWav } from '../audio/wav.ts';
import { UsageError } from '../base/errors.ts';
import type { BottalkEvent } from '../events/event.ts';
import type { Sink } from '../events/log.ts';
import { foldAll } from '../metrics/run-fold.ts';
import { metricsJson } from '../report/json-report.ts';
import { transcriptText } from '../report/transcript-text.ts';
import { transcriptVtt } from '../report/transcript-vtt.ts';
import { EventFile } from './event-file.ts';

/** How many runs are kept in the runs folder; the oldest go when a new one comes. */
const KEPT_RUNS = 50;
/** By this file a folder is known as a run's, and may be cleared away. */
const RUN_FILE = 'run.json';
const EVENTS_FILE = 'events.jsonl';
export const AUDIO_FILE = 'audio.wav';

export class RunFolder {
  readonly path: string;
  /** Put it among the run's sinks. */
  readonly sink: Sink;
  readonly #events: BottalkEvent[] = [];
  readonly #file: EventFile;

  /** Makes the folder. Throws a UsageError if it cannot be written. */
  constructor(path: string) {
    this.path = path;
    this.#file = writing(path, () => {
      mkdirSync(path, { recursive: true });
      return new EventFile(join(path, EVENTS_FILE));
    });
    this.sink = {
      event: (event) => {
        this.#events.push(event);
        this.#file.event(event);
      },
    };
  }

  /** Writes what the events amount to, the recording and run.json. Throws a UsageError if the disk refuses. */
  finish({ tracks, about }: { tracks?: readonly [Int16Array, Int16Array] | undefined; about: Readonly<Record<string, unknown>> }): void {
    const fold = foldAll(this.#events);
    writing(this.path, () => {
      this.#file.close();
      if (tracks) writeFileSync(join(this.path, AUDIO_FILE), encodeWav(tracks));
      writeFileSync(join(this.path, 'transcript.txt'), transcriptText(fold));
      writeFileSync(join(this.path, 'transcript.vtt'), transcriptVtt(fold));
      writeFileSync(join(this.path, 'metrics.json'), metricsJson(fold));
      writeFileSync(join(this.path, RUN_FILE), `${JSON.stringify(about, null, 2)}\n`);
    });
  }
}

/** A new folder for a run under `root`, named by when and what. */
export function newRunPath(root: string, { title, startedEpochMs }: { title: string; startedEpochMs: number }): string {
  const when = new Date(startedEpochMs).toISOString().replace(/\..*$/, '').replaceAll(':', '-');
  const what = title.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40) || 'run';
  let path = join(root, `${when}-${what}`);
  for (let n = 2; existsSync(path); n++) path = join(root, `${when}-${what}-${n}`);
  return path;
}

/** Removes the oldest runs under `root` beyond the number that is kept; whatever is no run is left alone. */
export function clearOldRuns(root: string): void {
  const runs = existsSync(root) ? readdirSync(root).filter((name) => existsSync(join(root, name, RUN_FILE))).sort() : [];
  for (const name of runs.slice(0, Math.max(0, runs.length - KEPT_RUNS))) rmSync(join(root, name), { recursive: true, force: true });
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a file of that name is in the way',
  EISDIR: 'a folder of that name is in the way',
};

function writing<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const reason = REASONS[(error as NodeJS.ErrnoException).code ?? ''];
    if (reason === undefined) throw error;
    throw new UsageError(`cannot write ${path}: ${reason}`, 'choose another folder with --out');
  }
}
