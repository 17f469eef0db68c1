/**
 * From the rate of a WebRTC track to bottalk's frames: a linear-phase low-pass filter, then every n-th sample. Only
 * whole factors, because tracks of a call come at 48 kHz. Runs in the page's worker.
 */
import { FRAME_SAMPLES, SAMPLE_RATE_HZ } from '../../../audio/format.ts';

/** Taps for each step of the factor: at 48 kHz the filter falls from 6.5 to 8.4 kHz and delays by 1 ms. */
const TAPS_PER_STEP = 32;
const CUTOFF_HZ = 7_400;

export class Decimator {
  readonly #factor: number;
  readonly #taps: Float32Array;
  readonly #onFrame: (samples: Int16Array<ArrayBuffer>) => void;
  /** Input that later output still needs. */
  #kept: Float32Array;
  #frame = new Int16Array(FRAME_SAMPLES);
  #filled = 0;

  /** Each whole frame is handed to `onFrame`, which may keep it. Throws for a rate that is no multiple of 16 kHz. */
  constructor(rateHz: number, onFrame: (samples: Int16Array<ArrayBuffer>) => void) {
    this.#factor = rateHz / SAMPLE_RATE_HZ;
    if (!Number.isInteger(this.#factor)) throw new Error(`a track came at ${rateHz} Hz`);
    this.#taps = this.#factor === 1 ? Float32Array.of(1) : lowPass(this.#factor * TAPS_PER_STEP + 1, CUTOFF_HZ / rateHz);
    // Silence before the first sample, so that the first output is there at once.
    this.#kept = new Float32Array(this.#taps.length - 1);
    this.#onFrame = onFrame;
  }

  /** Takes samples between -1 and 1. */
  push(samples: Float32Array): void {
    const taps = this.#taps;
    const input = new Float32Array(this.#kept.length + samples.length);
    input.set(this.#kept);
    input.set(samples, this.#kept.length);
    let start = 0;
    for (; start + taps.length <= input.length; start += this.#factor) {
      let sum = 0;
      for (let tap = 0; tap < taps.length; tap++) sum += (input[start + tap] as number) * (taps[tap] as number);
      this.#emit(sum);
    }
    this.#kept = input.slice(start);
  }

  #emit(value: number): void {
    this.#frame[this.#filled++] = Math.round(Math.max(-1, Math.min(1, value)) * 32_767);
    if (this.#filled < FRAME_SAMPLES) return;
    this.#onFrame(this.#frame);
    this.#frame = new Int16Array(FRAME_SAMPLES);
    this.#filled = 0;
  }
}

/** A windowed sinc (Hamming) whose taps add up to 1; the cutoff counts in parts of the rate. */
function lowPass(count: number, cutoff: number): Float32Array {
  const middle = (count - 1) / 2;
  const taps = Float64Array.from({ length: count }, (_, n) => {
    const x = n - middle;
    const sinc = x === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * x) / (Math.PI * x);
    return sinc * (0.54 - 0.46 * Math.cos((2 * Math.PI * n) / (count - 1)));
  });
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return Float32Array.from(taps, (tap) => tap / sum);
}
