/**
 * The budget of a whole test run, lent in parts to the cases that run side by side. A case keeps within its part by
 * itself; what it cannot have spent comes back when it is over. Knows dollars, and nothing of what costs them.
 */
export class SuiteBudget {
  readonly #limitUsd: number;
  readonly #workers: number;
  #freeUsd: number;
  #lent = 0;
  /** What the dearest case so far can have cost: with less than that none is begun. */
  #dearestUsd = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limitUsd: number, workers: number) {
    this.#limitUsd = limitUsd;
    this.#freeUsd = limitUsd;
    this.#workers = workers;
  }

  /**
   * The most that the next case may spend: its share of what nobody holds. Waits while that is too little and others may
   * give something back; undefined when it stays too little.
   */
  async borrow(): Promise<number | undefined> {
    for (;;) {
      const share = this.#freeUsd / Math.max(1, this.#workers - this.#lent);
      const wanted = share >= this.#dearestUsd ? share : this.#dearestUsd;
      if (wanted > 0 && wanted <= this.#freeUsd) {
        this.#freeUsd -= wanted;
        this.#lent += 1;
        return wanted;
      }
      if (this.#lent === 0) return undefined;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** `spentUsd`: the most that it can have spent. */
  giveBack(borrowedUsd: number, spentUsd: number): void {
    const spent = Math.min(borrowedUsd, spentUsd);
    this.#freeUsd += borrowedUsd - spent;
    this.#lent -= 1;
    this.#dearestUsd = Math.max(this.#dearestUsd, spent);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Why another case is not begun. */
  get usedUp(): string {
    const [left, dearest] = [this.#freeUsd, this.#dearestUsd].map((usd) => `$${usd.toFixed(4)}`);
    return `it was not run: of the budget of $${this.#limitUsd} ${left} is left, and a case before it cost up to ${dearest}`;
  }
}
