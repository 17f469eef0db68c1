/**
 * What Smart Turn v3 hears: the last 8 s of a turn as a log-mel picture, 80 bands x 800 frames of 10 ms. The steps
 * and numbers are those the model was trained with (Whisper's front end), so nothing here is open to tuning.
 */
import { SAMPLE_RATE_HZ } from '../../audio/format.ts';
import { MEL_BANDS, melFilters, type MelFilter } from './mel-filters.ts';
import { BINS, FRAME_LENGTH, PowerSpectrum } from './power-spectrum.ts';

export const SEGMENT_SAMPLES = 8 * SAMPLE_RATE_HZ;
export const FEATURE_FRAMES = 800;

/** Turns a turn's audio into features. Keeps its tables and buffers, so make one and use it again. */
export class FeatureExtractor {
  readonly #spectrum = new PowerSpectrum();
  readonly #filters = melFilters();
  readonly #padded = new Float32Array(SEGMENT_SAMPLES + 2 * EDGE);
  readonly #power = new Float64Array(BINS);
  readonly #logMel = new Float64Array(MEL_BANDS * FEATURE_FRAMES);

  /**
   * Returns MEL_BANDS x FEATURE_FRAMES values, band by band; a new array. Audio is 16 kHz mono; of longer audio the
   * end is taken, shorter audio stands at the end behind silence.
   */
  extract(audio: Int16Array): Float32Array {
    const heard = audio.subarray(Math.max(0, audio.length - SEGMENT_SAMPLES));
    const silenceValue = this.#normalise(heard);
    let silentColumn: number | undefined;
    let lastSound = -1;
    let scanned = 0;
    for (let frame = 0; frame < FEATURE_FRAMES; frame++) {
      const start = frame * HOP;
      for (; scanned < start + FRAME_LENGTH; scanned++) {
        if (this.#padded[scanned] !== silenceValue) lastSound = scanned;
      }
      // Frames of nothing but digital silence are all alike, and a short turn is mostly those: one is enough.
      const silent = lastSound < start;
      if (silent && silentColumn !== undefined) this.#copyColumn({ from: silentColumn, to: frame });
      else this.#fillColumn(frame);
      if (silent) silentColumn ??= frame;
    }
    return scaled(this.#logMel);
  }

  /**
   * Fills the padded buffer with the segment at zero mean and unit variance, its edges reflected, and returns the
   * value that digital silence has become. Mean and variance go over the padding too.
   */
  #normalise(heard: Int16Array): number {
    let sum = 0;
    let squares = 0;
    for (const sample of heard) {
      sum += sample;
      squares += sample * sample;
    }
    const mean = sum / FULL_SCALE / SEGMENT_SAMPLES;
    const variance = squares / FULL_SCALE ** 2 / SEGMENT_SAMPLES - mean * mean;
    const deviation = Math.sqrt(Math.max(0, variance) + VARIANCE_FLOOR);
    const padded = this.#padded;
    const silenceValue = Math.fround(-mean / deviation);
    const soundAt = EDGE + SEGMENT_SAMPLES - heard.length;
    padded.fill(silenceValue, 0, soundAt);
    for (let i = 0; i < heard.length; i++) padded[soundAt + i] = ((heard[i] as number) / FULL_SCALE - mean) / deviation;
    for (let i = 1; i <= EDGE; i++) {
      padded[EDGE - i] = padded[EDGE + i] as number;
      padded[EDGE + SEGMENT_SAMPLES - 1 + i] = padded[EDGE + SEGMENT_SAMPLES - 1 - i] as number;
    }
    return silenceValue;
  }

  #fillColumn(frame: number): void {
    const power = this.#power;
    this.#spectrum.compute(this.#padded, frame * HOP, power);
    for (let band = 0; band < MEL_BANDS; band++) {
      const { firstBin, weights } = this.#filters[band] as MelFilter;
      let energy = 0;
      for (let i = 0; i < weights.length; i++) energy += (weights[i] as number) * (power[firstBin + i] as number);
      this.#logMel[band * FEATURE_FRAMES + frame] = Math.log10(Math.max(energy, ENERGY_FLOOR));
    }
  }

  #copyColumn({ from, to }: { readonly from: number; readonly to: number }): void {
    for (let row = 0; row < this.#logMel.length; row += FEATURE_FRAMES) {
      this.#logMel[row + to] = this.#logMel[row + from] as number;
    }
  }
}

/** 10 ms between frames of 25 ms; frames are centred, so half a frame is added at either end. */
const HOP = 160;
const EDGE = FRAME_LENGTH / 2;
const FULL_SCALE = 32_768;
const VARIANCE_FLOOR = 1e-7;
const ENERGY_FLOOR = 1e-10;

/** Everything more than 8 (80 dB) below the loudest value is cut off, then the range is brought near zero. */
function scaled(logMel: Float64Array): Float32Array {
  let loudest = -Infinity;
  for (const value of logMel) if (value > loudest) loudest = value;
  const features = new Float32Array(logMel.length);
  for (let i = 0; i < features.length; i++) features[i] = (Math.max(logMel[i] as number, loudest - 8) + 4) / 4;
  return features;
}
