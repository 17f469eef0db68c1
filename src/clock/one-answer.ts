/**
 * A question to the world that is answered in one piece, as stamped pieces: failed tries, the answer, the end. Every
 * try has its time; what is asked, and what a failure means, is the adapter's to know.
 */
import { ProviderError } from '../base/errors.ts';
import { retrying } from '../base/retry.ts';
import type { Arrival } from './arrival.ts';
import { ArrivalQueue } from './arrival-queue.ts';
import { type LivePiece, plainFailure } from './live-answer.ts';
import type { WallClock } from './wall-clock.ts';

/** How long a try may take, in wall time, and how often it is made; see RetryOptions. */
export type AnswerPatience = {
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
};

export type OneAnswerOptions<T> = {
  readonly wall: WallClock;
  readonly patience: AnswerPatience;
  readonly signal: AbortSignal;
  /** One try. It ends itself by the signal; what it throws goes through `failureOf`. */
  readonly ask: (signal: AbortSignal) => Promise<T>;
  /** What a try threw, as a ProviderError; undefined for a bug. `tooSlow`: its time was over. */
  readonly failureOf: (error: unknown, tooSlow: boolean) => ProviderError | undefined;
};

/** Asks at once. Never throws what the world did; an abort, or a reader who leaves, ends it without a last piece. */
export function oneAnswer<T>(options: OneAnswerOptions<T>): AsyncIterable<Arrival<LivePiece<T>>> {
  const closing = new AbortController();
  const queue = new ArrivalQueue<LivePiece<T>>(options.wall, () => closing.abort());
  const signal = AbortSignal.any([options.signal, closing.signal]);
  void answer(options, queue, signal).then(
    () => queue.end(),
    (error: unknown) => queue.fail(error),
  );
  return queue;
}

async function answer<T>(options: OneAnswerOptions<T>, queue: ArrivalQueue<LivePiece<T>>, signal: AbortSignal): Promise<void> {
  const { wall, patience } = options;
  try {
    const value = await retrying(() => attempt(options, signal), {
      ...patience,
      wall,
      signal,
      onFailedTry: ({ attempt: count, error, retryInMs }) => {
        if (retryInMs !== null) queue.push({ kind: 'retrying', attempt: count, retryInMs, failure: plainFailure(error) });
      },
    });
    queue.push(value);
    queue.push({ kind: 'ended' });
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof ProviderError)) throw error;
    // Whatever another try could do was tried.
    queue.push({ kind: 'failed', failure: { ...plainFailure(error), retryable: false } });
  }
}

async function attempt<T>({ wall, patience, ask, failureOf }: OneAnswerOptions<T>, signal: AbortSignal): Promise<T> {
  const tooSlow = new AbortController();
  const callOff = wall.after(patience.timeoutMs, () => tooSlow.abort());
  try {
    return await ask(AbortSignal.any([signal, tooSlow.signal]));
  } catch (error) {
    signal.throwIfAborted();
    throw failureOf(error, tooSlow.signal.aborted) ?? error;
  } finally {
    callOff();
  }
}
