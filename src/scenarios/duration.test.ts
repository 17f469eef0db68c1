import { expect, test } from 'vitest';
import { durationSeconds } from './duration.ts';

test.each([
  [15, 15],
  ['15', 15],
  ['1.005 s', 1.005],
  ['9ms', 0.009],
  ['0.5ms', 0.0005],
  ['1.1m', 66],
  [' 10 m ', 600],
])('%j is %f seconds', (written, seconds) => expect(durationSeconds(written)).toBe(seconds));

test.each(['', 'soon', '-1s', '1h', '1,5s'])('%j is no duration', (written) => expect(() => durationSeconds(written)).toThrow('is not a duration'));
