/**
 * How many cases of a test run may run at once: as many as there are workers, and fewer as soon as a provider says that
 * it is asked too often. Every case has its own tries, and side by side they would only multiply.
 */
export class SuitePace {
  readonly #most: number;
  #allowed: number;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(workers: number) {
    this.#most = workers;
    this.#allowed = workers;
  }

  async enter(): Promise<void> {
    while (this.#running >= this.#allowed) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
  }

  /** Half as many after a case that was told to wait, one more after one that was not. */
  leave({ throttled }: { readonly throttled: boolean }): void {
    this.#running -= 1;
    this.#allowed = throttled ? Math.max(1, Math.floor(this.#allowed / 2)) : Math.min(this.#most, this.#allowed + 1);
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
