import { expect, test } from 'vitest';
import { normalQuantile } from './normal.ts';

test.each([
  [0.5, 0],
  [0.8, 0.8416212336],
  [0.975, 1.9599639845],
  [0.999, 3.0902323062],
  [0.01, -2.326347874],
])('the quantile of %f is %f', (share, value) => {
  expect(normalQuantile(share)).toBeCloseTo(value, 7);
});
