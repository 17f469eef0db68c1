/** A time limit as a signal, for waits on the world. It knows nothing of what is waited for. */

export type DeadlineOptions = {
  /** The world's clock. */
  readonly wall: { after(ms: number, fn: () => void): () => void };
  /** How long from now on; without it there is no limit until one is set. */
  readonly ms?: number;
  /** Who waits may give up before. */
  readonly signal?: AbortSignal | undefined;
};

/** Ends with the block that it is used in: `using deadline = new Deadline(...)`. */
export class Deadline {
  /** Aborts when the time is over, or with the signal of whoever waits. */
  readonly signal: AbortSignal;
  readonly #wall: DeadlineOptions['wall'];
  readonly #over = new AbortController();
  #callOff: (() => void) | undefined;

  constructor({ wall, ms, signal }: DeadlineOptions) {
    this.#wall = wall;
    this.signal = signal ? AbortSignal.any([signal, this.#over.signal]) : this.#over.signal;
    if (ms !== undefined) this.set(ms);
  }

  /** Whether the time is over, whatever became of the signal. */
  get passed(): boolean {
    return this.#over.signal.aborted;
  }

  /** From now on, so long; what was set before is void. */
  set(ms: number): void {
    this.#callOff?.();
    this.#callOff = this.#wall.after(ms, () => this.#over.abort());
  }

  [Symbol.dispose](): void {
    this.#callOff?.();
  }
}
