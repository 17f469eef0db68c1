/** An answer of the world, piece by piece in call time: wanted pieces are handed on, the others are dealt with here. */
import { type Arrival, deliver, type DeliverOptions } from './arrival.ts';
import { type Clock, wholeMicroseconds } from './clock.ts';
import { type LivePiece, type OnRetry, providerError, type TakeDown } from './live-answer.ts';

export type AnswerOptions<T> = DeliverOptions & { readonly onRetry?: OnRetry | undefined; readonly takeDown?: TakeDown<T> | undefined };

/** Ends with the answer; throws a ProviderError when that failed, and the signal's reason when that aborts. */
export async function* answerInCallTime<T extends { readonly kind: string }>(
  clock: Clock,
  open: () => AsyncIterable<Arrival<LivePiece<T>>>,
  { charge, signal, onRetry, takeDown }: AnswerOptions<T>,
): AsyncGenerator<T> {
  const openedMs = clock.nowMs();
  for await (const piece of deliver(clock, open, { charge, signal })) {
    takeDown?.(piece, wholeMicroseconds(clock.nowMs() - openedMs));
    if (isRetrying(piece)) onRetry?.(piece);
    else if (isFailed(piece)) throw providerError(piece.failure);
    else if (piece.kind === 'ended') return;
    else yield piece as T;
  }
}

type Piece = LivePiece<{ readonly kind: string }>;
const isRetrying = (piece: Piece): piece is Extract<LivePiece<never>, { kind: 'retrying' }> => piece.kind === 'retrying';
const isFailed = (piece: Piece): piece is Extract<LivePiece<never>, { kind: 'failed' }> => piece.kind === 'failed';
