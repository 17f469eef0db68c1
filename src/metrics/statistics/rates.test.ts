import { expect, test } from 'vitest';
import { passAtK, passHatK, wilsonInterval } from './rates.ts';

test.each([
  // Wilson's interval as statsmodels' proportion_confint(method="wilson") has it.
  [0, 10, 0, 0.2775],
  [5, 10, 0.2366, 0.7634],
  [10, 10, 0.7225, 1],
  [95, 100, 0.8882, 0.9785],
])('%i of %i lies between %f and %f', (count, of, low, high) => {
  const interval = wilsonInterval(count, of);
  expect(interval[0]).toBeCloseTo(low, 3);
  expect(interval[1]).toBeCloseTo(high, 3);
});

test('nothing run says nothing', () => {
  expect(wilsonInterval(0, 0)).toEqual([0, 1]);
});

test('one of k passes, all of k pass', () => {
  expect(passAtK(1, 4, 2)).toBeCloseTo(0.5, 10);
  expect(passHatK(3, 4, 2)).toBeCloseTo(0.5, 10);
  expect(passAtK(0, 5, 3)).toBe(0);
  expect(passHatK(5, 5, 3)).toBe(1);
  expect(passHatK(2, 5, 3)).toBe(0);
});

test('more than was run cannot be told', () => {
  expect([passAtK(2, 2, 3), passHatK(2, 2, 3)]).toEqual([null, null]);
});
