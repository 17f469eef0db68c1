/** Gives up on a stream that keeps silent for too long: a timer that aborts a signal. */
import type { WallClock } from '../../clock/wall-clock.ts';

export class StreamDeadline {
  readonly #wall: WallClock;
  readonly #abort = new AbortController();
  #callOff: (() => void) | undefined;

  constructor(wall: WallClock) {
    this.#wall = wall;
  }

  /** Aborts when the deadline has passed. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get passed(): boolean {
    return this.#abort.signal.aborted;
  }

  /** From now on, so long; what was set before is void. */
  set(ms: number): void {
    this.#callOff?.();
    this.#callOff = this.#wall.after(ms, () => this.#abort.abort());
  }

  [Symbol.dispose](): void {
    this.#callOff?.();
  }
}
