/** Makes a cassette smaller by calls that nobody asks for any more. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../base/errors.ts';
import { writeWhole } from '../base/write-whole.ts';
import { openCassette } from '../compose/open-cassette.ts';
import { fingerprintOf } from '../providers/cassette/call-request.ts';
import type { CassetteCall } from '../providers/cassette/cassette.ts';
import { cassetteText, Ordinals } from '../providers/cassette/cassette-text.ts';
import { durationSeconds } from '../scenarios/duration.ts';

export type TrimOptions = { readonly run?: string; readonly until?: string; readonly out?: string };

/** Says what it did. Throws a UsageError where nothing would be left, or a file cannot be written. */
export async function trimCassette(path: string, { run, until, out }: TrimOptions): Promise<string> {
  const { file, cassette, bytes } = await openCassette(path);
  const target = out === undefined || isSame(out, file) ? file : newFile(out);
  const { calls } = cassette;
  const untilMs = until === undefined ? Number.POSITIVE_INFINITY : durationSeconds(until) * 1000;
  const used = run === undefined ? undefined : new Set(numbered((await openCassette(run)).cassette.calls).map(({ name }) => name));
  const kept = numbered(calls).flatMap(({ call, name }) => (call.atMs < untilMs && (used ? used.has(name) : !call.unused) ? [call] : []));
  if (kept.length === 0) throw new UsageError(`nothing of ${file} would be left`, 'choose another run, or a later moment');
  const dropped = calls.length - kept.length;
  if (dropped === 0 && target === file) return `${file}: all ${calls.length} calls are in use, nothing was changed\n`;
  const text = cassetteText({ ...cassette, calls: kept.map(({ unused: _unused, ...call }) => call) });
  writeWhole(target, text);
  return `${target}: ${kept.length} calls kept, ${dropped} dropped, ${Math.ceil(bytes / 1000)} kB became ${Math.ceil(statSync(target).size / 1000)} kB\n`;
}

function isSame(path: string, file: string): boolean {
  return existsSync(path) && realpathSync(path) === realpathSync(file);
}

/** Throws a UsageError where something is there already: only what is trimmed is ever replaced. */
function newFile(path: string): string {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory()) throw new UsageError(`--out: ${path} is a folder`, `name a file, such as ${join(path, 'trimmed.jsonl')}`);
  if (there) throw new UsageError(`--out: ${path} exists already`, 'name another file, or remove that one first');
  return path;
}

/** Calls with the names that replays find them by: who asked what for the how-manieth time. */
function numbered(calls: readonly CassetteCall[]): readonly { readonly call: CassetteCall; readonly name: string }[] {
  const ordinals = new Ordinals();
  return calls.map((call) => {
    const fingerprint = fingerprintOf(call.request);
    return { call, name: JSON.stringify([call.kind, call.agent, fingerprint, ordinals.next(call, fingerprint)]) };
  });
}
