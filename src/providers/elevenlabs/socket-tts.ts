/**
 * ElevenLabs over its multi-context WebSocket, the way with the shortest time to the first byte: one socket per agent
 * and voice, one context per reply. Interruptions close a context and keep the socket.
 */
import { retrying } from '../../base/retry.ts';
import { unlessAborted } from '../../base/unless-aborted.ts';
import { type OnRetry, plainFailure } from '../../clock/live-answer.ts';
import type { LiveTts, LiveTtsContext } from '../../pipeline/live-tts.ts';
import type { TtsRequest } from '../../pipeline/tts.ts';
import { closedHere, PROVIDER } from './failures.ts';
import { baseUrlOf, type ElevenLabsOptions, type ElevenLabsWaits, waitsOf } from './options.ts';
import { SocketContext } from './socket-context.ts';
import { loadSocketMessages, type SocketMessages } from './socket-messages.ts';
import { SpeechSocket } from './speech-socket.ts';
import { OUTPUT_FORMAT } from './voice-settings.ts';

type Speaker = { readonly agent: string; readonly voice: string };

export class ElevenLabsSocketTts implements LiveTts {
  readonly name = PROVIDER;
  readonly model: string;
  readonly #options: ElevenLabsOptions;
  readonly #waits: ElevenLabsWaits;
  /** By agent and voice. What is being opened is shared as well. */
  readonly #sockets = new Map<string, Promise<SpeechSocket>>();
  #messages: Promise<SocketMessages> | undefined;
  #closed = false;

  constructor(options: ElevenLabsOptions) {
    this.model = options.model;
    this.#options = options;
    this.#waits = waitsOf(options);
  }

  async prepare(speaker: Speaker, signal?: AbortSignal, onRetry?: OnRetry): Promise<void> {
    const { wall } = this.#options;
    await retrying(() => (signal ? unlessAborted(this.#socket(speaker), signal) : this.#socket(speaker)), {
      ...this.#waits,
      wall,
      signal,
      onFailedTry: ({ attempt, error, retryInMs }) => {
        if (retryInMs !== null) onRetry?.({ attempt, retryInMs, failure: plainFailure(error) });
      },
    });
  }

  open(request: TtsRequest, signal: AbortSignal): LiveTtsContext {
    return new SocketContext({ options: this.#options, waits: this.#waits, request, signal, connect: () => this.#socket(request) });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const sockets = [...this.#sockets.values()];
    this.#sockets.clear();
    await Promise.all(sockets.map((socket) => socket.then((open) => open.close()).catch(() => undefined)));
  }

  /** The speaker's socket: the open one, or a new one if there is none or it was lost. */
  async #socket(speaker: Speaker): Promise<SpeechSocket> {
    const key = JSON.stringify([speaker.agent, speaker.voice]);
    const known = this.#sockets.get(key);
    if (known) {
      const socket = await known;
      if (socket.usable) return socket;
      // Whoever else found it lost may have opened another meanwhile.
      if (this.#sockets.get(key) !== known) return this.#socket(speaker);
    }
    const opening = this.#connect(speaker);
    this.#sockets.set(key, opening);
    opening.catch(() => void (this.#sockets.get(key) === opening && this.#sockets.delete(key)));
    return opening;
  }

  async #connect({ voice }: Speaker): Promise<SpeechSocket> {
    const { wall, apiKey, model } = this.#options;
    if (this.#closed) throw closedHere();
    this.#messages ??= loadSocketMessages();
    const url = new URL(`${baseUrlOf(this.#options).replace(/^http/, 'ws')}/v1/text-to-speech/${encodeURIComponent(voice)}/multi-stream-input`);
    for (const [name, value] of Object.entries({ model_id: model, output_format: OUTPUT_FORMAT, auto_mode: 'true', sync_alignment: 'true' })) {
      url.searchParams.set(name, value);
    }
    return SpeechSocket.connect({ wall, waits: this.#waits, url, apiKey, asked: { host: url.host, model, voice }, messages: await this.#messages });
  }
}
