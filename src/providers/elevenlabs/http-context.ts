/** One reply spoken sentence by sentence, each asked for when the one before it has arrived. */
import { invariant, ProviderError } from '../../base/errors.ts';
import type { FailedTry } from '../../base/retry.ts';
import { ArrivalQueue } from '../../clock/arrival-queue.ts';
import type { Arrival } from '../../clock/arrival.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import { type LivePiece, plainFailure } from '../../clock/live-answer.ts';
import type { LiveTtsContext, Sound } from '../../pipeline/live-tts.ts';
import type { TtsChunk } from '../../pipeline/tts.ts';
import type { SpeechPiece } from './http-request.ts';
import { SpeechAssembler } from './speech-assembler.ts';
import { WordTiming } from './word-timing.ts';

export type SentenceToSpeak = {
  readonly text: string;
  /** The sentences of this reply that came before, so that the voice goes on as it spoke. */
  readonly previousText: string;
  readonly onPiece: (piece: SpeechPiece) => void;
  readonly onFailedTry: (failure: FailedTry) => void;
  readonly signal: AbortSignal;
};

export type HttpContextOptions = {
  readonly wall: WallClock;
  readonly signal: AbortSignal;
  readonly speak: (sentence: SentenceToSpeak) => Promise<void>;
};

export class HttpContext implements LiveTtsContext {
  readonly #options: HttpContextOptions;
  readonly #left = new AbortController();
  readonly #signal: AbortSignal;
  readonly #arrivals: ArrivalQueue<LivePiece<Sound>>;
  readonly #speech = new SpeechAssembler();
  readonly #sentences: string[] = [];
  #ended = false;
  #running = false;
  #spoken = '';

  constructor(options: HttpContextOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#left.signal]);
    this.#arrivals = new ArrivalQueue(options.wall, () => this.#left.abort());
    if (this.#signal.aborted) this.#arrivals.end();
    else this.#signal.addEventListener('abort', () => this.#arrivals.end(), { once: true });
  }

  send(sentence: string): void {
    invariant(!this.#ended, 'a sentence was sent after the end');
    invariant(sentence.trim() !== '', 'a blank sentence was sent');
    this.#sentences.push(sentence.trim());
    void this.#run();
  }

  end(): void {
    this.#ended = true;
    void this.#run();
  }

  arrivals(): AsyncIterable<Arrival<LivePiece<Sound>>> {
    return this.#arrivals;
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      for (let text = this.#sentences.shift(); text !== undefined; text = this.#sentences.shift()) await this.#speak(text);
      this.#running = false;
      if (this.#ended) this.#arrivals.finish({ kind: 'ended' });
    } catch (error) {
      // It counts as running for ever, so that nothing is said after a failure. After an abort the end has been told.
      if (error instanceof ProviderError) this.#arrivals.finish({ kind: 'failed', failure: plainFailure(error) });
      else this.#arrivals.fail(error);
    }
  }

  async #speak(text: string): Promise<void> {
    const words = new WordTiming();
    const baseMs = this.#speech.receivedMs;
    const onPiece = ({ sound, alignment }: SpeechPiece): void => this.#push(this.#speech.add(sound, alignment ? words.read(alignment, baseMs) : []));
    const onFailedTry = ({ attempt, error, retryInMs }: FailedTry): void => {
      if (retryInMs !== null) this.#arrivals.push({ kind: 'retrying', attempt, retryInMs, failure: plainFailure(error) });
    };
    await this.#options.speak({ text, previousText: this.#spoken, onPiece, onFailedTry, signal: this.#signal });
    this.#push(this.#speech.finish(words.flush()));
    this.#spoken = `${this.#spoken} ${text}`.trim();
  }

  #push(chunk: TtsChunk | undefined): void {
    if (chunk) this.#arrivals.push({ kind: 'sound', ...chunk });
  }
}
