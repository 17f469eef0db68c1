/**
 * How loud a line is while nobody speaks on it: the loudest step of the quietest tenth of a second that was heard
 * within the last two seconds. Speech leaves such gaps open, between words if not before; noise does not.
 */

/** A tenth of a second of the detector's steps. */
const BLOCK_STEPS = 20;
/** Two seconds. Fluent speech without a gap of a tenth is shorter, as a rule. */
const BLOCKS = 20;

export class NoiseLevel {
  /** The energy of the last blocks, and the loudest step of each. A line is silent before anything is heard on it. */
  readonly #energies = new Float64Array(BLOCKS);
  readonly #loudest = new Float64Array(BLOCKS);
  #block = 0;
  #steps = 0;
  #energy = 0;
  #peak = 0;
  #level = 0;

  /** Mean square of one step; 0 until two seconds after digital silence, since what comes first may be speech. */
  get level(): number {
    return this.#level;
  }

  hear(energy: number): void {
    this.#energy += energy;
    if (energy > this.#peak) this.#peak = energy;
    this.#steps += 1;
    if (this.#steps === BLOCK_STEPS) this.#endBlock();
  }

  /** The line was digitally silent: what it sounded like before says nothing of what comes now. */
  forget(): void {
    this.#energies.fill(0);
    this.#loudest.fill(0);
    this.#steps = this.#energy = this.#peak = this.#level = 0;
  }

  #endBlock(): void {
    this.#energies[this.#block] = this.#energy;
    this.#loudest[this.#block] = this.#peak;
    this.#block = (this.#block + 1) % BLOCKS;
    this.#steps = this.#energy = this.#peak = 0;
    let quietest = 0;
    for (let block = 1; block < BLOCKS; block++) {
      if ((this.#energies[block] as number) < (this.#energies[quietest] as number)) quietest = block;
    }
    this.#level = this.#loudest[quietest] as number;
  }
}
