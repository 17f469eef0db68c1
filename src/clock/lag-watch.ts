/**
 * Notices when this process kept the world waiting: an answer that comes in while the event loop is busy is stamped
 * when the loop gets to it, so its latency is told too long. Watches only while it is told to, and changes nothing.
 */
import { wholeMicroseconds } from './clock.ts';
import type { WallClock } from './wall-clock.ts';

/** Wall milliseconds for pauses; `firstMs` is the call time at which the first of them was noticed. */
export type Lag = { readonly worstMs: number; readonly times: number; readonly firstMs: number };

export type LagWatchOptions = {
  readonly wall: WallClock;
  readonly callMs: () => number;
  /** Longer pauses are lags. */
  readonly toleratedMs?: number | undefined;
};

/** Latencies of 50 ms and less are told as they are; below that nobody can hear a difference either. */
const TOLERATED_MS = 50;
/** How often it looks; by so much a pause may be longer than it is told. */
const PERIOD_MS = 5;

export class LagWatch {
  readonly #options: LagWatchOptions;
  #waits = 0;
  #lookedMs = 0;
  #end: (() => void) | undefined;
  #over = false;
  #lag: Lag | undefined;

  constructor(options: LagWatchOptions) {
    this.#options = options;
  }

  /** Undefined if there was none. */
  get lag(): Lag | undefined {
    return this.#lag;
  }

  /** Something of the world is waited for, until the function that is given back is called. */
  begin(): () => void {
    if (this.#over) return () => undefined;
    const { wall } = this.#options;
    this.#waits += 1;
    if (this.#waits === 1) {
      this.#lookedMs = wall.nowMs();
      this.#end = wall.every(PERIOD_MS, () => this.#look());
    }
    let open = true;
    return () => {
      if (!open || this.#over) return;
      open = false;
      this.#look();
      this.#waits -= 1;
      if (this.#waits === 0) this.#end?.();
    };
  }

  /** Watches no more. */
  close(): void {
    if (this.#waits > 0) this.#end?.();
    this.#over = true;
  }

  #look(): void {
    const { wall, callMs, toleratedMs = TOLERATED_MS } = this.#options;
    const nowMs = wall.nowMs();
    const lateMs = wholeMicroseconds(nowMs - this.#lookedMs - PERIOD_MS);
    this.#lookedMs = nowMs;
    if (lateMs <= toleratedMs) return;
    const { worstMs = 0, times = 0, firstMs = callMs() } = this.#lag ?? {};
    this.#lag = { worstMs: Math.max(worstMs, lateMs), times: times + 1, firstMs };
  }
}
