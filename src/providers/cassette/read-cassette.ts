/**
 * Reads the text of a cassette and believes none of it: the format, the number of lines, each fingerprint and each
 * sound are checked before anything is played.
 */
import { UsageError } from '../../base/errors.ts';
import type { Arrival } from '../../clock/arrival.ts';
import type { Sound } from '../../pipeline/live-tts.ts';
import { type ChatAsked, fingerprintOf, soundHash } from './call-request.ts';
import { type AnyPiece, CALL_KINDS, CASSETTE_FORMAT, type Cassette, type CassetteCall, type CassetteHeader } from './cassette.ts';
import { CASSETTE_MARK, isChat, Ordinals, speakerOf, type WrittenCall, type WrittenChat, type WrittenPiece, type WrittenSound, type WrittenSoundLine } from './cassette-text.ts';
import { SOUND_CODEC, unpackSound } from './sound-codec.ts';

type Fault = (message: string, line: number) => UsageError;
type FirstLine = CassetteHeader & { readonly calls: number; readonly sounds: number };

const KINDS: readonly string[] = CALL_KINDS;

/** Throws a UsageError that names the line. `file` is for messages. */
export function readCassette(text: string, file: string): Cassette {
  const fault: Fault = (message, line) => new UsageError({ message, place: { file, line, column: 1 }, hint: 'the file was damaged or edited: take it from where it was kept, or record the call again' });
  const lines = text.split('\n');
  const { calls: callCount, sounds: soundCount, ...header } = firstLine(lines[0] ?? '', file, fault);
  // What follows the last line break is no line.
  const missing = 1 + callCount + soundCount - (lines.length - 1);
  if (missing > 0) throw fault(`the cassette is cut off: ${missing} of ${1 + callCount + soundCount} lines are missing`, lines.length);
  if (missing < 0 || lines.at(-1) !== '') throw fault('the cassette is longer than it says', 1 + callCount + soundCount + 1);
  const sounds = new Map<string, Int16Array>();
  for (let i = 1 + callCount; i < lines.length - 1; i++) readSound(parsed(lines[i] ?? '', i + 1, fault), sounds, (message) => fault(message, i + 1));
  const ordinals = new Ordinals();
  const previous = new Map<string, ChatAsked>();
  const calls = lines.slice(1, 1 + callCount).map((line, i) => readCall(parsed(line, i + 2, fault), { sounds, ordinals, previous, fault: (message) => fault(message, i + 2) }));
  return { header, calls };
}

function firstLine(line: string, file: string, fault: Fault): FirstLine {
  const noCassette = new UsageError(`${file} is no cassette`, 'give a cassette.jsonl, or the folder of a run that has one');
  let first: Record<string, unknown>;
  try {
    first = JSON.parse(line) as Record<string, unknown>;
  } catch {
    throw line.includes(`"${CASSETTE_MARK}"`) ? fault('the first line cannot be read', 1) : noCassette;
  }
  const { [CASSETTE_MARK]: format, ...facts } = Object(first) as Record<string, unknown>;
  if (typeof format !== 'number') throw noCassette;
  if (format > CASSETTE_FORMAT) {
    throw new UsageError(`${file} has cassette format ${format}; this bottalk reads up to ${CASSETTE_FORMAT}`, `update bottalk: the cassette was written by ${String(facts['bottalk'])}`);
  }
  if (format !== CASSETTE_FORMAT) throw new UsageError(`${file} has cassette format ${format}, which this bottalk no longer reads`, 'record the call again');
  const { agents, seed, calls, sounds } = facts;
  if (!Array.isArray(agents) || typeof seed !== 'number' || !Number.isInteger(calls) || !Number.isInteger(sounds)) throw fault('the first line is incomplete', 1);
  return facts as unknown as FirstLine;
}

function parsed(line: string, number: number, fault: Fault): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw fault('this line cannot be read', number);
}

function readSound(line: Record<string, unknown>, sounds: Map<string, Int16Array>, fault: (message: string) => UsageError): void {
  const { sound, codec, samples, data } = line as Partial<WrittenSoundLine>;
  if (typeof sound !== 'string' || typeof samples !== 'number' || typeof data !== 'string') throw fault('this is no sound');
  if (codec !== SOUND_CODEC) throw fault(`this sound is packed as ${String(codec)}, which this bottalk cannot read`);
  let unpacked: Int16Array | undefined;
  try {
    unpacked = unpackSound(Buffer.from(data, 'base64'), samples);
  } catch {
    throw fault('this sound cannot be unpacked');
  }
  if (soundHash(unpacked) !== sound) throw fault('this sound is not the one that was recorded');
  sounds.set(sound, unpacked);
}

type CallContext = {
  readonly sounds: ReadonlyMap<string, Int16Array>;
  readonly ordinals: Ordinals;
  readonly previous: Map<string, ChatAsked>;
  readonly fault: (message: string) => UsageError;
};

function readCall(line: Record<string, unknown>, { sounds, ordinals, previous, fault }: CallContext): CassetteCall {
  const { ordinal, fingerprint, request: written, sound, pieces, ...call } = line as unknown as WrittenCall;
  if (!KINDS.includes(call.kind) || typeof call.agent !== 'string' || typeof written !== 'object' || !Array.isArray(pieces)) throw fault('this is no call');
  const request = 'same' in written ? wholeChat(written, previous.get(speakerOf(call))) : written;
  if (fingerprintOf(request) !== fingerprint) throw fault('the request is not the one that its fingerprint names');
  if (ordinals.next(call, fingerprint) !== ordinal) throw fault('a call before this one is missing');
  if (isChat(request)) previous.set(speakerOf(call), request);
  const samples = sound === undefined ? new Int16Array(0) : sounds.get(sound);
  if (!samples) throw fault('its sound is missing');
  let used = 0;
  const arrivals = pieces.map((entry: Partial<WrittenPiece>): Arrival<AnyPiece> => {
    const [offsetMs, piece] = entry;
    if (typeof offsetMs !== 'number' || typeof piece?.kind !== 'string') throw fault('a piece of the answer cannot be read');
    if (!isWrittenSound(piece)) return { offsetMs, value: piece };
    const length = piece.samples;
    const value: Sound = { ...piece, samples: samples.subarray(used, used + length) };
    used += length;
    return { offsetMs, value };
  });
  if (used !== samples.length) throw fault('its pieces are not as long as its sound');
  return { ...call, request, pieces: arrivals };
}

function isWrittenSound(piece: WrittenPiece[1]): piece is WrittenSound {
  return piece.kind === 'sound';
}

function wholeChat({ same, messages, tools, ...request }: WrittenChat, before: ChatAsked | undefined): ChatAsked {
  return { ...request, tools: tools === 'same' ? (before?.tools ?? []) : tools, messages: [...(before?.messages.slice(0, same) ?? []), ...messages] };
}
