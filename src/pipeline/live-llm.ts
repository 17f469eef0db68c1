/**
 * The seam under a language model of the world: plain data in, what arrives comes out stamped in wall time. Adapters
 * implement it, and a recording can stand in for one. The pipeline itself never sees it: see src/providers/live.
 */
import type { Arrival } from '../clock/arrival.ts';
import type { LivePiece } from '../clock/live-answer.ts';
import type { LlmChunk, LlmRequest } from './llm.ts';

/** A language model of the world. */
export interface LiveLlm {
  /** For headers, events and reports: `openai`. */
  readonly name: string;
  readonly model: string;
  /**
   * Opens a request at once. Offsets count from the call. Never throws what the world did. An abort closes the
   * connection and ends the answer without a last piece; so does closing the iterator.
   */
  ask(request: LlmRequest, signal: AbortSignal): AsyncIterable<Arrival<LivePiece<LlmChunk>>>;
}
