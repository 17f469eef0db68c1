/**
 * A wall clock that leaps over every wait: whoever sleeps wakes at once and finds that much time gone. Time limits are
 * those of this machine, because they guard what is real: sockets and processes.
 */
import { systemWallClock, type WallClock } from '../clock/wall-clock.ts';

export class SkippingWall implements WallClock {
  /** Each wait that was leapt over, in the order of their beginning. */
  readonly sleptMs: number[] = [];
  /** Called before each wait, which it may end. */
  onSleep: (count: number) => void = () => {};
  #nowMs = 0;

  nowMs(): number {
    return this.#nowMs;
  }

  epochMs(): number {
    return this.#nowMs;
  }

  after(ms: number, fn: () => void): () => void {
    return systemWallClock.after(ms, fn);
  }

  every(ms: number, fn: () => void): () => void {
    return systemWallClock.every(ms, fn);
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.sleptMs.push(ms);
    this.onSleep(this.sleptMs.length);
    this.#nowMs += ms;
    await systemWallClock.yieldToProcess();
    signal?.throwIfAborted();
  }

  yieldToProcess(): Promise<void> {
    return systemWallClock.yieldToProcess();
  }
}
