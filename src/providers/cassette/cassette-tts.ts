/**
 * A voice that is a recording. `strict` says only what was said before, in the same sentences; `timing` looks for the
 * text first and else takes the n-th recorded speech for the n-th. Opens no connection and needs no key.
 */
import { MismatchError } from '../../base/errors.ts';
import type { Arrival } from '../../clock/arrival.ts';
import type { Clock } from '../../clock/clock.ts';
import type { LivePiece } from '../../clock/live-answer.ts';
import type { LiveTts, LiveTtsContext, Sound } from '../../pipeline/live-tts.ts';
import type { TtsRequest } from '../../pipeline/tts.ts';
import { orderedJson, type SpeechAsked } from './call-request.ts';
import type { CassetteCall } from './cassette.ts';
import { speechMismatch } from './mismatch.ts';
import { endOf, isWhole, playedAnswer } from './played-answer.ts';
import type { Shelf } from './shelf.ts';

export type CassetteTtsOptions = {
  readonly clock: Clock;
  readonly mode: 'strict' | 'timing';
  readonly agent: string;
  readonly facts: { readonly provider: string; readonly model: string };
  readonly shelf: Shelf;
  readonly onWarning: (message: string) => void;
};

type SpeechPiece = LivePiece<Sound>;

/** Holds a place in time: nobody hears it. */
export const NO_SOUND: Sound = { kind: 'sound', samples: new Int16Array(0), words: [] };

export class CassetteTts implements LiveTts {
  readonly name: string;
  readonly model: string;
  readonly #options: CassetteTtsOptions;

  constructor(options: CassetteTtsOptions) {
    this.#options = options;
    this.name = options.facts.provider;
    this.model = options.facts.model;
  }

  async prepare(): Promise<void> {}

  open(request: TtsRequest, signal: AbortSignal): LiveTtsContext {
    return new CassetteSpeech(this.#options, request, signal);
  }

  async close(): Promise<void> {}
}

/** Which recording it is is known by its first sentence; the others have to agree. */
class CassetteSpeech implements LiveTtsContext {
  readonly #options: CassetteTtsOptions;
  readonly #request: TtsRequest;
  readonly #signal: AbortSignal;
  readonly #sentences: string[] = [];
  readonly #answer = Promise.withResolvers<AsyncIterable<Arrival<SpeechPiece>>>();
  #call: CassetteCall | undefined;

  constructor(options: CassetteTtsOptions, request: TtsRequest, signal: AbortSignal) {
    this.#options = options;
    this.#request = request;
    this.#signal = signal;
  }

  /** Throws a MismatchError. */
  send(sentence: string): void {
    this.#sentences.push(sentence);
    if (this.#options.mode === 'timing') {
      if (!this.#call) this.#goOn(this.#choose(sentence));
    } else if (!this.#call) {
      this.#play(this.#find(sentence));
    } else if (this.#recorded?.[this.#sentences.length - 1] !== sentence) {
      throw this.#mismatch(this.#call);
    }
  }

  end(): void {
    if (this.#options.mode === 'strict' && this.#call && (this.#recorded?.length ?? 0) > this.#sentences.length) throw this.#mismatch(this.#call);
  }

  async *arrivals(): AsyncGenerator<Arrival<SpeechPiece>> {
    // The first sentence is sent in the same moment in which the context is opened.
    yield* await this.#answer.promise;
  }

  get #recorded(): readonly string[] | undefined {
    return this.#call && speechAsked(this.#call).sentences;
  }

  #find(sentence: string): CassetteCall {
    const { shelf } = this.#options;
    const { sentences: _, ...facts } = this.#asked();
    const expected = shelf.expected;
    const call = shelf.takeFirst((candidate) => {
      const { sentences, ...recorded } = speechAsked(candidate);
      return sentences[0] === sentence && orderedJson(recorded) === orderedJson(facts);
    });
    if (!call) throw this.#mismatch(expected);
    return call;
  }

  #choose(sentence: string): CassetteCall {
    const { shelf } = this.#options;
    const call = shelf.takeFirst((candidate) => speechAsked(candidate).sentences[0] === sentence) ?? shelf.takeNext();
    if (!call) throw this.#mismatch(undefined);
    return call;
  }

  #play(call: CassetteCall): void {
    const { clock, agent } = this.#options;
    const onOverdue = (): void => {
      throw new MismatchError(`${agent}'s voice is listened to for longer than it was recorded: the recorded speech was given up`);
    };
    this.#call = call;
    this.#answer.resolve(playedAnswer<Sound>(call, { clock, signal: this.#signal, onOverdue }));
  }

  #goOn(call: CassetteCall): void {
    this.#call = call;
    this.#answer.resolve(this.#untilItsEnd(call));
  }

  async *#untilItsEnd(call: CassetteCall): AsyncGenerator<Arrival<SpeechPiece>> {
    for (const { offsetMs, value } of call.pieces) yield { offsetMs, value: value as SpeechPiece };
    if (isWhole(call)) return;
    yield { offsetMs: endOf(call), value: NO_SOUND };
    // Whoever gave it up as in the recording never comes here.
    this.#options.onWarning(`${this.#options.agent}'s speech ends where it was given up in the recording`);
    yield { offsetMs: endOf(call), value: { kind: 'ended' } };
  }

  #asked(): SpeechAsked {
    return { ...this.#options.facts, voice: this.#request.voice, sentences: this.#sentences };
  }

  #mismatch(recorded: CassetteCall | undefined): MismatchError {
    return speechMismatch(this.#options.agent, this.#asked(), recorded && speechAsked(recorded));
  }
}

export function speechAsked({ request }: CassetteCall): SpeechAsked {
  return request as SpeechAsked;
}
