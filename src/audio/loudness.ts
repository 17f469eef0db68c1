/**
 * How loud the last 400 ms were, as the voice gate wants to know it: BS.1770 loudness of one gating block, on the
 * scale that Pipecat uses. It measures and decides nothing.
 */
import { SAMPLE_RATE_HZ } from './format.ts';

/** One BS.1770 gating block. */
export const LOUDNESS_WINDOW_SAMPLES = 6400;
/** What `measure` is given must be whole blocks of this size. It divides the loudness window and the VAD window. */
const LOUDNESS_BLOCK_SAMPLES = 64;

const BLOCKS = LOUDNESS_WINDOW_SAMPLES / LOUDNESS_BLOCK_SAMPLES;
/** BS.1770's absolute gate. What is quieter counts as silence. */
const GATE_LUFS = -70;
/** Pipecat's scale: -110 LUFS is 0, -10 LUFS is 1, so that the gate lies at 0.4. */
const SCALE_BOTTOM_LUFS = -110;
const SCALE_LU = 100;

/**
 * A rolling loudness meter for one stream. It keeps the energy of the last 100 blocks and adds them up anew each
 * time, so that no rounding error can build up; the K-weighting filter runs on from window to window.
 */
export class LoudnessMeter {
  readonly #blockEnergies = new Float64Array(BLOCKS);
  /** The two delays of the shelf, then those of the high-pass. */
  readonly #delays = new Float64Array(4);
  #nextBlock = 0;
  #heardSamples = 0;

  /** Starts over as if exactly so many samples of digital silence had been heard, and nothing before them. */
  restart(silentSamples = 0): void {
    this.#blockEnergies.fill(0);
    this.#delays.fill(0);
    this.#nextBlock = 0;
    this.#heardSamples = silentSamples;
  }

  /**
   * Takes the next samples (whole blocks of them) and returns the loudness of the last 400 ms on a scale of 0 to 1.
   * It is 0 until 400 ms have been heard, and 0 for what lies below the gate.
   */
  measure(samples: Int16Array): number {
    this.#heardSamples += samples.length;
    for (let start = 0; start < samples.length; start += LOUDNESS_BLOCK_SAMPLES) this.#takeBlock(samples, start);
    if (this.#heardSamples < LOUDNESS_WINDOW_SAMPLES) return 0;
    let energy = 0;
    for (const blockEnergy of this.#blockEnergies) energy += blockEnergy;
    const lufs = -0.691 + 10 * Math.log10(energy / (LOUDNESS_WINDOW_SAMPLES * 32768 * 32768));
    return lufs < GATE_LUFS ? 0 : Math.min(1, (lufs - SCALE_BOTTOM_LUFS) / SCALE_LU);
  }

  #takeBlock(samples: Int16Array, start: number): void {
    const { b0, b1, b2, a1, a2 } = K_WEIGHTING.shelf;
    const { a1: c1, a2: c2 } = K_WEIGHTING.highPass;
    const delays = this.#delays;
    let s1 = delays[0] as number;
    let s2 = delays[1] as number;
    let t1 = delays[2] as number;
    let t2 = delays[3] as number;
    let energy = 0;
    // Direct form II, bracketed so that each sample waits for only one product and one sum of the sample before.
    for (let i = start; i < start + LOUDNESS_BLOCK_SAMPLES; i++) {
      const s0 = (samples[i] as number) - a2 * s2 - a1 * s1;
      const bright = b0 * s0 + b1 * s1 + b2 * s2;
      s2 = s1;
      s1 = s0;
      const t0 = bright - c2 * t2 - c1 * t1;
      // The zeros of the high-pass are those of a second difference; it has no gain of its own.
      const weighted = t0 - 2 * t1 + t2;
      t2 = t1;
      t1 = t0;
      energy += weighted * weighted;
    }
    // Ringing this far below one step of the samples is nothing but slow arithmetic on denormal numbers.
    if (Math.abs(s1) + Math.abs(s2) + Math.abs(t1) + Math.abs(t2) < 1e-20) s1 = s2 = t1 = t2 = 0;
    delays[0] = s1;
    delays[1] = s2;
    delays[2] = t1;
    delays[3] = t2;
    this.#blockEnergies[this.#nextBlock] = energy;
    this.#nextBlock = this.#nextBlock + 1 === BLOCKS ? 0 : this.#nextBlock + 1;
  }
}

type Biquad = { readonly b0: number; readonly b1: number; readonly b2: number; readonly a1: number; readonly a2: number };

/** The K-weighting of BS.1770, bilinear at our rate: a shelf for the head, then a high-pass. */
const K_WEIGHTING: { readonly shelf: Biquad; readonly highPass: Biquad } = {
  shelf: highShelf({ frequencyHz: 1681.974450955533, gainDb: 3.999843853973347, quality: 0.7071752369554196 }),
  highPass: highPass({ frequencyHz: 38.13547087602444, quality: 0.5003270373238773 }),
};

function highShelf({ frequencyHz, gainDb, quality }: { frequencyHz: number; gainDb: number; quality: number }): Biquad {
  const k = Math.tan((Math.PI * frequencyHz) / SAMPLE_RATE_HZ);
  const high = 10 ** (gainDb / 20);
  // Not quite the square root: with this exponent the shelf gives the coefficients printed in BS.1770 at 48 kHz.
  const band = high ** 0.4996667741545416;
  const a0 = 1 + k / quality + k * k;
  return {
    b0: (high + (band * k) / quality + k * k) / a0,
    b1: (2 * (k * k - high)) / a0,
    b2: (high - (band * k) / quality + k * k) / a0,
    a1: (2 * (k * k - 1)) / a0,
    a2: (1 - k / quality + k * k) / a0,
  };
}

function highPass({ frequencyHz, quality }: { frequencyHz: number; quality: number }): Biquad {
  const k = Math.tan((Math.PI * frequencyHz) / SAMPLE_RATE_HZ);
  const a0 = 1 + k / quality + k * k;
  return { b0: 1, b1: -2, b2: 1, a1: (2 * (k * k - 1)) / a0, a2: (1 - k / quality + k * k) / a0 };
}
