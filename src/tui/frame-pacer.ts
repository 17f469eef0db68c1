/**
 * At most so many draws a second, however fast events come: the first request draws at once, those that come too
 * soon are drawn together when their time has come. Nothing that was requested is left undrawn.
 */
import type { WallClock } from '../clock/wall-clock.ts';

/** Smooth enough to follow, and it leaves the processor to the call. */
export const DRAWS_PER_SECOND = 15;

export class FramePacer {
  readonly #wall: WallClock;
  readonly #draw: () => void;
  #drawnMs = -Infinity;
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor({ wall, draw }: { wall: WallClock; draw: () => void }) {
    this.#wall = wall;
    this.#draw = draw;
  }

  request(): void {
    if (this.#cancel || this.#stopped) return;
    const dueMs = this.#drawnMs + 1000 / DRAWS_PER_SECOND - this.#wall.nowMs();
    if (dueMs <= 0) this.now();
    else this.#cancel = this.#wall.after(dueMs, () => this.now());
  }

  /** Draws whatever is due; for what must not wait, such as a new size. */
  now(): void {
    if (this.#stopped) return;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#drawnMs = this.#wall.nowMs();
    this.#draw();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
