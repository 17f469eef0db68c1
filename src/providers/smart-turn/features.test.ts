import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { FEATURE_FRAMES, FeatureExtractor, SEGMENT_SAMPLES } from './features.ts';
import { MEL_BANDS, melFilters } from './mel-filters.ts';

const extractor = new FeatureExtractor();

/** A voice-like sound: a gliding tone with overtones, noise, and pauses of digital silence. */
function sound(count: number, seed = 1): Int16Array {
  const random = seededRandom(seed);
  return Int16Array.from({ length: count }, (_, i) => {
    if (i % 20_000 > 15_000) return 0;
    const phase = i * 0.05 * (1 + i / count);
    return Math.round(6000 * Math.sin(phase) + 2000 * Math.sin(3.1 * phase) + 1500 * (random.next() - 0.5));
  });
}

/** The same features, written down a second time as plainly as possible: a DFT by its definition, all in float64. */
function plainFeatures(audio: Int16Array): number[][] {
  const heard = Array.from(audio.slice(-SEGMENT_SAMPLES), (sample) => sample / 32_768);
  const segment = [...Array.from({ length: SEGMENT_SAMPLES - heard.length }, () => 0), ...heard];
  const mean = segment.reduce((sum, x) => sum + x, 0) / segment.length;
  const variance = segment.reduce((sum, x) => sum + (x - mean) ** 2, 0) / segment.length;
  const normal = segment.map((x) => (x - mean) / Math.sqrt(variance + 1e-7));
  const padded = [...normal.slice(1, 201).reverse(), ...normal, ...normal.slice(-201, -1).reverse()];
  const cosines = Array.from({ length: 400 }, (_, i) => Math.cos((2 * Math.PI * i) / 400));
  const sines = Array.from({ length: 400 }, (_, i) => Math.sin((2 * Math.PI * i) / 400));
  const filters = plainFilters();
  const logMel: number[][] = filters.map(() => []);
  for (let frame = 0; frame < 800; frame++) {
    const windowed = padded.slice(frame * 160, frame * 160 + 400).map((x, n) => x * (0.5 - 0.5 * (cosines[n] as number)));
    const power: number[] = [];
    for (let k = 0; k <= 200; k++) {
      let re = 0;
      let im = 0;
      for (let n = 0; n < 400; n++) {
        re += (windowed[n] as number) * (cosines[(k * n) % 400] as number);
        im -= (windowed[n] as number) * (sines[(k * n) % 400] as number);
      }
      power.push(re * re + im * im);
    }
    for (const [band, weights] of filters.entries()) {
      const energy = weights.reduce((sum, weight, k) => sum + weight * (power[k] as number), 0);
      logMel[band]?.push(Math.log10(Math.max(energy, 1e-10)));
    }
  }
  const loudest = Math.max(...logMel.map((row) => Math.max(...row)));
  return logMel.map((row) => row.map((value) => (Math.max(value, loudest - 8) + 4) / 4));
}

function plainFilters(): number[][] {
  const hz = (mel: number): number => (mel < 15 ? (mel * 200) / 3 : 1000 * 6.4 ** ((mel - 15) / 27));
  const highestMel = 15 + (27 * Math.log(8)) / Math.log(6.4);
  const corners = Array.from({ length: 82 }, (_, i) => hz((highestMel * i) / 81));
  return Array.from({ length: 80 }, (_, m) => {
    const [a, b, c] = corners.slice(m, m + 3) as [number, number, number];
    return Array.from({ length: 201 }, (_, k) => {
      const triangle = Math.max(0, Math.min((k * 40 - a) / (b - a), (c - k * 40) / (c - b)));
      return (triangle * 2) / (c - a);
    });
  });
}

function largestDifference(features: Float32Array, plain: readonly (readonly number[])[]): number {
  let largest = 0;
  for (const [i, value] of features.entries()) {
    const expected = plain[Math.floor(i / FEATURE_FRAMES)]?.[i % FEATURE_FRAMES] as number;
    largest = Math.max(largest, Math.abs(value - expected));
  }
  return largest;
}

describe('features', () => {
  // Samples are normalised in float32, as the model's own front end does: that alone gives differences near 1e-6.
  it('equal a plain float64 computation for a turn that fills the 8 s', () => {
    const audio = sound(SEGMENT_SAMPLES + 3000);
    expect(largestDifference(extractor.extract(audio), plainFeatures(audio))).toBeLessThan(2e-5);
  });

  it('equal a plain float64 computation for a short turn, most of which is padding', () => {
    const audio = sound(31_337);
    expect(largestDifference(extractor.extract(audio), plainFeatures(audio))).toBeLessThan(2e-5);
  });

  it('equal a plain float64 computation for a turn of a few samples', () => {
    const audio = sound(150);
    expect(largestDifference(extractor.extract(audio), plainFeatures(audio))).toBeLessThan(2e-5);
  });

  it('are 80 bands of 800 frames', () => {
    expect(extractor.extract(sound(16_000))).toHaveLength(MEL_BANDS * FEATURE_FRAMES);
  });

  it('are the same value everywhere for digital silence', () => {
    // log10 of the floor is -10, and (-10 + 4) / 4 is -1.5.
    expect(new Set(extractor.extract(new Int16Array(48_000)))).toEqual(new Set([-1.5]));
    expect(new Set(extractor.extract(new Int16Array(0)))).toEqual(new Set([-1.5]));
  });

  it('have the sound at the end, whatever the length of the turn', () => {
    const random = seededRandom('noise');
    const features = extractor.extract(Int16Array.from({ length: 16_000 }, () => 4000 * random.normal()));
    const meanOf = (from: number, to: number): number => {
      let sum = 0;
      for (let band = 0; band < MEL_BANDS; band++) {
        for (let frame = from; frame < to; frame++) sum += features[band * FEATURE_FRAMES + frame] as number;
      }
      return sum / (MEL_BANDS * (to - from));
    };
    expect(meanOf(705, 795)).toBeGreaterThan(meanOf(0, 690) + 0.3);
  });

  it('are what they are when only zeros are put in front', () => {
    const audio = sound(20_000);
    const longer = new Int16Array(60_000);
    longer.set(audio, 40_000);
    expect(extractor.extract(longer)).toEqual(extractor.extract(audio));
  });

  it('do not depend on what lies before the last 8 s', () => {
    const audio = sound(SEGMENT_SAMPLES);
    const longer = new Int16Array(SEGMENT_SAMPLES + 5000).fill(99);
    longer.set(audio, 5000);
    expect(extractor.extract(longer)).toEqual(extractor.extract(audio));
  });

  it('span at most 2, the range of 80 dB', () => {
    const features = extractor.extract(sound(100_000));
    expect(Math.max(...features) - Math.min(...features)).toBeLessThanOrEqual(2 + 1e-6);
  });

  it('leave nothing behind for the next turn', () => {
    const before = extractor.extract(sound(20_000));
    extractor.extract(sound(128_000, 2));
    expect(extractor.extract(sound(20_000))).toEqual(before);
  });
});

describe('mel filters', () => {
  it('are those of the plain formula', () => {
    const plain = plainFilters();
    for (const [band, { firstBin, weights }] of melFilters().entries()) {
      const dense = Array.from({ length: 201 }, (_, bin) => weights[bin - firstBin] ?? 0);
      for (const [bin, weight] of dense.entries()) expect(weight).toBeCloseTo(plain[band]?.[bin] as number, 12);
    }
  });
});
