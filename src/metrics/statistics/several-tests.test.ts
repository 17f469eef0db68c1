import { expect, test } from 'vitest';
import { holm, testable } from './several-tests.ts';

test("Holm's correction keeps the order and never falls", () => {
  expect(holm([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p.toFixed(4)))).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(holm([0.6, 0.9])).toEqual([1, 1]);
});

test('what cannot come out significant is not counted among what is tested', () => {
  // With 0.004 each, four tests are too many for 0.02 only if the two that cannot come out at all were counted.
  expect(testable([0.004, 0.004, 0.004, 0.004, 1, 0.5], 0.02)).toEqual([true, true, true, true, false, false]);
  expect(testable([0.004, 0.004, 0.004, 0.004, 0.004, 0.004], 0.02)).toEqual([false, false, false, false, false, false]);
  expect(testable([0.001, 0.015, 0.015], 0.02)).toEqual([true, false, false]);
  expect(testable([], 0.02)).toEqual([]);
});
