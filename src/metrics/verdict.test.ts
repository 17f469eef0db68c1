/** What a run of which only wishes were told comes to. */
import { expect, test } from 'vitest';
import { checkOf } from '../testing/case-results.ts';
import { verdictOf } from './verdict.ts';

const sound = { ended_by: 'end_conversation', invalid: [] } as const;

test('wishes change no verdict, so without anything else nothing was passed', () => {
  const wish = checkOf({ severity: 'should', outcome: 'failed' });
  expect(verdictOf(sound, [])).toBe('ran');
  expect(verdictOf(sound, [wish])).toBe('ran');
  expect(verdictOf(sound, [wish, checkOf({ outcome: 'held' })])).toBe('passed');
  expect(verdictOf(sound, [wish, checkOf({ outcome: 'not_reached' })])).toBe('failed');
});
