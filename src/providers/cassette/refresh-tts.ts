/**
 * A voice that speaks from a recording what it has spoken before, found by voice and text, and has the world speak the
 * rest. Sentences come one by one, so a recording may turn out to be another one in the middle: then it is heard as far
 * as its words agree, and nothing is said twice. Its pieces are charged by the wall.
 */
import type { Arrival } from '../../clock/arrival.ts';
import { type Clock, wholeMicroseconds } from '../../clock/clock.ts';
import type { LivePiece } from '../../clock/live-answer.ts';
import type { LiveTts, LiveTtsContext, Sound } from '../../pipeline/live-tts.ts';
import type { TtsRequest } from '../../pipeline/tts.ts';
import type { CassetteCall } from './cassette.ts';
import { isSound } from './cassette-text.ts';
import { NO_SOUND, speechAsked } from './cassette-tts.ts';
import { endOf, isWhole } from './played-answer.ts';
import type { Shelf } from './shelf.ts';

export type RefreshTtsOptions = {
  readonly clock: Clock;
  readonly shelf: Shelf;
  readonly live: LiveTts;
  /** Called whenever the world is asked. */
  readonly onLive: () => void;
};

type SpeechPiece = LivePiece<Sound>;

export class RefreshTts implements LiveTts {
  readonly name: string;
  readonly model: string;
  readonly #options: RefreshTtsOptions;

  constructor(options: RefreshTtsOptions) {
    this.#options = options;
    this.name = options.live.name;
    this.model = options.live.model;
  }

  /** What may never be asked for is not connected to. */
  async prepare(): Promise<void> {}

  open(request: TtsRequest, signal: AbortSignal): LiveTtsContext {
    return new RefreshSpeech(this.#options, request, signal);
  }

  close(): Promise<void> {
    return this.#options.live.close();
  }
}

class RefreshSpeech implements LiveTtsContext {
  readonly #options: RefreshTtsOptions;
  readonly #request: TtsRequest;
  readonly #signal: AbortSignal;
  readonly #openedMs: number;
  readonly #sentences: string[] = [];
  #call: CassetteCall | undefined;
  /** How many sentences are those of the recording. */
  #matched = 0;
  #live: { readonly context: LiveTtsContext; readonly fromMs: number } | undefined;
  #ended = false;
  #news = Promise.withResolvers<void>();

  constructor(options: RefreshTtsOptions, request: TtsRequest, signal: AbortSignal) {
    this.#options = options;
    this.#request = request;
    this.#signal = signal;
    this.#openedMs = options.clock.nowMs();
  }

  send(sentence: string): void {
    this.#sentences.push(sentence);
    if (this.#live) return this.#live.context.send(sentence);
    if (this.#sentences.length === 1) this.#call = this.#find(sentence);
    if (this.#call && speechAsked(this.#call).sentences[this.#sentences.length - 1] === sentence) this.#matched += 1;
    else this.#goLive(sentence);
    this.#tell();
  }

  end(): void {
    this.#ended = true;
    this.#live?.context.end();
    this.#tell();
  }

  async *arrivals(): AsyncGenerator<Arrival<SpeechPiece>> {
    if (this.#sentences.length === 0) await this.#news.promise;
    const over = this.#call ? yield* this.#recorded(this.#call) : false;
    if (over || !this.#live) return;
    const { context, fromMs } = this.#live;
    for await (const { offsetMs, value } of context.arrivals()) yield { offsetMs: fromMs + offsetMs, value };
  }

  /** What the recording has of the text that is asked for; true if that was all. */
  async *#recorded(call: CassetteCall): AsyncGenerator<Arrival<SpeechPiece>, boolean> {
    let spoken = 0;
    let cut = false;
    for (const { offsetMs, value } of call.pieces) {
      const piece = value as SpeechPiece;
      if (!isSound(piece)) {
        if (piece.kind === 'ended') break;
        yield { offsetMs, value: piece };
        continue;
      }
      let rest = piece;
      while (!cut && !this.#allMatched && this.#beyond(rest, spoken)) {
        const [wanted, others] = splitAfter(rest, this.#wordsMatched - spoken);
        if (wanted.words.length > 0) yield { offsetMs, value: wanted };
        spoken += wanted.words.length;
        rest = others;
        if (this.#live || this.#ended) cut = true;
        else await this.#nextNews();
      }
      if (cut) break;
      spoken += rest.words.length;
      yield { offsetMs, value: rest };
    }
    if (!cut && !isWhole(call)) {
      yield { offsetMs: endOf(call), value: NO_SOUND };
      // Whoever gave it up as in the recording never comes here.
      if (!this.#live && this.#unspoken !== '') this.#goLive();
    }
    while (!this.#live && !this.#ended) await this.#nextNews();
    if (this.#live) return false;
    yield { offsetMs: Math.max(this.#sinceMs, call.pieces.at(-1)?.offsetMs ?? 0), value: { kind: 'ended' } };
    return true;
  }

  get #allMatched(): boolean {
    return this.#call !== undefined && this.#matched === speechAsked(this.#call).sentences.length;
  }

  get #wordsMatched(): number {
    return wordsOf(this.#sentences.slice(0, this.#matched)).length;
  }

  /** Whether a piece of sound may belong to words that nobody asked for; one without words may begin the next. */
  #beyond({ words }: Sound, spoken: number): boolean {
    return spoken + Math.max(1, words.length) > this.#wordsMatched;
  }

  /** What was asked for, agrees with the recording, and is not in it, because it was given up. */
  get #unspoken(): string {
    const recorded = this.#call?.pieces.reduce((sum, { value }) => sum + (isSound(value) ? value.words.length : 0), 0) ?? 0;
    return wordsOf(this.#sentences.slice(0, this.#matched)).slice(recorded).join(' ');
  }

  get #sinceMs(): number {
    return wholeMicroseconds(this.#options.clock.nowMs() - this.#openedMs);
  }

  #find(sentence: string): CassetteCall | undefined {
    const { shelf, live } = this.#options;
    const fits = (call: CassetteCall): boolean => {
      const { provider, model, voice, sentences } = speechAsked(call);
      return sentences[0] === sentence && provider === live.name && model === live.model && voice === this.#request.voice;
    };
    return shelf.takeFirst(fits) ?? shelf.find((call) => fits(call) && call.pieces.at(-1)?.value.kind === 'ended');
  }

  /** Has the world speak from here on, beginning with what the recording breaks off before. */
  #goLive(sentence?: string): void {
    const { live, onLive } = this.#options;
    const unspoken = this.#unspoken;
    onLive();
    const context = live.open(this.#request, this.#signal);
    this.#live = { context, fromMs: this.#sinceMs };
    for (const text of [unspoken, sentence]) if (text) context.send(text);
    if (this.#ended) context.end();
  }

  #tell(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  #nextNews(): Promise<void> {
    return this.#news.promise;
  }
}

function wordsOf(sentences: readonly string[]): string[] {
  return sentences.join(' ').split(/\s+/).filter(Boolean);
}

/** The first words of a piece with their sound, and all that follows. */
function splitAfter({ kind, samples, words }: Sound, count: number): readonly [Sound, Sound] {
  const first = words.slice(0, Math.max(0, count));
  const at = first.at(-1)?.endSample ?? 0;
  const others = words.slice(first.length).map(({ text, startSample, endSample }) => ({ text, startSample: startSample - at, endSample: endSample - at }));
  return [{ kind, samples: samples.subarray(0, at), words: first }, { kind, samples: samples.subarray(at), words: others }];
}
