/** A question to the world that is answered in one piece, as stamped pieces: failed tries, the answer, the end. */
import { ProviderError } from '../base/errors.ts';
import type { FailedTry } from '../base/retry.ts';
import type { Arrival } from './arrival.ts';
import { ArrivalQueue } from './arrival-queue.ts';
import { type LivePiece, plainFailure } from './live-answer.ts';
import type { WallClock } from './wall-clock.ts';

export type OneAnswerOptions<T> = {
  readonly wall: WallClock;
  readonly signal: AbortSignal;
  /** All tries of it; tells of each that failed, and ends by the signal. */
  readonly ask: (ties: { readonly signal: AbortSignal; readonly onFailedTry: (failure: FailedTry) => void }) => Promise<T>;
};

/** Asks at once. Never throws what the world did; an abort, or a reader who leaves, ends it without a last piece. */
export function oneAnswer<T>({ wall, signal, ask }: OneAnswerOptions<T>): AsyncIterable<Arrival<LivePiece<T>>> {
  const closing = new AbortController();
  const queue = new ArrivalQueue<LivePiece<T>>(wall, () => closing.abort());
  const stop = AbortSignal.any([signal, closing.signal]);
  const onFailedTry = ({ attempt, error, retryInMs }: FailedTry): void => {
    if (retryInMs !== null) queue.push({ kind: 'retrying', attempt, retryInMs, failure: plainFailure(error) });
  };
  void ask({ signal: stop, onFailedTry }).then(
    (value) => {
      queue.push(value);
      queue.finish({ kind: 'ended' });
    },
    (error: unknown) => {
      if (stop.aborted) queue.end();
      // Whatever another try could do was tried.
      else if (error instanceof ProviderError) queue.finish({ kind: 'failed', failure: { ...plainFailure(error), retryable: false } });
      else queue.fail(error);
    },
  );
  return queue;
}
