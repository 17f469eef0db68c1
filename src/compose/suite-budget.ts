/**
 * The budget of a whole test run, lent in parts to the cases that run side by side. A case keeps within its part by
 * itself; what it cannot have spent comes back when it is over. Knows dollars, and nothing of what costs them.
 */
/** Parts are told to people: millionths of a dollar, as costs are. */
const PARTS_OF_USD = 1e6;
/** By how much more is tried after a part that did not suffice. */
const MORE_THAN_TOO_LITTLE = 1.5;

export class SuiteBudget {
  readonly #limitUsd: number;
  readonly #workers: number;
  #freeUsd: number;
  #lent = 0;
  /** What a case seems to need, by those before it: with less than that none is begun. */
  #neededUsd = 0;
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
      const wanted = Math.floor(Math.max(share, this.#neededUsd) * PARTS_OF_USD) / PARTS_OF_USD;
      if (wanted > 0 && wanted <= this.#freeUsd) {
        this.#freeUsd -= wanted;
        this.#lent += 1;
        return wanted;
      }
      if (this.#lent === 0) return undefined;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** `spentUsd`: the most that it can have spent. `usedUp`: it was ended because its part did not suffice. */
  giveBack(borrowedUsd: number, { spentUsd, usedUp }: { readonly spentUsd: number; readonly usedUp: boolean }): void {
    const spent = Math.min(borrowedUsd, spentUsd);
    this.#freeUsd += borrowedUsd - spent;
    this.#lent -= 1;
    this.#neededUsd = Math.max(this.#neededUsd, usedUp ? borrowedUsd * MORE_THAN_TOO_LITTLE : spent);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Why another case is not begun. */
  get usedUp(): string {
    return `it was not run: $${this.#freeUsd.toFixed(4)} of the budget of $${this.#limitUsd} is left, and a case may need $${this.#neededUsd.toFixed(4)}`;
  }
}
