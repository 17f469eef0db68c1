/**
 * ElevenLabs over HTTP with timestamps, through the vendor's own client: one request per sentence, each told what was
 * said before it. It takes longer to the first byte than the WebSocket and needs no connection that lasts.
 */
import { retrying } from '../../base/retry.ts';
import type { LiveTts, LiveTtsContext } from '../../pipeline/live-tts.ts';
import type { TtsRequest } from '../../pipeline/tts.ts';
import { loadClient } from './client.ts';
import { closedHere, PROVIDER } from './failures.ts';
import { HttpContext } from './http-context.ts';
import { requestSpeech } from './http-request.ts';
import { type ElevenLabsOptions, type ElevenLabsWaits, waitsOf } from './options.ts';

export class ElevenLabsHttpTts implements LiveTts {
  readonly name = PROVIDER;
  readonly model: string;
  readonly #options: ElevenLabsOptions;
  readonly #waits: ElevenLabsWaits;
  readonly #closed = new AbortController();
  #client: ReturnType<typeof loadClient> | undefined;

  constructor(options: ElevenLabsOptions) {
    this.model = options.model;
    this.#options = options;
    this.#waits = waitsOf(options);
  }

  /** Loads the client; there is no connection to make. */
  async prepare(): Promise<void> {
    await this.#load();
  }

  open(request: TtsRequest, signal: AbortSignal): LiveTtsContext {
    const options = this.#options;
    const waits = this.#waits;
    const { voice } = request;
    return new HttpContext({
      wall: options.wall,
      signal,
      speak: ({ text, previousText, onPiece, onFailedTry, signal: left }) => {
        const stop = AbortSignal.any([left, this.#closed.signal]);
        const ask = async (): Promise<void> => {
          const client = await this.#load();
          await requestSpeech({ client, options, waits, voice, text, previousText, onPiece, signal: stop });
        };
        return retrying(ask, { ...waits, wall: options.wall, signal: stop, onFailedTry });
      },
    });
  }

  /** Ends the requests that are running. */
  async close(): Promise<void> {
    this.#closed.abort(closedHere());
  }

  #load(): ReturnType<typeof loadClient> {
    return (this.#client ??= loadClient(this.#options));
  }
}
