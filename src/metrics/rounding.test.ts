import { describe, expect, it } from 'vitest';
import { round2, roundShare } from './rounding.ts';

describe('round2', () => {
  it.each([
    [2.675, 2.67],
    [0.125, 0.12],
    [0.375, 0.38],
    [1.005, 1],
    [-0.125, -0.12],
    [1234.5678, 1234.57],
    [0, 0],
  ])('rounds %d to %d as Python does', (value, expected) => expect(round2(value)).toBe(expected));

  it('never writes a minus before a zero', () => {
    expect(Object.is(round2(-0.001), 0)).toBe(true);
    expect(Object.is(roundShare(-0.00001), 0)).toBe(true);
  });
});
