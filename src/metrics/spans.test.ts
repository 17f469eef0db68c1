import { describe, expect, it } from 'vitest';
import { covers, gaps, merge, overlaps, totalMs } from './spans.ts';

const span = (startMs: number, endMs: number) => ({ startMs, endMs });

describe('spans', () => {
  it('merges what overlaps or touches, in any order', () => {
    expect(merge([span(5, 8), span(0, 3), span(3, 4), span(6, 7), span(9, 9)])).toEqual([span(0, 4), span(5, 8)]);
  });

  it('finds what two lists share', () => {
    expect(overlaps([span(0, 10), span(20, 30)], [span(8, 22), span(30, 40)])).toEqual([span(8, 10), span(20, 22)]);
    expect(totalMs([span(8, 10), span(20, 22)])).toBe(4);
  });

  it('finds what is left uncovered of the whole, at its ends too', () => {
    expect(gaps([span(2, 4), span(3, 6), span(12, 20)], span(0, 10))).toEqual([span(0, 2), span(6, 10)]);
    expect(gaps([], span(0, 10))).toEqual([span(0, 10)]);
    expect(gaps([span(-5, 3)], span(0, 10))).toEqual([span(3, 10)]);
  });

  it('counts a start as covered and an end as not', () => {
    expect([covers([span(1, 2)], 1), covers([span(1, 2)], 2)]).toEqual([true, false]);
  });
});
