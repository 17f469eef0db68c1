/**
 * Transcribes stretches of speech through OpenAI's own client, on the wall clock: one file, one answer. Knows nothing
 * of call time or rooms. Its last word on every request is `ended` or `failed`; only a bug of ours makes it throw.
 */
import type { OpenAI } from 'openai';
import { encodeWav } from '../../audio/wav.ts';
import type { ProviderError } from '../../base/errors.ts';
import { timedTries, type TryPatience } from '../../base/timed-tries.ts';
import type { Arrival } from '../../clock/arrival.ts';
import type { LivePiece } from '../../clock/live-answer.ts';
import { oneAnswer } from '../../clock/one-answer.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { HeardText, LiveStt, SpeechSegment } from '../../room/live-stt.ts';
import type { ChatAddress } from './chat-address.ts';
import { chatFailure, failure, PROVIDER } from './chat-failure.ts';
import { openClient } from './client.ts';
import { readTranscription } from './transcription-words.ts';

export type OpenAiSttOptions = {
  readonly wall: WallClock;
  readonly address: ChatAddress;
  readonly apiKey: string | undefined;
  readonly model: string;
  readonly patience: TryPatience;
};

/** The one model family that gives the times of words; the newer ones refuse to be asked for them. */
const GIVES_WORDS = /^whisper/;

export class OpenAiStt implements LiveStt {
  readonly name = PROVIDER;
  readonly model: string;
  readonly #options: OpenAiSttOptions;
  readonly #client: OpenAI;

  constructor(options: OpenAiSttOptions) {
    this.model = options.model;
    this.#options = options;
    this.#client = openClient(options);
  }

  /** Nothing is left to load. */
  async prepare(): Promise<void> {}

  transcribe(segment: SpeechSegment, signal: AbortSignal): AsyncIterable<Arrival<LivePiece<HeardText>>> {
    const { wall, patience } = this.#options;
    const failureOf = (error: unknown, tooSlow: boolean): ProviderError | undefined => this.#failureOf(error, tooSlow);
    return oneAnswer<HeardText>({ wall, signal, ask: (ties) => timedTries((stop) => this.#ask(segment, stop), { ...ties, wall, patience, failureOf }) });
  }

  async #ask({ samples }: SpeechSegment, signal: AbortSignal): Promise<HeardText> {
    const file = new File([encodeWav([samples]) as Uint8Array<ArrayBuffer>], 'speech.wav', { type: 'audio/wav' });
    const { model } = this;
    const { transcriptions } = this.#client.audio;
    const answer: unknown = GIVES_WORDS.test(model)
      ? await transcriptions.create({ file, model, response_format: 'verbose_json', timestamp_granularities: ['word'] }, { signal })
      : await transcriptions.create({ file, model, response_format: 'json' }, { signal });
    const heard = readTranscription(answer);
    if (!heard) throw failure('server', `${this.#options.address.host} sent what is no transcription`, { retryable: true });
    return heard;
  }

  #failureOf(error: unknown, tooSlow: boolean): ProviderError | undefined {
    const { wall, address, apiKey, patience } = this.#options;
    if (tooSlow) return failure('timeout', `${address.host} sent no transcription within ${patience.timeoutMs} ms`, { retryable: true });
    return chatFailure(error, { address, model: this.model, apiKey, service: 'transcriptions', epochMs: wall.epochMs() });
  }
}
