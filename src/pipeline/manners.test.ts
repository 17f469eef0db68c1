import { describe, expect, it } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { type Manners, TurnManners } from './manners.ts';

const SIDE = { everyMs: 1000, words: ['mm-hm', 'right'], chance: 1 };

/** What is done when asked every 20 ms of speech, up to that much of it. */
function done(plans: readonly Manners[], untilMs: number, { seed = 1, text = '' } = {}): string[] {
  const manners = new TurnManners(plans, seededRandom(seed));
  const lines: string[] = [];
  for (let ms = 0; ms <= untilMs; ms += 20) {
    const manner = manners.next(ms, text);
    if (manner) lines.push(`${ms} ${manner.kind}`);
  }
  return lines;
}

it('does nothing without a plan', () => {
  expect(done([{}, {}], 5000)).toEqual([]);
  expect(new TurnManners([{}], seededRandom(1)).isEmpty).toBe(true);
});

describe('side speech', () => {
  it('comes after each stretch of speech', () => {
    expect(done([{ backchannel: SIDE }], 3500)).toEqual(['1000 backchannel', '2000 backchannel', '3000 backchannel']);
  });

  it('keeps its distance after chances that could not be taken', () => {
    const manners = new TurnManners([{ backchannel: SIDE }], seededRandom(1));
    expect(manners.next(5000, '')).toMatchObject({ kind: 'backchannel' });
    expect(manners.next(5020, '')).toBeUndefined();
    expect(manners.next(6000, '')).toMatchObject({ kind: 'backchannel' });
  });

  it('is one thing at a time, by what the brain plans before what the agent always does', () => {
    expect(done([{ tic: { ...SIDE, everyMs: 1500 } }, { backchannel: SIDE, tic: { ...SIDE, everyMs: 100 } }], 2100)).toEqual(['1000 backchannel', '1500 tic', '2000 backchannel']);
  });

  it('is drawn from the seed', () => {
    const often = { ...SIDE, chance: 0.5 };
    const alone = done([{ aside: often }], 20_000);
    expect(done([{ aside: often }], 20_000)).toEqual(alone);
    expect(alone.length).toBeGreaterThan(3);
    expect(alone.length).toBeLessThan(18);
    expect(done([{ aside: often }], 20_000, { seed: 2 })).not.toEqual(alone);
    expect(done([{ aside: { ...SIDE, chance: 0 } }], 20_000)).toEqual([]);
  });
});

describe('a barge-in', () => {
  it('comes once, by time or by words', () => {
    expect(done([{ bargeIn: { afterMs: 700, chance: 1 } }], 5000)).toEqual(['700 barge_in']);
    expect(done([{ bargeIn: { on: (text) => text.includes('ten'), chance: 1 } }], 5000, { text: 'it costs ten' })).toEqual(['0 barge_in']);
    expect(done([{ bargeIn: { on: (text) => text.includes('ten'), chance: 1 } }], 5000, { text: 'it costs' })).toEqual([]);
  });

  it('ends all other plans to barge in, and looks at words only when there are new ones', () => {
    let looks = 0;
    const on = (): boolean => ++looks > 1;
    const manners = new TurnManners([{ bargeIn: { on, chance: 1 } }, { bargeIn: { afterMs: 5000, chance: 1 } }], seededRandom(1));
    expect([manners.next(0, 'a'), manners.next(20, 'a')]).toEqual([undefined, undefined]);
    expect(manners.next(40, 'a b')).toEqual({ kind: 'barge_in' });
    expect([manners.next(9000, 'a b c'), looks]).toEqual([undefined, 2]);
    expect(manners.isEmpty).toBe(true);
  });

  it('is planned or not when the plan is made', () => {
    const planned = Array.from({ length: 200 }, (_, seed) => done([{ bargeIn: { afterMs: 0, chance: 0.3 } }], 0, { seed }).length);
    const share = planned.reduce((sum, one) => sum + one, 0) / planned.length;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.4);
    expect(done([{ bargeIn: { afterMs: 0, chance: 0 } }], 5000)).toEqual([]);
  });
});
