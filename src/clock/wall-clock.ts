/**
 * The other type of time: the world's. Adapters, sinks and the terminal use it for timeouts, backoff, polling and
 * drawing. No module takes both a Clock and a WallClock, except the clock itself and the composition root.
 */

export interface WallClock {
  /** Monotonic milliseconds with fractions; only differences mean anything. */
  nowMs(): number;
  /** Milliseconds since the epoch, for run.json and file names, never for events. */
  epochMs(): number;
  /** Calls `fn` once after `ms`; the returned function calls it off. */
  after(ms: number, fn: () => void): () => void;
  /** Calls `fn` every `ms`; the returned function ends it. */
  every(ms: number, fn: () => void): () => void;
  /** Waits; rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Lets the process's own event loop run once (signals, keys, sockets, screen). */
  yieldToProcess(): Promise<void>;
}

/** The wall clock of this machine. This file is the only one that may touch the process's timers. */
export const systemWallClock: WallClock = {
  nowMs: () => performance.now(),
  epochMs: () => Date.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
  every(ms, fn) {
    const timer = setInterval(fn, ms);
    return () => clearInterval(timer);
  },
  sleep(ms, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  },
  yieldToProcess: () => new Promise((resolve) => setImmediate(resolve)),
};
