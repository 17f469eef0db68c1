import { expect, test } from 'vitest';
import { Decimator } from './page/decimator.ts';

test('a tone within the band comes through as it is, one above the band does not', () => {
  expect(levelOf(1_000)).toBeCloseTo(1, 2);
  expect(levelOf(6_000)).toBeCloseTo(1, 1);
  expect(levelOf(9_000)).toBeLessThan(0.01);
  expect(levelOf(15_500)).toBeLessThan(0.01);
});

test('frames do not depend on how the sound was cut into pieces', () => {
  const whole = decimate(tone(700, 4_800), [4_800]);
  expect(whole).toHaveLength(5 * 320);
  expect(decimate(tone(700, 4_800), [1, 480, 7, 960, 1_000])).toEqual(whole);
});

test('sound at 16 kHz is only cut into frames, and what is too loud is held at the limit', () => {
  const frames: Int16Array[] = [];
  const decimator = new Decimator(16_000, (samples) => frames.push(samples));
  decimator.push(Float32Array.from({ length: 320 }, (_, n) => (n % 2 === 0 ? 2 : -0.5)));
  expect(frames).toHaveLength(1);
  expect([...(frames[0] ?? [])].slice(0, 2)).toEqual([32_767, -16_383]);
});

test('a rate that is no multiple is refused', () => {
  expect(() => new Decimator(44_100, () => undefined)).toThrow('44100 Hz');
});

/** Amplitude of a full-scale tone after decimation from 48 kHz. */
function levelOf(hertz: number): number {
  const samples = decimate(tone(hertz, 48_000), [480]).slice(1_600);
  return Math.sqrt((2 * samples.reduce((sum, sample) => sum + sample * sample, 0)) / samples.length) / 32_767;
}

function tone(hertz: number, samples: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, n) => Math.sin((2 * Math.PI * hertz * n) / 48_000));
}

/** Pushes pieces of these lengths, again and again. */
function decimate(sound: Float32Array, lengths: readonly number[]): number[] {
  const out: number[] = [];
  const decimator = new Decimator(48_000, (samples) => out.push(...samples));
  for (let start = 0, piece = 0; start < sound.length; piece++) {
    const length = lengths[piece % lengths.length] ?? 1;
    decimator.push(sound.subarray(start, start + length));
    start += length;
  }
  return out;
}
