/**
 * What runs left in their folders, for the page and for whoever follows a link: a few files by name and nothing else. A
 * name that is no name of a run, or that leads out of the folder of runs, is as one that is not there.
 */
import { createReadStream, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { isMapping } from '../base/read-json.ts';
import { AUDIO_FILE, REPORT_FILE } from '../run/run-folder.ts';
import type { ListedRun } from '../web/parts/live-messages.ts';

const TYPES: Readonly<Record<string, string>> = {
  [REPORT_FILE]: 'text/html; charset=utf-8',
  [AUDIO_FILE]: 'audio/wav',
  'events.jsonl': 'text/plain; charset=utf-8',
  'metrics.json': 'application/json',
  'run.json': 'application/json',
  'transcript.txt': 'text/plain; charset=utf-8',
  'transcript.vtt': 'text/vtt; charset=utf-8',
};

const RUN_NAME = /^[A-Za-z0-9][\w.-]*$/;
/** In the list; there are hardly ever more. */
const MOST_LISTED = 50;

/** A file as HTTP gives it: whole, or the part that was asked for. */
export type RunFile = { readonly type: string; readonly sizeBytes: number; readonly range: Range | undefined; readonly stream: Readable };
/** Both ends are part of it. */
export type Range = { readonly start: number; readonly end: number };

/** Undefined if there is none. `range` is the request's header; one that cannot be read is overlooked. */
export function openRunFile(runsFolder: string, { run, file, range: wanted }: { run: string; file: string; range: string | undefined }): RunFile | undefined {
  const type = Object.hasOwn(TYPES, file) ? TYPES[file] : undefined;
  if (type === undefined || !RUN_NAME.test(run)) return undefined;
  try {
    const path = realpathSync(join(runsFolder, run, file));
    if (!path.startsWith(`${realpathSync(runsFolder)}${sep}`)) return undefined;
    const { size } = statSync(path);
    const range = readRange(wanted, size);
    return { type, sizeBytes: size, range, stream: createReadStream(path, range ?? {}) };
  } catch {
    // It is not there, or not any more.
    return undefined;
  }
}

/** Of all that ended, newest first. */
export function listRuns(runsFolder: string): readonly ListedRun[] {
  let names: string[];
  try {
    names = readdirSync(runsFolder);
  } catch {
    return [];
  }
  // Names begin with the time of day.
  const ended = names.filter((name) => RUN_NAME.test(name)).toSorted().toReversed();
  return ended.flatMap((name) => readRun(runsFolder, name) ?? []).slice(0, MOST_LISTED);
}

function readRun(runsFolder: string, id: string): ListedRun | undefined {
  try {
    const about: unknown = JSON.parse(readFileSync(join(runsFolder, id, 'run.json'), 'utf8'));
    if (!isMapping(about)) return undefined;
    const { title, started_at: startedAt, ended_by: endedBy } = about;
    const hasReport = statSync(join(runsFolder, id, REPORT_FILE), { throwIfNoEntry: false })?.isFile() ?? false;
    return { id, title: String(title), startedAt: String(startedAt), endedBy: String(endedBy), report: hasReport ? `/runs/${id}/${REPORT_FILE}` : null };
  } catch {
    return undefined;
  }
}

/** A single range, for players that seek; several at once are asked for by nobody. */
function readRange(header: string | undefined, size: number): Range | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if ((from === '' && to === '') || size === 0) return undefined;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return start <= end ? { start, end } : undefined;
}
