import { expect, test } from 'vitest';
import { clockTime, counted, exactTime, milliseconds, percent, seconds, speed } from './figure-text.ts';

test('call time has minutes always and hours only where it is so long', () => {
  expect([-1, 0, 59_999, 67_000, 3_599_999, 3_600_000, 3_729_000].map(clockTime)).toEqual(['0:00', '0:00', '0:59', '1:07', '59:59', '1:00:00', '1:02:09']);
  expect([67_420.4, 59_999.6].map(exactTime)).toEqual(['1:07.420', '1:00.000']);
});

test('what was not measured is its sign, and what is nothing is a zero', () => {
  expect([milliseconds(null, '-'), seconds(null, '–'), percent(null, '')]).toEqual(['-', '–', '']);
  expect([milliseconds(-0.4, '-'), seconds(0, '–'), percent(0, '')]).toEqual(['0', '0.00 s', '0 %']);
});

test('figures have as many digits as say something', () => {
  expect([milliseconds(1420.5, '-'), seconds(1420, '-')]).toEqual(['1421', '1.42 s']);
  expect([0.054, 0.5, 1].map((share) => percent(share, '-'))).toEqual(['5.4 %', '50 %', '100 %']);
  expect([2.04, 9.94, 41.6].map(speed)).toEqual(['2.0x', '9.9x', '42x']);
  expect([counted(1, 'turn'), counted(0, 'turn'), counted(2, 'reply', 'replies')]).toEqual(['1 turn', '0 turns', '2 replies']);
});
