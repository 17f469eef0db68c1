/**
 * What arrived of one participant's sound, kept long enough that any word can be asked for. It judges no text: it
 * says how much of a span arrived and how loud the span is, and nothing else.
 */
import { FRAME_MS, msToSamples } from '../audio/format.ts';
import type { AudioFrame } from '../audio/frame.ts';
import { meanSquare } from '../audio/level.ts';

/** The same grain as the speech detector's. */
const STEP_MS = 5;
const STEP_SAMPLES = msToSamples(STEP_MS);
const FRAME_STEPS = FRAME_MS / STEP_MS;
/** 41 s: a word of sixty figures, the longest that the offline voice reads out, takes about half of it. */
const KEPT_STEPS = 8192;

export type SpanLevel = {
  /** The share of the span, 0 to 1, that arrived as sound; digital silence is none. */
  readonly arrived: number;
  /** The mean square of the whole span, in samples squared. */
  readonly energy: number;
};

export class ArrivedSound {
  readonly #energies = new Float64Array(KEPT_STEPS);
  #steps = 0;

  /** Takes what arrived of the next 20 ms, undefined for nothing; returns its mean square. */
  hear(frame: AudioFrame | undefined): number {
    let sum = 0;
    for (let n = 0; n < FRAME_STEPS; n++) {
      const energy = frame === undefined || frame.silent ? 0 : meanSquare(frame.samples, n * STEP_SAMPLES, (n + 1) * STEP_SAMPLES);
      this.#energies[this.#steps++ % KEPT_STEPS] = energy;
      sum += energy;
    }
    return sum / FRAME_STEPS;
  }

  /** The level of a span that counts in samples from the start of the newest frame; it may begin before it. */
  levelOf(startSample: number, endSample: number): SpanLevel {
    const newest = this.#steps - FRAME_STEPS;
    const first = newest + Math.floor(startSample / STEP_SAMPLES);
    const end = Math.min(newest + Math.ceil(endSample / STEP_SAMPLES), this.#steps);
    if (end <= first) return { arrived: 0, energy: 0 };
    let arrived = 0;
    let sum = 0;
    // What is older than all that is kept counts as not arrived.
    for (let step = Math.max(first, 0, this.#steps - KEPT_STEPS); step < end; step++) {
      const energy = this.#energies[step % KEPT_STEPS] as number;
      if (energy > 0) arrived += 1;
      sum += energy;
    }
    return { arrived: arrived / (end - first), energy: sum / (end - first) };
  }
}
