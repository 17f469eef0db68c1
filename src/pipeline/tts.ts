/** The port to a voice. */
import type { WordSpan } from '../audio/frame.ts';
import type { OnRetry } from '../clock/live-answer.ts';

/** Speech, in the room's format. The words whose last sample lies in it count from the chunk's first sample. */
export type TtsChunk = { readonly samples: Int16Array; readonly words: readonly WordSpan[] };

export type TtsRequest = {
  readonly agent: string;
  /** Names what is spoken: one context per reply. */
  readonly replyId: string;
  readonly voice: string;
};

/** One continuous stretch of speech: sentences go in as the model writes them, sound comes out in order. */
export interface TtsContext {
  /** Speaks one more sentence; it may not be blank. */
  send(sentence: string): void;
  /** No sentence will follow. */
  end(): void;
  /**
   * The speech of all sentences, in call time: the iterator's waits are clock waits. Ends after `end` when all has
   * been delivered, throws a ProviderError when the world failed, and stops when the context's signal aborts.
   */
  chunks(): AsyncIterable<TtsChunk>;
}

/** A voice provider. */
export interface TtsProvider {
  /** For headers, events and reports: `offline`, `elevenlabs`. */
  readonly name: string;
  readonly model: string;
  open(request: TtsRequest, signal: AbortSignal, onRetry?: OnRetry): TtsContext;
}
