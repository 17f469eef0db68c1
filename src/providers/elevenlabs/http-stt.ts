/**
 * ElevenLabs' Scribe over HTTP, through the vendor's own client: one request for each stretch of speech, with the
 * times of its words. On the wall clock; knows nothing of call time or rooms.
 */
import type { ProviderError } from '../../base/errors.ts';
import { timedTries, type TryPatience } from '../../base/timed-tries.ts';
import type { Arrival } from '../../clock/arrival.ts';
import type { LivePiece } from '../../clock/live-answer.ts';
import { oneAnswer } from '../../clock/one-answer.ts';
import type { HeardText, LiveStt, SpeechSegment, TimedWord } from '../../room/live-stt.ts';
import { failureOf, loadClient } from './client.ts';
import { type Asked, nothingCame, notUnderstood, PROVIDER } from './failures.ts';
import { baseUrlOf, type ElevenLabsOptions } from './options.ts';

/** The newest that takes a whole file. */
export const ELEVENLABS_STT_MODEL = 'scribe_v2';

export type ElevenLabsSttOptions = Pick<ElevenLabsOptions, 'wall' | 'apiKey' | 'baseUrl'> & {
  readonly model?: string | undefined;
  readonly patience?: Partial<TryPatience> | undefined;
};

const PATIENCE: TryPatience = {
  // Far over the P95 that pipecat-ai/stt-benchmark measured for the streaming Scribe (348 ms): a file takes longer.
  timeoutMs: 10_000,
  attempts: 3,
  firstWaitMs: 300,
  longestWaitMs: 5000,
};

export class ElevenLabsStt implements LiveStt {
  readonly name = PROVIDER;
  readonly model: string;
  readonly #options: ElevenLabsSttOptions;
  readonly #patience: TryPatience;
  #client: ReturnType<typeof loadClient> | undefined;

  constructor(options: ElevenLabsSttOptions) {
    this.model = options.model ?? ELEVENLABS_STT_MODEL;
    this.#options = options;
    this.#patience = { ...PATIENCE, ...options.patience };
  }

  async prepare(): Promise<void> {
    await this.#load();
  }

  transcribe(segment: SpeechSegment, signal: AbortSignal): AsyncIterable<Arrival<LivePiece<HeardText>>> {
    const { wall } = this.#options;
    const asked: Asked = { host: new URL(baseUrlOf(this.#options)).host, model: this.model, service: 'transcription' };
    const patience = this.#patience;
    const failed = (error: unknown, tooSlow: boolean): ProviderError =>
      tooSlow ? nothingCame('transcription', patience.timeoutMs) : failureOf(error, asked, this.#options);
    const tries = { wall, patience, failureOf: failed };
    return oneAnswer<HeardText>({ wall, signal, ask: (ties) => timedTries((stop) => this.#ask(segment, stop), { ...ties, ...tries }) });
  }

  async #ask({ samples }: SpeechSegment, signal: AbortSignal): Promise<HeardText> {
    const client = await this.#load();
    const file = { data: Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength), filename: 'speech.pcm', contentType: 'application/octet-stream' };
    // Plain samples, because the vendor says that they are answered faster than a file of some format.
    const settings = { modelId: this.model, fileFormat: 'pcm_s16le_16', timestampsGranularity: 'word', tagAudioEvents: false, diarize: false } as const;
    const answer = await client.speechToText.convert({ ...settings, file }, { abortSignal: signal });
    // The other forms are answers to what was not asked for.
    if (!('text' in answer)) throw notUnderstood('an answer of an unknown form');
    const words = answer.words.flatMap(timedWord);
    return { kind: 'text', text: answer.text.trim(), ...(words.length > 0 && { words }) };
  }

  #load(): ReturnType<typeof loadClient> {
    return (this.#client ??= loadClient(this.#options));
  }
}

/** Blanks between words and noises have entries of their own; seconds on the wire. */
function timedWord({ text, type, start, end }: { readonly text: string; readonly type: string; readonly start?: number; readonly end?: number }): TimedWord[] {
  if (type !== 'word' || start === undefined || end === undefined || !(start >= 0 && end >= start)) return [];
  return [{ text: text.trim(), startMs: start * 1000, endMs: end * 1000 }];
}
