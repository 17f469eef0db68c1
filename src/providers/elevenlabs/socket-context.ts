/**
 * One reply spoken in a context of a socket. Until its first sound has arrived, a failure is followed by another try,
 * in a new context and with all the text again; after that it is the end, because nothing may be said twice.
 */
import { invariant, ProviderError } from '../../base/errors.ts';
import { retrying } from '../../base/retry.ts';
import { unlessAborted } from '../../base/unless-aborted.ts';
import { ArrivalQueue } from '../../clock/arrival-queue.ts';
import type { Arrival } from '../../clock/arrival.ts';
import { type LivePiece, plainFailure } from '../../clock/live-answer.ts';
import type { LiveTtsContext, Sound } from '../../pipeline/live-tts.ts';
import type { TtsRequest } from '../../pipeline/tts.ts';
import { beyondRetry } from './failures.ts';
import type { ElevenLabsOptions, ElevenLabsWaits } from './options.ts';
import { SocketSpeech } from './socket-speech.ts';
import type { SpeechSocket } from './speech-socket.ts';

export type SocketContextOptions = {
  readonly options: ElevenLabsOptions;
  readonly waits: ElevenLabsWaits;
  readonly request: TtsRequest;
  readonly signal: AbortSignal;
  /** The socket to speak over; rejects with a ProviderError. */
  readonly connect: () => Promise<SpeechSocket>;
};

export class SocketContext implements LiveTtsContext {
  readonly #options: SocketContextOptions;
  readonly #arrivals: ArrivalQueue<LivePiece<Sound>>;
  readonly #left = new AbortController();
  readonly #signal: AbortSignal;
  readonly #sentences: string[] = [];
  #ended = false;
  #speech: SocketSpeech | undefined;
  #received = false;

  constructor(options: SocketContextOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#left.signal]);
    this.#arrivals = new ArrivalQueue(options.options.wall, () => this.#left.abort());
    void this.#run();
  }

  send(sentence: string): void {
    invariant(!this.#ended, 'a sentence was sent after the end');
    invariant(sentence.trim() !== '', 'a blank sentence was sent');
    this.#sentences.push(sentence);
    this.#speech?.speak(sentence);
  }

  end(): void {
    this.#ended = true;
    this.#speech?.finish();
  }

  arrivals(): AsyncIterable<Arrival<LivePiece<Sound>>> {
    return this.#arrivals;
  }

  async #run(): Promise<void> {
    const { options, waits } = this.#options;
    try {
      await retrying(() => this.#try(), {
        ...waits,
        wall: options.wall,
        signal: this.#signal,
        onFailedTry: ({ attempt, error, retryInMs }) => {
          if (retryInMs !== null) this.#arrivals.push({ kind: 'retrying', attempt, retryInMs, failure: plainFailure(error) });
        },
      });
      this.#arrivals.finish({ kind: 'ended' });
    } catch (error) {
      if (this.#signal.aborted) this.#arrivals.end();
      else if (error instanceof ProviderError) this.#arrivals.finish({ kind: 'failed', failure: plainFailure(error) });
      else this.#arrivals.fail(error);
    }
  }

  async #try(): Promise<void> {
    const { options, waits, request, connect } = this.#options;
    const socket = await unlessAborted(connect(), this.#signal);
    if (this.#ended && this.#sentences.length === 0) return;
    const speech = new SocketSpeech({
      wall: options.wall,
      stallMs: waits.stallMs,
      socket,
      name: request.replyId,
      onChunk: (chunk) => {
        this.#received = true;
        this.#arrivals.push({ kind: 'sound', ...chunk });
      },
    });
    this.#speech = speech;
    try {
      for (const sentence of this.#sentences) speech.speak(sentence);
      if (this.#ended) speech.finish();
      await unlessAborted(speech.done, this.#signal);
    } catch (error) {
      throw this.#received && error instanceof ProviderError ? beyondRetry(error) : error;
    } finally {
      this.#speech = undefined;
      speech.stop();
    }
  }
}
