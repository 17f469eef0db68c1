/**
 * A cassette as the text of a file: a line of facts, a line for each call, and behind them the sounds, each once and
 * named by its hash. Made to be read, compared and kept in a repository; what repeats the call before is left out.
 */
import type { Sound } from '../../pipeline/live-tts.ts';
import { type AskedMessage, type CallRequest, type ChatAsked, fingerprintOf, orderedJson, soundHash } from './call-request.ts';
import { type AnyPiece, CASSETTE_FORMAT, type Cassette, type CassetteCall } from './cassette.ts';
import { packSound, SOUND_CODEC } from './sound-codec.ts';

/** The first line says so; whatever else it holds may depend on the format. */
export const CASSETTE_MARK = 'bottalkCassette';

/** A conversation grows by a message or two from one request to the next; `same` messages are those of the one before. */
export type WrittenChat = Omit<ChatAsked, 'tools'> & { readonly tools: ChatAsked['tools'] | 'same'; readonly same: number };
/** Its samples lie one after the other in the sound of its call. */
export type WrittenSound = Omit<Sound, 'samples'> & { readonly samples: number };
export type WrittenPiece = readonly [offsetMs: number, piece: Exclude<AnyPiece, Sound> | WrittenSound];

export type WrittenCall = Omit<CassetteCall, 'request' | 'pieces'> & {
  readonly ordinal: number;
  readonly fingerprint: string;
  readonly request: WrittenChat | Exclude<CallRequest, ChatAsked>;
  readonly sound?: string;
  readonly pieces: readonly WrittenPiece[];
};

export type WrittenSoundLine = { readonly sound: string; readonly codec: string; readonly samples: number; readonly data: string };

export function cassetteText({ header, calls }: Cassette): string {
  const sounds = new Map<string, Int16Array>();
  const ordinals = new Ordinals();
  const previous = new Map<string, ChatAsked>();
  const lines = calls.map((call) => {
    const { kind, agent, atMs, request, pieces, givenUpMs, unused } = call;
    const fingerprint = fingerprintOf(request);
    const samples = soundOf(pieces.map(({ value }) => value));
    const sound = samples.length > 0 ? soundHash(samples) : undefined;
    if (sound !== undefined) sounds.set(sound, samples);
    const written: WrittenCall = {
      kind,
      agent,
      ordinal: ordinals.next(call, fingerprint),
      fingerprint,
      atMs,
      ...(unused && { unused }),
      request: isChat(request) ? shortened(request, previous.get(speakerOf(call))) : request,
      ...(sound !== undefined && { sound }),
      pieces: pieces.map(({ offsetMs, value }) => [offsetMs, withoutSamples(value)]),
      ...(givenUpMs !== undefined && { givenUpMs }),
    };
    if (isChat(request)) previous.set(speakerOf(call), request);
    return written;
  });
  const soundLines = [...sounds].map(([sound, samples]): WrittenSoundLine => {
    return { sound, codec: SOUND_CODEC, samples: samples.length, data: packSound(samples).toString('base64') };
  });
  const first = { [CASSETTE_MARK]: CASSETTE_FORMAT, ...header, calls: lines.length, sounds: soundLines.length };
  return [first, ...lines, ...soundLines].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Counts how often each agent has asked each thing, from 1. */
export class Ordinals {
  readonly #counts = new Map<string, number>();

  next({ kind, agent }: Pick<CassetteCall, 'kind' | 'agent'>, fingerprint: string): number {
    const key = JSON.stringify([kind, agent, fingerprint]);
    const ordinal = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, ordinal);
    return ordinal;
  }
}

/** Whose conversation a call belongs to. */
export function speakerOf({ kind, agent }: Pick<CassetteCall, 'kind' | 'agent'>): string {
  return `${kind} ${agent}`;
}

function isChat(request: object): request is ChatAsked {
  return 'messages' in request;
}

export function isSound(piece: AnyPiece): piece is Sound {
  return piece.kind === 'sound';
}

/** All that a call sounded like, in one. */
export function soundOf(pieces: readonly AnyPiece[]): Int16Array {
  const parts = pieces.filter(isSound).map(({ samples }) => samples);
  const whole = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function withoutSamples(piece: AnyPiece): WrittenPiece[1] {
  return isSound(piece) ? { ...piece, samples: piece.samples.length } : (piece as Exclude<AnyPiece, Sound>);
}

function shortened({ messages, tools, ...request }: ChatAsked, before: ChatAsked | undefined): WrittenChat {
  const same = before ? sameMessages(messages, before.messages) : 0;
  return { ...request, tools: before && orderedJson(tools) === orderedJson(before.tools) ? 'same' : tools, same, messages: messages.slice(same) };
}

/** How many messages both begin with. */
export function sameMessages(some: readonly AskedMessage[], others: readonly AskedMessage[]): number {
  const at = some.findIndex((message, i) => orderedJson(message) !== orderedJson(others[i]));
  return at === -1 ? some.length : at;
}
