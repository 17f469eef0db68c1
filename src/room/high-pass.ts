/**
 * Takes out of a track what is under 100 Hz: the hum of the mains and the rumble of a table. Microphones pick it up more
 * than ears do, and a phone or a laptop does not even play it, but it would cover soft sounds in any measure of energy.
 */
import { SAMPLE_RATE_HZ } from '../audio/format.ts';

/** Two first-order filters, one after the other: 50 Hz comes out 14 dB softer, 200 Hz 2 dB, 500 Hz as it was. */
const CUTOFF_HZ = 100;
const TANGENT = Math.tan((Math.PI * CUTOFF_HZ) / SAMPLE_RATE_HZ);
const GAIN = 1 / (1 + TANGENT);
const DECAY = (1 - TANGENT) / (1 + TANGENT);

export class HighPass {
  #sample = 0;
  #once = 0;
  #twice = 0;

  /** What is left of these samples, which follow those of the last call; the same scale. Into `filtered`, if that is given. */
  filter(samples: Int16Array | Float64Array, filtered = new Float64Array(samples.length)): Float64Array {
    let lastSample = this.#sample;
    let lastOnce = this.#once;
    let twice = this.#twice;
    for (let i = 0; i < samples.length; i++) {
      const sample = samples[i] as number;
      const once = GAIN * (sample - lastSample) + DECAY * lastOnce;
      twice = GAIN * (once - lastOnce) + DECAY * twice;
      lastSample = sample;
      lastOnce = once;
      filtered[i] = twice;
    }
    this.#sample = lastSample;
    this.#once = lastOnce;
    this.#twice = twice;
    return filtered;
  }

  /** The track was digitally silent. */
  reset(): void {
    this.#sample = this.#once = this.#twice = 0;
  }
}
