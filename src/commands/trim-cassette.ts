/** Makes a cassette smaller by calls that nobody asks for any more. */
import { statSync } from 'node:fs';
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
  const { calls } = cassette;
  const untilMs = until === undefined ? Number.POSITIVE_INFINITY : durationSeconds(until) * 1000;
  const used = run === undefined ? undefined : new Set(numbered((await openCassette(run)).cassette.calls).map(({ name }) => name));
  const kept = numbered(calls).flatMap(({ call, name }) => (call.atMs < untilMs && (used ? used.has(name) : !call.unused) ? [call] : []));
  if (kept.length === 0) throw new UsageError(`nothing of ${file} would be left`, 'choose another run, or a later moment');
  const target = out ?? file;
  const dropped = calls.length - kept.length;
  if (dropped === 0 && out === undefined) return `${file}: all ${calls.length} calls are in use, nothing was changed\n`;
  const text = cassetteText({ ...cassette, calls: kept.map(({ unused: _unused, ...call }) => call) });
  writeWhole(target, text);
  return `${target}: ${kept.length} calls kept, ${dropped} dropped, ${Math.ceil(bytes / 1000)} kB became ${Math.ceil(statSync(target).size / 1000)} kB\n`;
}

/** Calls with the names that replays find them by: who asked what for the how-manieth time. */
function numbered(calls: readonly CassetteCall[]): readonly { readonly call: CassetteCall; readonly name: string }[] {
  const ordinals = new Ordinals();
  return calls.map((call) => {
    const fingerprint = fingerprintOf(call.request);
    return { call, name: JSON.stringify([call.kind, call.agent, fingerprint, ordinals.next(call, fingerprint)]) };
  });
}
