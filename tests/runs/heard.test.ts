/**
 * Whether what is heard is true: every heard metric against conversations in which it is known who can be heard when.
 * A part of what bench/heard.ts measures, to be fast: docs/metrics.md shows all of it, and where the limits do not hold.
 */
import { describe, expect, test } from 'vitest';
import { median } from '../../src/metrics/aggregate.ts';
import { type HeardErrors, heardErrors } from '../../src/testing/heard/heard-errors.ts';
import { UNSEEN_SENTENCES } from '../../src/testing/heard/known-speech.ts';
import { conversationOn, offlineVoice, sungVoice, together } from '../../src/testing/heard/known-voices.ts';
import { type Line, NOISY_LINES, QUIET_LINES } from '../../src/testing/heard/line.ts';

const MEDIAN_MS = 10;
const MAX_MS = 32;
const CLEAN = QUIET_LINES[0] as Line;
/** What is heard begins at one level and not a little above or below it. */
const EXACT = { unsureDb: 0 };
const KINDS = ['onset', 'end', 'speech', 'response', 'yield', 'talkOver', 'deadAir'] as const;

const bearable = NOISY_LINES.filter(({ noise }) => noise && noise.kind !== 'babble' && noise.snrDb >= 20);

describe('every heard metric is off by 10 ms at most in the median and by 32 ms at most ever', () => {
  const voice = sungVoice(28);

  test.each([...QUIET_LINES, ...bearable])('of sung vowels that begin and end at known samples, on this line: $name', (line) => {
    const errors = heardErrors(conversationOn(line, voice), EXACT);
    holdsLimits(errors);
    expect(errors.lost).toBe(0);
    expect(errors.onset).toHaveLength(28);
    for (const kind of ['response', 'yield', 'talkOver', 'deadAir'] as const) expect(errors[kind].length, `values of ${kind}`).toBeGreaterThan(1);
    expect(errors.score).toHaveLength(2);
    for (const error of errors.score) expect(Math.abs(error)).toBeLessThan(0.011);
  });
});

describe('it is so for the words of the offline voices, whose labels are known, in sentences that nothing was chosen on', () => {
  const natural = ['clara', 'ross', 'angus'].map((name) => offlineVoice(name, UNSEEN_SENTENCES));

  test('by those that do not hiss, on a clean line', () => {
    const errors = together(natural.map((one) => heardErrors(conversationOn(CLEAN, one), EXACT)));
    holdsLimits(errors);
    expect(errors.lost).toBe(0);
    expect(errors.onset).toHaveLength(3 * UNSEEN_SENTENCES.length);
  });

  test('by otto, on a clean line, as exactly as loudness can be known', () => {
    const errors = heardErrors(conversationOn(CLEAN, offlineVoice('otto', UNSEEN_SENTENCES)));
    holdsLimits(errors);
    expect(errors.lost).toBe(0);
  });

  test.each(bearable.filter(({ noise }) => noise?.snrDb === 20))('by those that do not hiss, as exactly as loudness can be known beside noise, on this line: $name', (line) => {
    const some = natural.map(({ name, speech }) => ({ name, speech: speech.filter((_, n) => n % 2 === 0) }));
    const errors = together(some.map((one) => heardErrors(conversationOn(line, one))));
    holdsLimits(errors);
    expect(errors.lost).toBe(0);
    expect(errors.onset).toHaveLength((3 * UNSEEN_SENTENCES.length) / 2);
  });
});

function holdsLimits(errors: HeardErrors): void {
  for (const kind of KINDS) {
    const sizes = sorted(errors[kind]);
    expect(median(sizes), `median of ${kind}`).toBeLessThanOrEqual(MEDIAN_MS);
    expect(sizes.at(-1), `maximum of ${kind}`).toBeLessThanOrEqual(MAX_MS);
  }
}

function sorted(errors: readonly number[]): number[] {
  return errors.map(Math.abs).toSorted((a, b) => a - b);
}
