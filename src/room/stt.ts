/** The port to a transcription that is given whole stretches of speech; see RealEars, which uses it. */
import type { OnRetry } from '../clock/live-answer.ts';
import type { HeardText, SpeechSegment } from './live-stt.ts';

export interface SttProvider {
  /** For headers, events and reports: `openai`. */
  readonly name: string;
  readonly model: string;
  /**
   * Transcribes one stretch in call time: the iterator's waits are clock waits. Throws a ProviderError when the world
   * failed, and ends its request when the signal aborts.
   */
  transcribe(segment: SpeechSegment, signal: AbortSignal, onRetry?: OnRetry): AsyncIterable<HeardText>;
}
