/**
 * How loud a line is while nobody speaks on it. Where nobody speaks, the quietest tenth of the last two seconds says it.
 * Fluent speech has no such tenth for seconds and would be taken for noise; it has shorter gaps, but it takes five
 * seconds to be sure of one.
 */

/** Mean squares of steps: of all together, and of the loudest one. */
export type Noise = { readonly mean: number; readonly loudest: number };

/** 25 ms of the detector's steps, which fit into the closure of a stop consonant; and a tenth of a second. */
const GAP_STEPS = 5;
const TENTH_STEPS = 20;
/** Two seconds, and five. The longest sentences of the offline voices have a gap every four seconds. */
const LATELY_STEPS = 400;
const LONG_STEPS = 1000;
/**
 * How far the loudest tenth of two seconds lies over their quietest gap: 18.5 dB at least where one of the offline voices
 * speaks in silence, 17.3 dB at most where six speak at once, next to nothing in steady noise.
 */
const ONE_SPEAKER = 10 ** (18 / 10);

const SILENT_LINE: Noise = Object.freeze({ mean: 0, loudest: 0 });

export class NoiseLevel {
  readonly #tenths = new Stretches(TENTH_STEPS, LATELY_STEPS);
  readonly #gaps = new Stretches(GAP_STEPS, LATELY_STEPS);
  readonly #gapsForLong = new Stretches(GAP_STEPS, LONG_STEPS);
  readonly #all = [this.#tenths, this.#gaps, this.#gapsForLong];

  /** While nobody speaks. Silent until two seconds after digital silence, since what comes first may be speech. */
  get now(): Noise {
    return this.#tenths.quietest;
  }

  /** While somebody is heard on a line that was like this before: it may have become louder. */
  within(before: Noise): Noise {
    // Noise that began with a line seems to be somebody, but not one.
    if (before.mean === 0 && this.#tenths.most < ONE_SPEAKER * this.#gaps.quietest.mean) return this.now;
    return this.#gapsForLong.quietest.mean > before.mean ? this.#gapsForLong.quietest : before;
  }

  hear(energy: number): void {
    for (const stretches of this.#all) stretches.hear(energy);
  }

  /** The line was digitally silent: what it sounded like before says nothing of what comes now. */
  forget(): void {
    for (const stretches of this.#all) stretches.forget();
  }
}

/** The last stretches of so many steps each. */
class Stretches {
  readonly #steps: number;
  /** The mean of each stretch, and its loudest step. A line is silent before anything is heard on it. */
  readonly #means: Float64Array;
  readonly #loudest: Float64Array;
  #next = 0;
  #heard = 0;
  #energy = 0;
  #peak = 0;
  #quietest: Noise = SILENT_LINE;
  #most = 0;

  constructor(steps: number, ofSteps: number) {
    this.#steps = steps;
    this.#means = new Float64Array(ofSteps / steps);
    this.#loudest = new Float64Array(ofSteps / steps);
  }

  get quietest(): Noise {
    return this.#quietest;
  }

  /** The mean of the loudest stretch. */
  get most(): number {
    return this.#most;
  }

  hear(energy: number): void {
    this.#energy += energy;
    if (energy > this.#peak) this.#peak = energy;
    this.#heard += 1;
    if (this.#heard === this.#steps) this.#end();
  }

  forget(): void {
    this.#means.fill(0);
    this.#loudest.fill(0);
    this.#heard = this.#energy = this.#peak = this.#most = 0;
    this.#quietest = SILENT_LINE;
  }

  #end(): void {
    this.#means[this.#next] = this.#energy / this.#steps;
    this.#loudest[this.#next] = this.#peak;
    this.#next = (this.#next + 1) % this.#means.length;
    this.#heard = this.#energy = this.#peak = 0;
    let quietest = 0;
    let most = 0;
    for (let n = 1; n < this.#means.length; n++) {
      if ((this.#means[n] as number) < (this.#means[quietest] as number)) quietest = n;
      if ((this.#means[n] as number) > (this.#means[most] as number)) most = n;
    }
    this.#quietest = { mean: this.#means[quietest] as number, loudest: this.#loudest[quietest] as number };
    this.#most = this.#means[most] as number;
  }
}
