/** The mean squares of the last steps of a track, by their number, so that an edge can be looked for in hindsight. */

import type { Noise } from './noise-level.ts';

/** A power of two, longer than all that is ever looked back. */
const KEPT_STEPS = 512;

/** What 20 ms have to reach to be heard, and what no step of noise exceeds. */
export type Floor = { readonly floor: number; readonly peak: number };

export class StepLevels {
  readonly #energies = new Float64Array(KEPT_STEPS);
  #next = 0;

  /** The number of the next step: so many were kept or skipped. */
  get next(): number {
    return this.#next;
  }

  keep(energy: number): void {
    this.#energies[this.#next % KEPT_STEPS] = energy;
    this.#next += 1;
  }

  /** Goes on with this step; what lies between was silent. */
  skipTo(step: number): void {
    for (let silent = Math.max(this.#next, step - KEPT_STEPS); silent < step; silent++) this.#energies[silent % KEPT_STEPS] = 0;
    this.#next = step;
  }

  /** 0 for a step that is not kept any more or not yet. */
  at(step: number): number {
    return step < 0 || step >= this.#next || step < this.#next - KEPT_STEPS ? 0 : (this.#energies[step % KEPT_STEPS] as number);
  }

  /** Whether the step stands out and lasts: it is louder than any of noise, and some 20 ms that it is a part of are so loud. */
  isHeardAt(step: number, { floor, peak }: Floor): boolean {
    if (this.at(step) < Math.max(floor, peak)) return false;
    for (let end = step; end <= step + 3; end++) if (this.smoothAt(end) >= floor) return true;
    return false;
  }

  /** The mean of this step and the three before it: 20 ms, more than a pitch period of any voice. */
  smoothAt(step: number): number {
    return (this.at(step) + this.at(step - 1) + this.at(step - 2) + this.at(step - 3)) / 4;
  }

  /** How loud it was from `from` on and before `to`: on the whole, in its loudest 20 ms, and in its loudest step. */
  noise(from: number, to: number): Noise & { readonly peak: number } {
    let sum = 0;
    let loudest = 0;
    let peak = 0;
    for (let step = from; step < to; step++) {
      sum += this.at(step);
      peak = Math.max(peak, this.at(step));
      if (step >= from + 3) loudest = Math.max(loudest, this.smoothAt(step));
    }
    return { mean: to > from ? sum / (to - from) : 0, loudest, peak };
  }
}
