/** Tries of which each may take so long and no longer. It knows nothing of what is tried. */
import { Deadline } from './deadline.ts';
import type { ProviderError } from './errors.ts';
import { retrying, type RetryOptions } from './retry.ts';

/** How long a try may take, in wall time, and how often it is made; see RetryOptions. */
export type TryPatience = Pick<RetryOptions, 'attempts' | 'firstWaitMs' | 'longestWaitMs'> & { readonly timeoutMs: number };

export type TimedTries = {
  readonly wall: RetryOptions['wall'] & { after(ms: number, fn: () => void): () => void };
  readonly patience: TryPatience;
  readonly signal: AbortSignal;
  readonly onFailedTry: RetryOptions['onFailedTry'];
  /** What a try threw, as a ProviderError; undefined for a bug. `tooSlow`: its time was over. */
  readonly failureOf: (error: unknown, tooSlow: boolean) => ProviderError | undefined;
};

/** Settles as `retrying` does. A try has to end itself by the signal that it is given. */
export function timedTries<T>(ask: (signal: AbortSignal) => Promise<T>, { wall, patience, signal, onFailedTry, failureOf }: TimedTries): Promise<T> {
  const attempt = async (): Promise<T> => {
    using deadline = new Deadline({ wall, ms: patience.timeoutMs, signal });
    try {
      return await ask(deadline.signal);
    } catch (error) {
      signal.throwIfAborted();
      throw failureOf(error, deadline.passed) ?? error;
    }
  };
  return retrying(attempt, { ...patience, wall, signal, onFailedTry });
}
