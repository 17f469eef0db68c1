/**
 * What lies between a chat server and the pipeline: plain data in, stamped plain data out, so that a conversation
 * with the server can be written down and played back. It never throws what the world did: failures are pieces too.
 */
import type { ProviderError, ProviderErrorKind } from '../../base/errors.ts';
import type { Arrival } from '../../clock/arrival.ts';
import type { LlmChunk, LlmRequest } from '../../pipeline/llm.ts';

/** A ProviderError as plain data. `retryable`: asking once more may help; tries that are this side's to make were made. */
export type ChatFailure = {
  readonly provider: string;
  readonly kind: ProviderErrorKind;
  readonly message: string;
  readonly retryable: boolean;
  readonly status: number | null;
};

/**
 * One piece of an answer. The last piece is always `ended` or `failed`; it has a stamp like every other, so that the
 * end is played back at its time too. A failed try leaves `retrying` behind, and the answer goes on.
 */
export type ChatPiece =
  | LlmChunk
  | { readonly kind: 'retrying'; readonly attempt: number; readonly retryInMs: number; readonly failure: ChatFailure }
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly failure: ChatFailure };

export interface ChatSource {
  /** For headers, events and reports. */
  readonly provider: string;
  readonly model: string;
  /**
   * Opens a request at once. Offsets count from the call. An abort closes the connection and ends the answer without
   * a last piece; so does closing the iterator.
   */
  ask(request: LlmRequest, signal: AbortSignal): AsyncIterable<Arrival<ChatPiece>>;
}

export function plainFailure({ provider, kind, message, retryable, status }: ProviderError): ChatFailure {
  return { provider, kind, message, retryable, status: status ?? null };
}
