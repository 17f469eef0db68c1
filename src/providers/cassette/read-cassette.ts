/**
 * Reads the text of a cassette and believes none of it: the format, the number of lines, each fingerprint and each
 * sound are checked before anything is played.
 */
import { type Mistake, UsageError } from '../../base/errors.ts';
import type { Arrival } from '../../clock/arrival.ts';
import type { Sound } from '../../pipeline/live-tts.ts';
import { type ChatAsked, fingerprintOf, soundHash } from './call-request.ts';
import { type AnyPiece, CALL_KINDS, CASSETTE_FORMAT, type Cassette, type CassetteCall, type CassetteHeader } from './cassette.ts';
import {
  CASSETTE_MARK,
  Ordinals,
  speakerOf,
  type WrittenCall,
  type WrittenChat,
  type WrittenPiece,
  type WrittenSound,
  type WrittenSoundLine,
} from './cassette-text.ts';
import { SOUND_CODEC, unpackSound } from './sound-codec.ts';

type FirstLine = CassetteHeader & { readonly calls: number; readonly sounds: number };

const KINDS: readonly string[] = CALL_KINDS;
const HINT = 'the file was damaged or edited: take it from where it was kept, or record the call again';

/** What the first line says, without a look at the others. Throws a UsageError where it says nothing. */
export function readCassetteHeader(text: string, file: string): CassetteHeader {
  try {
    const { calls: _calls, sounds: _sounds, ...header } = firstLine(text.slice(0, text.indexOf('\n') + 1 || undefined), file);
    return header;
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    throw new UsageError({ message: error.message, place: { file, line: 1, column: 1 }, hint: HINT });
  }
}

/** Why a line cannot be taken. */
class Broken extends Error {}

/**
 * Throws a UsageError that names every broken sound, and the first broken call: those after it may say nothing without
 * it. `file` is for messages.
 */
export function readCassette(text: string, file: string): Cassette {
  const mistakes: Mistake[] = [];
  const fault = (message: string, line: number): void => void mistakes.push({ message, place: { file, line, column: 1 }, hint: HINT });
  const attempt = <T>(line: number, read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      fault(error.message, line);
      return undefined;
    }
  };
  const lines = text.split('\n');
  const first = attempt(1, () => firstLine(lines[0] ?? '', file));
  if (!first) throw new UsageError(mistakes);
  const { calls: callCount, sounds: soundCount, ...header } = first;
  const expected = 1 + callCount + soundCount;
  // What follows the last line break is no line.
  const missing = expected - (lines.length - 1);
  if (missing > 0) throw new UsageError({ message: `the cassette is cut off: ${missing} of ${expected} lines are missing`, place: { file, line: lines.length, column: 1 }, hint: HINT });
  if (missing < 0 || lines.at(-1) !== '') fault('the cassette is longer than it says', expected + 1);
  const sounds = new Map<string, Int16Array | undefined>();
  for (let i = 1 + callCount; i < expected; i++) attempt(i + 1, () => readSound(parsed(lines[i] ?? ''), sounds));
  const calls: CassetteCall[] = [];
  const context: CallContext = { sounds, ordinals: new Ordinals(), previous: new Map() };
  for (let i = 1; i <= callCount; i++) {
    const call = attempt(i + 1, () => readCall(parsed(lines[i] ?? ''), context));
    if (!call) break;
    calls.push(call);
  }
  if (mistakes.length > 0) throw new UsageError(mistakes.toSorted((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0)));
  return { header, calls };
}

function firstLine(line: string, file: string): FirstLine {
  const noCassette = new UsageError(`${file} is no cassette`, 'give a cassette.jsonl, or the folder of a run that has one');
  let first: Record<string, unknown>;
  try {
    first = parsed(line);
  } catch {
    throw line.includes(`"${CASSETTE_MARK}"`) ? new Broken('the first line cannot be read') : noCassette;
  }
  const { [CASSETTE_MARK]: format, ...facts } = first;
  if (typeof format !== 'number') throw noCassette;
  if (format > CASSETTE_FORMAT) {
    throw new UsageError(`${file} has cassette format ${format}; this bottalk reads up to ${CASSETTE_FORMAT}`, `update bottalk: the cassette was written by ${String(facts['bottalk'])}`);
  }
  if (format !== CASSETTE_FORMAT) throw new UsageError(`${file} has cassette format ${format}, which this bottalk no longer reads`, 'record the call again');
  const { agents, seed, variables = {}, maxTurns = 1, calls, sounds } = facts;
  if (!Array.isArray(agents) || !isTexts(variables) || !isCount(maxTurns) || typeof seed !== 'number' || !isCount(calls) || !isCount(sounds)) throw new Broken('the first line is incomplete');
  return facts as unknown as FirstLine;
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

function isTexts(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');
}

function parsed(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new Broken('this line cannot be read');
}

/** A sound that is broken is known by its name all the same, so that the calls that have it are not blamed as well. */
function readSound(line: Record<string, unknown>, sounds: Map<string, Int16Array | undefined>): void {
  const { sound, codec, samples, data } = line as Partial<WrittenSoundLine>;
  if (typeof sound !== 'string' || !isCount(samples) || typeof data !== 'string') throw new Broken('this is no sound');
  sounds.set(sound, undefined);
  if (codec !== SOUND_CODEC) throw new Broken(`this sound is packed as ${String(codec)}, which this bottalk cannot read`);
  let unpacked: Int16Array;
  try {
    unpacked = unpackSound(Buffer.from(data, 'base64'), samples);
  } catch {
    throw new Broken('this sound cannot be unpacked');
  }
  if (soundHash(unpacked) !== sound) throw new Broken('this sound is not the one that was recorded');
  sounds.set(sound, unpacked);
}

type CallContext = {
  /** Undefined for a sound that is broken. */
  readonly sounds: ReadonlyMap<string, Int16Array | undefined>;
  readonly ordinals: Ordinals;
  readonly previous: Map<string, ChatAsked>;
};

function readCall(line: Record<string, unknown>, { sounds, ordinals, previous }: CallContext): CassetteCall {
  const { ordinal, fingerprint, request: written, sound, pieces, ...call } = line as unknown as WrittenCall;
  if (!KINDS.includes(call.kind) || typeof call.agent !== 'string' || typeof written !== 'object' || !Array.isArray(pieces)) throw new Broken('this is no call');
  const request = 'same' in written ? wholeChat(written, previous.get(speakerOf(call))) : written;
  if (fingerprintOf(request) !== fingerprint) throw new Broken('the request is not the one that its fingerprint names');
  if (ordinals.next(call, fingerprint) !== ordinal) throw new Broken('a call before this one is missing');
  if ('messages' in request) previous.set(speakerOf(call), request);
  if (sound !== undefined && !sounds.has(sound)) throw new Broken('its sound is missing');
  return { ...call, request, pieces: readPieces(pieces, sound === undefined ? new Int16Array(0) : sounds.get(sound)) };
}

/** `sound` is undefined where it is broken, which was said elsewhere. */
function readPieces(pieces: readonly Partial<WrittenPiece>[], sound: Int16Array | undefined): Arrival<AnyPiece>[] {
  let used = 0;
  const arrivals = pieces.map(([offsetMs, piece]): Arrival<AnyPiece> => {
    if (typeof offsetMs !== 'number' || typeof piece?.kind !== 'string') throw new Broken('a piece of the answer cannot be read');
    if (!isWrittenSound(piece)) return { offsetMs, value: piece };
    const length = piece.samples;
    const value: Sound = { ...piece, samples: (sound ?? new Int16Array(0)).subarray(used, used + length) };
    used += length;
    return { offsetMs, value };
  });
  if (sound && used !== sound.length) throw new Broken('its pieces are not as long as its sound');
  return arrivals;
}

function isWrittenSound(piece: WrittenPiece[1]): piece is WrittenSound {
  return piece.kind === 'sound';
}

function wholeChat({ same, messages, tools, ...request }: WrittenChat, before: ChatAsked | undefined): ChatAsked {
  return { ...request, tools: tools === 'same' ? (before?.tools ?? []) : tools, messages: [...(before?.messages.slice(0, same) ?? []), ...messages] };
}
