/**
 * At most so many draws a second, however fast events come: what comes too soon after a draw is drawn together when
 * its time has come, and nothing that was requested is left undrawn. The first frame is the caller's.
 */
import type { WallClock } from '../clock/wall-clock.ts';

/** Smooth enough to follow, and it leaves the processor to the call. */
export const DRAWS_PER_SECOND = 15;

export class FramePacer {
  readonly #wall: WallClock;
  readonly #draw: () => void;
  #drawnMs: number;
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor({ wall, draw }: { wall: WallClock; draw: () => void }) {
    this.#wall = wall;
    this.#draw = draw;
    this.#drawnMs = wall.nowMs();
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
