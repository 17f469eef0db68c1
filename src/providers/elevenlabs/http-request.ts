/**
 * One request for the speech of one sentence. Nothing that has been handed out is asked for again: a failure after the
 * first sound is final.
 */
import type { ElevenLabsClient } from '@elevenlabs/elevenlabs-js';
import { Deadline } from '../../base/deadline.ts';
import { failureOf } from './client.ts';
import { type Asked, beyondRetry, noSound, nothingCame } from './failures.ts';
import { baseUrlOf, type ElevenLabsOptions, type ElevenLabsWaits } from './options.ts';
import { OUTPUT_FORMAT, VOICE_SETTINGS } from './voice-settings.ts';
import type { Alignment } from './word-timing.ts';

/** Some sound, and the times of its characters from the beginning of the request's sound. */
export type SpeechPiece = { readonly sound: Buffer; readonly alignment: Alignment | undefined };

export type SpeechRequest = {
  readonly client: ElevenLabsClient;
  readonly options: ElevenLabsOptions;
  readonly waits: ElevenLabsWaits;
  readonly voice: string;
  readonly text: string;
  readonly previousText: string;
  readonly onPiece: (piece: SpeechPiece) => void;
  readonly signal: AbortSignal;
};

/** Resolves when all of it has arrived. Rejects with a ProviderError, or with the signal's reason. */
export async function requestSpeech({ client, options, waits, voice, text, previousText, onPiece, signal }: SpeechRequest): Promise<void> {
  const { wall, model } = options;
  const asked: Asked = { host: new URL(baseUrlOf(options)).host, model, voice };
  /** Set anew by whatever arrives. */
  using deadline = new Deadline({ wall, ms: waits.stallMs, signal });
  let received = false;
  /** What came before the first sound: another try would bring it again. */
  const early: SpeechPiece[] = [];
  const guarded = async <T>(step: PromiseLike<T>): Promise<T> => {
    try {
      return await step;
    } catch (error) {
      signal.throwIfAborted();
      const failure = deadline.passed ? nothingCame('sound', waits.stallMs) : failureOf(error, asked, options);
      throw received ? beyondRetry(failure) : failure;
    }
  };
  const body = { text, modelId: model, voiceSettings: VOICE_SETTINGS, ...(previousText && { previousText }), outputFormat: OUTPUT_FORMAT } as const;
  const stream = await guarded(client.textToSpeech.streamWithTimestamps(voice, body, { abortSignal: deadline.signal }));
  const pieces = stream[Symbol.asyncIterator]();
  for (;;) {
    const piece = await guarded(pieces.next());
    if (piece.done) break;
    const { audioBase64, alignment, normalizedAlignment } = piece.value;
    const sound = Buffer.from(audioBase64, 'base64');
    early.push({ sound, alignment: aligned(alignment ?? normalizedAlignment) });
    received ||= sound.length > 0;
    if (received) early.splice(0).forEach(onPiece);
    deadline.set(waits.stallMs);
  }
  if (!received) throw noSound();
}

type VendorAlignment = {
  readonly characters: readonly string[];
  readonly characterStartTimesSeconds: readonly number[];
  readonly characterEndTimesSeconds: readonly number[];
};

function aligned(alignment: VendorAlignment | undefined): Alignment | undefined {
  if (!alignment) return undefined;
  const { characters, characterStartTimesSeconds, characterEndTimesSeconds } = alignment;
  const inMs = (seconds: number): number => seconds * 1000;
  return { characters, startsMs: characterStartTimesSeconds.map(inMs), endsMs: characterEndTimesSeconds.map(inMs) };
}
