import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { bootstrapInterval, detectableDifference, signFlipP, smallestP } from './differences.ts';

const random = seededRandom(1);

describe('the sign-flip test', () => {
  test('tries every combination of few pairs', () => {
    expect(signFlipP([1, 1, 1, 1, 1, 1], random)).toBe(2 / 64);
    expect(signFlipP([1, 1, 1, 1, 1], random)).toBe(2 / 32);
    // Of 16 combinations only those that leave the 4 against the rest, or with it, reach a sum of 10 or of 2 and more.
    expect(signFlipP([4, 3, 2, 1], random)).toBe(2 / 16);
    expect(signFlipP([1, -1], random)).toBe(1);
  });

  test('samples the combinations of many, and comes to the same', () => {
    const many = Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? -1 : 1));
    // The binomial distribution: 10 or fewer, or 20 or more, of 30.
    expect(signFlipP(many, random)).toBeCloseTo(0.0987, 2);
    // All 16384 combinations of these, counted one by one.
    expect(signFlipP([3, -1, 4, 1, -5, 9, 2, -6, 5, 3, 5, 8, -9, 7], random)).toBeCloseTo(0.234, 2);
  });

  test('takes no difference at all for chance', () => {
    expect(signFlipP([0, 0, 0, 0, 0, 0, 0], random)).toBe(1);
  });
});

test('a bootstrap interval holds the mean, is the same each time, and is a point where nothing varies', () => {
  const values = [3, 5, 4, 6, 5, 4, 7, 2];
  // Of 200 000 means that were drawn elsewhere 95 % lie between 3.5 and 5.5; means go by eighths.
  for (let seed = 0; seed < 20; seed++) {
    const [low, high] = bootstrapInterval(values, seededRandom(seed));
    expect(Math.abs(low - 3.5)).toBeLessThanOrEqual(1 / 8);
    expect(Math.abs(high - 5.5)).toBeLessThanOrEqual(1 / 8);
  }
  expect(bootstrapInterval(values, seededRandom(5))).toEqual(bootstrapInterval(values, seededRandom(5)));
  expect(bootstrapInterval([2, 2, 2], seededRandom(5))).toEqual([2, 2]);
});

test('what can be detected shrinks with the root of the pairs and grows with the level, and a single pair can tell nothing', () => {
  const scattered = [-10, 10, -10, 10, -10, 10, -10, 10];
  const few = detectableDifference(scattered, 0.05) ?? 0;
  const many = detectableDifference([...scattered, ...scattered, ...scattered, ...scattered], 0.05) ?? 0;
  expect(few / many).toBeCloseTo(2, 0);
  // (1.96 + 0.84) standard errors of 10.69 / sqrt(8).
  expect(few).toBeCloseTo(10.59, 2);
  expect(detectableDifference(scattered, 0.001)).toBeGreaterThan(few);
  expect(detectableDifference([5], 0.05)).toBeNull();
});

test('the smallest p-value that differences can have counts those that are none', () => {
  expect(smallestP([3, -1, 0, 2, 0])).toBe(2 / 8);
  expect(smallestP([0, 0])).toBe(1);
  expect(signFlipP([3, 1, 0, 2, 0], random)).toBe(2 / 8);
});
