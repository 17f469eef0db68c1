/**
 * The power spectrum of a Hann-windowed frame of 400 real samples. 400 is no power of two, so this is a mixed-radix
 * transform of its own: the 400 real samples count as 200 complex ones (4 x 5 x 5 x 2), which halves the work.
 * Made for this one length; it refuses any other.
 */
import { invariant } from '../../base/errors.ts';

export const FRAME_LENGTH = 400;
/** Frequency bins from 0 Hz to half the sample rate. */
export const BINS = FRAME_LENGTH / 2 + 1;

export class PowerSpectrum {
  readonly #window = periodicHann();
  #re = new Float64Array(HALF);
  #im = new Float64Array(HALF);
  #otherRe = new Float64Array(HALF);
  #otherIm = new Float64Array(HALF);

  /** Writes |FFT|^2 of the windowed frame that starts at `start` into `power` (BINS values). */
  compute(samples: Float32Array | Float64Array, start: number, power: Float64Array): void {
    invariant(power.length === BINS && start >= 0 && start + FRAME_LENGTH <= samples.length, 'frame out of bounds');
    const window = this.#window;
    for (let i = 0; i < HALF; i++) {
      this.#re[i] = (samples[start + 2 * i] as number) * (window[2 * i] as number);
      this.#im[i] = (samples[start + 2 * i + 1] as number) * (window[2 * i + 1] as number);
    }
    this.#transform();
    unfold(this.#re, this.#im, power);
  }

  /** The complex transform of length 200 (Stockham: each pass sorts as it goes, so no bit reversal is needed). */
  #transform(): void {
    let length = HALF;
    let stride = 1;
    for (const { radix, pass } of PASSES) {
      pass({ re: this.#re, im: this.#im, toRe: this.#otherRe, toIm: this.#otherIm, length, stride });
      [this.#re, this.#otherRe] = [this.#otherRe, this.#re];
      [this.#im, this.#otherIm] = [this.#otherIm, this.#im];
      length /= radix;
      stride *= radix;
    }
  }
}

const HALF = FRAME_LENGTH / 2;

/** cos and -sin of 2 pi k / 400: twiddles of every pass, because each pass length divides 400. */
const COS = Float64Array.from({ length: FRAME_LENGTH }, (_, k) => Math.cos((2 * Math.PI * k) / FRAME_LENGTH));
const SIN = Float64Array.from({ length: FRAME_LENGTH }, (_, k) => -Math.sin((2 * Math.PI * k) / FRAME_LENGTH));

/** Periodic: the window of 401 symmetric points without its last. */
function periodicHann(): Float64Array {
  return Float64Array.from({ length: FRAME_LENGTH }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / FRAME_LENGTH));
}

/** One pass: `length` is what is still to be transformed, `stride` how many transforms lie side by side. */
type Pass = {
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly toRe: Float64Array;
  readonly toIm: Float64Array;
  readonly length: number;
  readonly stride: number;
};

/** Splits the two interleaved real halves apart again and squares. */
function unfold(re: Float64Array, im: Float64Array, power: Float64Array): void {
  for (let k = 0; k < BINS; k++) {
    const a = k % HALF;
    const b = (HALF - k) % HALF;
    const evenRe = ((re[a] as number) + (re[b] as number)) / 2;
    const evenIm = ((im[a] as number) - (im[b] as number)) / 2;
    const oddRe = ((im[a] as number) + (im[b] as number)) / 2;
    const oddIm = ((re[b] as number) - (re[a] as number)) / 2;
    const c = COS[k] as number;
    const s = SIN[k] as number;
    const realPart = evenRe + c * oddRe - s * oddIm;
    const imaginaryPart = evenIm + c * oddIm + s * oddRe;
    power[k] = realPart * realPart + imaginaryPart * imaginaryPart;
  }
}

/**
 * The passes. Inputs of one butterfly lie length / radix apart, its outputs side by side, and output k of butterfly q
 * is turned by the angle q k / length. Written out per radix, because this is where an analysis spends its time.
 */
function radix4({ re, im, toRe, toIm, length, stride }: Pass): void {
  const apart = (length / 4) * stride;
  for (let q = 0; q < length / 4; q++) {
    const turn = (FRAME_LENGTH / length) * q;
    for (let r = 0; r < stride; r++) {
      const at = r + stride * q;
      const evenRe = (re[at] as number) + (re[at + 2 * apart] as number);
      const evenIm = (im[at] as number) + (im[at + 2 * apart] as number);
      const evenReMinus = (re[at] as number) - (re[at + 2 * apart] as number);
      const evenImMinus = (im[at] as number) - (im[at + 2 * apart] as number);
      const oddRe = (re[at + apart] as number) + (re[at + 3 * apart] as number);
      const oddIm = (im[at + apart] as number) + (im[at + 3 * apart] as number);
      const oddReMinus = (re[at + apart] as number) - (re[at + 3 * apart] as number);
      const oddImMinus = (im[at + apart] as number) - (im[at + 3 * apart] as number);
      const to = r + stride * 4 * q;
      toRe[to] = evenRe + oddRe;
      toIm[to] = evenIm + oddIm;
      put(toRe, toIm, to + stride, turn, evenReMinus + oddImMinus, evenImMinus - oddReMinus);
      put(toRe, toIm, to + 2 * stride, 2 * turn, evenRe - oddRe, evenIm - oddIm);
      put(toRe, toIm, to + 3 * stride, 3 * turn, evenReMinus - oddImMinus, evenImMinus + oddReMinus);
    }
  }
}

function radix5({ re, im, toRe, toIm, length, stride }: Pass): void {
  const apart = (length / 5) * stride;
  for (let q = 0; q < length / 5; q++) {
    const turn = (FRAME_LENGTH / length) * q;
    for (let r = 0; r < stride; r++) {
      const at = r + stride * q;
      const re0 = re[at] as number;
      const im0 = im[at] as number;
      // Inputs 1 and 4, 2 and 3 meet the same cosines and opposite sines.
      const outerRe = (re[at + apart] as number) + (re[at + 4 * apart] as number);
      const outerIm = (im[at + apart] as number) + (im[at + 4 * apart] as number);
      const outerReMinus = (re[at + apart] as number) - (re[at + 4 * apart] as number);
      const outerImMinus = (im[at + apart] as number) - (im[at + 4 * apart] as number);
      const innerRe = (re[at + 2 * apart] as number) + (re[at + 3 * apart] as number);
      const innerIm = (im[at + 2 * apart] as number) + (im[at + 3 * apart] as number);
      const innerReMinus = (re[at + 2 * apart] as number) - (re[at + 3 * apart] as number);
      const innerImMinus = (im[at + 2 * apart] as number) - (im[at + 3 * apart] as number);
      const cosRe1 = re0 + COS_72 * outerRe + COS_144 * innerRe;
      const cosIm1 = im0 + COS_72 * outerIm + COS_144 * innerIm;
      const cosRe2 = re0 + COS_144 * outerRe + COS_72 * innerRe;
      const cosIm2 = im0 + COS_144 * outerIm + COS_72 * innerIm;
      const sinRe1 = SIN_72 * outerReMinus + SIN_144 * innerReMinus;
      const sinIm1 = SIN_72 * outerImMinus + SIN_144 * innerImMinus;
      const sinRe2 = SIN_144 * outerReMinus - SIN_72 * innerReMinus;
      const sinIm2 = SIN_144 * outerImMinus - SIN_72 * innerImMinus;
      const to = r + stride * 5 * q;
      toRe[to] = re0 + outerRe + innerRe;
      toIm[to] = im0 + outerIm + innerIm;
      put(toRe, toIm, to + stride, turn, cosRe1 + sinIm1, cosIm1 - sinRe1);
      put(toRe, toIm, to + 2 * stride, 2 * turn, cosRe2 + sinIm2, cosIm2 - sinRe2);
      put(toRe, toIm, to + 3 * stride, 3 * turn, cosRe2 - sinIm2, cosIm2 + sinRe2);
      put(toRe, toIm, to + 4 * stride, 4 * turn, cosRe1 - sinIm1, cosIm1 + sinRe1);
    }
  }
}

/** The last pass: nothing is left to turn. */
function radix2({ re, im, toRe, toIm, stride }: Pass): void {
  for (let r = 0; r < stride; r++) {
    toRe[r] = (re[r] as number) + (re[r + stride] as number);
    toIm[r] = (im[r] as number) + (im[r + stride] as number);
    toRe[r + stride] = (re[r] as number) - (re[r + stride] as number);
    toIm[r + stride] = (im[r] as number) - (im[r + stride] as number);
  }
}

const COS_72 = Math.cos((2 * Math.PI) / 5);
const SIN_72 = Math.sin((2 * Math.PI) / 5);
const COS_144 = Math.cos((4 * Math.PI) / 5);
const SIN_144 = Math.sin((4 * Math.PI) / 5);

/** Stores a number turned by `turn` 400ths of a circle. */
function put(toRe: Float64Array, toIm: Float64Array, to: number, turn: number, re: number, im: number): void {
  const c = COS[turn] as number;
  const s = SIN[turn] as number;
  toRe[to] = re * c - im * s;
  toIm[to] = re * s + im * c;
}

const PASSES = [
  { radix: 4, pass: radix4 },
  { radix: 5, pass: radix5 },
  { radix: 5, pass: radix5 },
  { radix: 2, pass: radix2 },
];
