/**
 * What lies between the world and the pipeline: stamped plain data, so that a conversation with a provider can be
 * written down and played back. What the world did wrong is a piece as well, and so is the end of an answer: both are
 * played back at their time, like everything else.
 */
import { ProviderError, type ProviderErrorKind } from '../base/errors.ts';

/** A ProviderError as plain data. `retryable`: asking once more may help; tries that are the adapter's to make were made. */
export type LiveFailure = {
  readonly provider: string;
  readonly kind: ProviderErrorKind;
  readonly message: string;
  readonly retryable: boolean;
  readonly status: number | null;
};

/** A try that failed and is followed by another `retryInMs` later. Tries count from 1. */
export type Retry = { readonly attempt: number; readonly retryInMs: number; readonly failure: LiveFailure };

/** Told, in call time, of each try that failed and is followed by another. */
export type OnRetry = (retry: Retry) => void;

/**
 * One piece of an answer: what was asked for, a try that failed, or the last piece, which is always `ended` or
 * `failed`. Only an answer that was given up on this side has no last piece.
 */
export type LivePiece<T> = T | ({ readonly kind: 'retrying' } & Retry) | { readonly kind: 'ended' } | { readonly kind: 'failed'; readonly failure: LiveFailure };

/** Takes down one answer as it is delivered, in call time; offsets count from its opening. */
export type TakeDown<T> = (piece: LivePiece<T>, offsetMs: number) => void;

export function plainFailure({ provider, kind, message, retryable, status }: ProviderError): LiveFailure {
  return { provider, kind, message, retryable, status: status ?? null };
}

export function providerError({ message, status, ...facts }: LiveFailure): ProviderError {
  return new ProviderError(message, { ...facts, status: status ?? undefined });
}
