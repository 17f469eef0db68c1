/**
 * The folder that a run leaves behind: events as they happen, and at the end everything that is derived from them,
 * the recording, and run.json, the only file that says anything of the machine. Old folders are cleared away.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encodeWav } from '../audio/wav.ts';
import { UsageError } from '../base/errors.ts';
import { makeFolder } from '../base/make-folder.ts';
import { writeWhole } from '../base/write-whole.ts';
import type { Sink } from '../events/log.ts';
import { RunFold } from '../metrics/run-fold.ts';
import { metricsJson } from '../report/json-report.ts';
import { transcriptText } from '../report/transcript-text.ts';
import { transcriptVtt } from '../report/transcript-vtt.ts';
import { EventFile } from './event-file.ts';

/** How many runs are kept in the runs folder; the oldest go when a new one comes. */
const KEPT_RUNS = 50;
/** How many test runs: each can hold the recordings of many cases. */
const KEPT_TEST_RUNS = 10;
/** What a test run leaves, for other commands to read. */
export const RESULTS_FILE = 'results.json';
/** What the world was asked and answered; only of runs that asked it anything. */
export const CASSETTE_FILE = 'cassette.jsonl';
const EVENTS_FILE = 'events.jsonl';
export const AUDIO_FILE = 'audio.wav';
/** Written by whoever wants one, when everything else is there. */
export const REPORT_FILE = 'report.html';
export const ABOUT_FILE = 'run.json';
const TEXT_FILE = 'transcript.txt';
const CAPTIONS_FILE = 'transcript.vtt';
const METRICS_FILE = 'metrics.json';
const FILES = [EVENTS_FILE, AUDIO_FILE, TEXT_FILE, CAPTIONS_FILE, METRICS_FILE, ABOUT_FILE, CASSETTE_FILE, REPORT_FILE];

export type FinishedRun = {
  readonly tracks: readonly [Int16Array, Int16Array];
  /** What run.json says. */
  readonly about: Readonly<Record<string, unknown>>;
  /** The text of the run's cassette, if it has one. */
  readonly cassette?: string | undefined;
};

export class RunFolder {
  readonly path: string;
  /** Put it among the run's sinks. */
  readonly sink: Sink;
  /** What the sink was shown amounts to, at any time. */
  readonly fold = new RunFold();
  readonly #file: EventFile;

  /** Makes the folder. Throws a UsageError if it cannot be written, or if files of another run would be lost. */
  constructor(path: string) {
    this.path = path;
    if (FILES.some((name) => isFile(join(path, name)))) throw new UsageError(`${path} holds a run already`, 'name another folder with --out');
    this.#file = writing(path, () => {
      makeFolder(path);
      return new EventFile(join(path, EVENTS_FILE));
    });
    this.sink = {
      event: (event) => {
        this.#file.event(event);
        this.fold.event(event);
      },
    };
  }

  /** Leaves nothing behind of a run that nobody will look at. */
  discard(): void {
    // A disk that refused an event has nothing to say about a file that goes.
    try {
      this.#file.close();
    } catch {}
    rmSync(this.path, { recursive: true, force: true });
  }

  /** Writes what the events amount to, the recordings and run.json. Throws a UsageError if the disk refuses. */
  finish({ tracks, about, cassette }: FinishedRun): void {
    const failures: unknown[] = [];
    const attempt = (step: () => void): void => {
      try {
        writing(this.path, step);
      } catch (error) {
        failures.push(error);
      }
    };
    const write = (name: string, content: string | Uint8Array): void => attempt(() => writeFileSync(join(this.path, name), content));
    attempt(() => this.#file.close());
    const { fold } = this;
    write(TEXT_FILE, transcriptText(fold));
    write(CAPTIONS_FILE, transcriptVtt(fold));
    write(METRICS_FILE, metricsJson(fold));
    write(ABOUT_FILE, `${JSON.stringify(about, null, 2)}\n`);
    if (cassette !== undefined) attempt(() => writeWhole(join(this.path, CASSETTE_FILE), cassette));
    // The largest comes last, so that a disk that is nearly full still takes everything else.
    write(AUDIO_FILE, encodeWav(tracks));
    if (failures.length > 0) throw failures[0];
  }
}

/** Makes the folder for a test run. Throws a UsageError if it cannot be made, or if results would be lost. */
export function openSuiteFolder(path: string): string {
  if (isFile(join(path, RESULTS_FILE))) throw new UsageError(`${path} holds results already`, 'name another folder with --out');
  writing(path, () => makeFolder(path));
  return path;
}

/** Writes a file and the folders that it needs, whole or not at all. Throws a UsageError if the disk refuses. */
export function writeResult(path: string, content: string, hint?: string): void {
  const write = (): void => {
    makeFolder(dirname(path));
    writeWhole(path, content);
  };
  writing(path, write, hint);
}

/** Makes a new folder for a run under `root`, named by when and what, and returns its path. */
export function newRunFolder(root: string, { title, startedEpochMs }: { title: string; startedEpochMs: number }): string {
  const when = new Date(startedEpochMs).toISOString().replace(/\..*$/, '').replaceAll(':', '-');
  const what = title.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40) || 'run';
  return writing(root, () => {
    makeFolder(root);
    for (let n = 1; ; n++) {
      const path = join(root, n === 1 ? `${when}-${what}` : `${when}-${what}-${n}`);
      if (makeNew(path)) return path;
    }
  });
}

/** False if there is one already: another run may have begun in the same second. */
function makeNew(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

/** Removes the oldest runs under `root` beyond the number that is kept; whatever is no run is left alone. */
export function clearOldRuns(root: string): void {
  writing(root, () => {
    const found = Map.groupBy(existsSync(root) ? readdirSync(root).sort() : [], (name) => kindOf(root, name));
    const old = [...(found.get('run') ?? []).slice(0, -KEPT_RUNS), ...(found.get('test run') ?? []).slice(0, -KEPT_TEST_RUNS)];
    for (const name of old) rmSync(join(root, name), { recursive: true, force: true });
  });
}

/** What is in a folder named as newRunFolder names them. A run that was killed has its events only, a test run its cases'. */
function kindOf(root: string, name: string): 'run' | 'test run' | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-/.test(name)) return undefined;
  const path = join(root, name);
  if (holds(path, [ABOUT_FILE, EVENTS_FILE])) return 'run';
  return holds(path, [RESULTS_FILE]) || foldersBelow(path).some((folder) => holds(folder, [ABOUT_FILE, EVENTS_FILE])) ? 'test run' : undefined;
}

function holds(folder: string, files: readonly string[]): boolean {
  return files.some((file) => existsSync(join(folder, file)));
}

function foldersBelow(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  } catch {
    // It is a file, or somebody else has just cleared it away.
    return [];
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'no folder can be made there',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a file of that name is in the way',
  EISDIR: 'a folder of that name is in the way',
  ENAMETOOLONG: 'the name is too long',
};

/** What the system refuses is the user's to fix; anything else is not. */
function writing<T>(path: string, work: () => T, hint = 'choose another folder with --out'): T {
  try {
    return work();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    throw new UsageError(`cannot write ${path}: ${REASONS[code] ?? code}`, hint);
  }
}

/** A file that could be overwritten; devices and folders are no files of a run. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
