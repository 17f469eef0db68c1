/**
 * The seam under a voice of the world: plain data goes in, what arrives comes out stamped in wall time. Adapters
 * implement it, and a recording can stand in for one. The pipeline itself never sees it: see src/providers/live.
 */
import type { Arrival } from '../clock/arrival.ts';
import type { LivePiece, OnRetry } from '../clock/live-answer.ts';
import type { TtsChunk, TtsRequest } from './tts.ts';

export type Sound = { readonly kind: 'sound' } & TtsChunk;

/** Speech that is being asked for. Its opening is the moment from which its arrivals count. */
export interface LiveTtsContext {
  /** Speaks one more sentence; it may not be blank. */
  send(sentence: string): void;
  /** No sentence will follow. */
  end(): void;
  /**
   * The speech of all sentences as it arrives, for one reader. Never throws what the world did. An abort ends it
   * without a last piece, and so does a reader who leaves: both close the context.
   */
  arrivals(): AsyncIterable<Arrival<LivePiece<Sound>>>;
}

/** A voice of the world. */
export interface LiveTts {
  /** For headers, events and reports: `elevenlabs`. */
  readonly name: string;
  readonly model: string;
  /**
   * Loads and connects what the first sentence of this agent would otherwise wait for. Rejects with a ProviderError
   * after as many tries as a context has.
   */
  prepare(agent: { readonly agent: string; readonly voice: string }, signal?: AbortSignal, onRetry?: OnRetry): Promise<void>;
  open(request: TtsRequest, signal: AbortSignal): LiveTtsContext;
  /** Ends every connection. Contexts that are open then fail. */
  close(): Promise<void>;
}
