import { expect, test } from 'vitest';
import { dollars, exactDollars } from './dollars.ts';

test('what something cost has four digits below a dollar, and cents from there on', () => {
  expect([0, 0.0432, 0.99996, 1, 12.345, null].map(dollars)).toEqual(['$0.0000', '$0.0432', '$1.0000', '$1.00', '$12.35', 'unknown']);
});

test('what somebody wrote has cents, and every further digit that was written', () => {
  expect([0.5, 12, 0.015, 1000, 0.0000001].map(exactDollars)).toEqual(['$0.50', '$12.00', '$0.015', '$1000.00', '$0.0000001']);
});
