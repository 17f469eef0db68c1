/**
 * Trying again, in one place: which failures deserve another try, how long to wait before it, and who hears of each
 * failed one. Only a ProviderError that says so is tried again; it knows nothing of what is tried.
 */
import { ProviderError } from './errors.ts';

/** A try that failed. `retryInMs` is null when no other follows. Tries count from 1. */
export type FailedTry = { readonly attempt: number; readonly error: ProviderError; readonly retryInMs: number | null };

export type RetryOptions = {
  /** The world's clock. */
  readonly wall: { sleep(ms: number, signal?: AbortSignal): Promise<void> };
  /** How many tries there are altogether. */
  readonly attempts: number;
  /** The wait before the second try; it doubles with every further one. */
  readonly firstWaitMs: number;
  /** No wait is longer, and whoever asks for a longer one is not asked again. */
  readonly longestWaitMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onFailedTry?: ((failure: FailedTry) => void) | undefined;
};

/**
 * Calls `attempt` until it succeeds. Rejects with the last failure, with anything that is no ProviderError at once,
 * and with the signal's reason when that aborts; a try that runs then has to end itself by the same signal.
 */
export async function retrying<T>(attempt: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { wall, signal, onFailedTry } = options;
  for (let count = 1; ; count++) {
    signal?.throwIfAborted();
    try {
      return await attempt(count);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof ProviderError)) throw error;
      const retryInMs = count < options.attempts ? waitMs(error, count, options) : null;
      onFailedTry?.({ attempt: count, error, retryInMs });
      if (retryInMs === null) throw error;
      await wall.sleep(retryInMs, signal);
    }
  }
}

/** The wait after the so-manieth try, or null if another is no use. */
function waitMs(error: ProviderError, count: number, { firstWaitMs, longestWaitMs }: RetryOptions): number | null {
  if (!error.retryable) return null;
  const backoffMs = Math.min(firstWaitMs * 2 ** (count - 1), longestWaitMs);
  const askedForMs = error.retryAfterMs ?? 0;
  return askedForMs > longestWaitMs ? null : Math.max(backoffMs, askedForMs);
}
