/** A wall clock that stands still until a test moves it, for whatever draws, paces and retries by the world's time. */
import type { WallClock } from '../clock/wall-clock.ts';

type Timer = { dueMs: number; readonly everyMs: number | null; readonly fn: () => void };

export class ManualWallClock implements WallClock {
  #nowMs = 0;
  #timers: Timer[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  epochMs(): number {
    return this.#nowMs;
  }

  after(ms: number, fn: () => void): () => void {
    return this.#add({ dueMs: this.#nowMs + ms, everyMs: null, fn });
  }

  every(ms: number, fn: () => void): () => void {
    return this.#add({ dueMs: this.#nowMs + ms, everyMs: ms, fn });
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  yieldToProcess(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** Lets so much time pass: everything that falls due is called, in order. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const next = this.#timers.filter(({ dueMs }) => dueMs <= untilMs).toSorted((a, b) => a.dueMs - b.dueMs)[0];
      if (!next) break;
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      if (next.everyMs === null) this.#timers = this.#timers.filter((timer) => timer !== next);
      else next.dueMs += next.everyMs;
      next.fn();
    }
    this.#nowMs = untilMs;
  }

  /** How many timers are still running. */
  get pending(): number {
    return this.#timers.length;
  }

  #add(timer: Timer): () => void {
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }
}
