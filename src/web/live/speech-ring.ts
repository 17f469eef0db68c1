/**
 * The sound of one speaker around the playhead, by its place in the call. What was never told is silence. Holds half a
 * minute, so a server that runs ahead of the page overwrites nothing that is still to be heard.
 */

const RING_SAMPLES = 2 ** 19;
/** Speech counts from here on: what a room hums is not worth waiting for. */
const AUDIBLE = 0.003;

export class SpeechRing {
  readonly #samples = new Float32Array(RING_SAMPLES);
  #clearedTo = 0;

  /** `start` counts samples of call time; 16-bit samples become -1 to 1. What has been played already is left out. */
  write(start: number, samples: Int16Array): void {
    for (let i = Math.max(0, this.#clearedTo - start); i < samples.length; i++) {
      this.#samples[(start + i) % RING_SAMPLES] = (samples[i] as number) / 32_768;
    }
  }

  at(sample: number): number {
    return sample < this.#clearedTo || sample >= this.#clearedTo + RING_SAMPLES ? 0 : (this.#samples[sample % RING_SAMPLES] as number);
  }

  isQuiet(from: number, to: number): boolean {
    for (let sample = from; sample < to; sample++) if (Math.abs(this.at(sample)) > AUDIBLE) return false;
    return true;
  }

  /** Forgets what lies before this sample. */
  clearTo(sample: number): void {
    if (sample - this.#clearedTo >= RING_SAMPLES) this.#samples.fill(0);
    else for (let i = this.#clearedTo; i < sample; i++) this.#samples[i % RING_SAMPLES] = 0;
    this.#clearedTo = Math.max(this.#clearedTo, sample);
  }
}
