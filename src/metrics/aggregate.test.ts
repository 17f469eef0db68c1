import { describe, expect, it } from 'vitest';
import { percentile, rateOf, summarize } from './aggregate.ts';

describe('percentile', () => {
  it.each([
    [1, 1],
    [2, 2],
    [10, 10],
    [19, 19],
    [20, 20],
    [21, 20],
    [40, 39],
    [100, 96],
  ])('takes the 95th of 1..%d to be %d, as dashboards of Pipecat do', (n, expected) => {
    expect(percentile(Array.from({ length: n }, (_, i) => i + 1), 0.95)).toBe(expected);
  });
});

describe('summarize', () => {
  it('leaves unknown values out and counts zeros', () => {
    expect(summarize([null, 0, 100])).toEqual({ n: 2, avg: 50, p50: 50, p90: 100, p95: 100, min: 0, max: 100 });
  });

  it('says nothing of no values', () => {
    expect(summarize([null])).toEqual({ n: 0, avg: null, p50: null, p90: null, p95: null, min: null, max: null });
  });

  it('takes the middle value of an odd number and the mean of the two middle ones of an even number', () => {
    expect(summarize([3, 1, 2]).p50).toBe(2);
    expect(summarize([4, 1, 3, 2]).p50).toBe(2.5);
  });
});

describe('rateOf', () => {
  it('has no rate where nothing was counted', () => {
    expect(rateOf(0, 0)).toEqual({ rate: null, count: 0, of: 0 });
    expect(rateOf(2, 3)).toEqual({ rate: 0.6667, count: 2, of: 3 });
  });
});
