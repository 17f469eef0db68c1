/**
 * A wall clock that moves only when a test says so, or when everything waits for it. The machine is infinitely fast
 * then, unless the test says how long something takes; so wall time is a value too and no test waits for real.
 */
import { systemWallClock, type WallClock } from '../clock/wall-clock.ts';

type Timer = { readonly atMs: number; readonly fn: () => void };

export class HandMovedWall implements WallClock {
  /** When the process's event loop got its turn, in wall milliseconds. */
  readonly turnsMs: number[] = [];
  #timers: Timer[] = [];
  #nowMs = 0;
  /** Turns of the event loop that somebody is waiting for. */
  #openTurns = 0;

  nowMs(): number {
    return this.#nowMs;
  }

  epochMs(): number {
    return this.#nowMs;
  }

  after(ms: number, fn: () => void): () => void {
    const timer = { atMs: this.#nowMs + ms, fn };
    const later = this.#timers.findIndex(({ atMs }) => atMs > timer.atMs);
    this.#timers.splice(later < 0 ? this.#timers.length : later, 0, timer);
    return () => void (this.#timers = this.#timers.filter((other) => other !== timer));
  }

  every(ms: number, fn: () => void): () => void {
    let cancel = (): void => undefined;
    const again = (): void => {
      cancel = this.after(ms, () => {
        again();
        fn();
      });
    };
    again();
    return () => cancel();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const cancel = this.after(ms, resolve);
      signal?.addEventListener('abort', () => {
        cancel();
        reject(signal.reason);
      });
    });
  }

  async yieldToProcess(): Promise<void> {
    this.#openTurns += 1;
    this.turnsMs.push(this.#nowMs);
    while (this.#timers[0] && this.#timers[0].atMs <= this.#nowMs) this.#timers.shift()?.fn();
    await systemWallClock.yieldToProcess();
    this.#openTurns -= 1;
  }

  /** Something keeps the process busy for so long. */
  pass(ms: number): void {
    this.#nowMs += ms;
  }

  /** Moves on to the next timer whenever everything waits, until `done` settles. Throws when nothing can end it. */
  async until<T>(done: Promise<T>): Promise<T> {
    let over = false;
    const settled = (): void => void (over = true);
    done.then(settled, settled);
    for (;;) {
      await systemWallClock.yieldToProcess();
      if (over) return done;
      if (this.#openTurns > 0) continue;
      const next = this.#timers.shift();
      if (!next) throw new Error('everything waits, and nothing is left to end it');
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.fn();
    }
  }
}
