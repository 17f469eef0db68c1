import { describe, expect, test } from 'vitest';
import { ManualWallClock } from '../testing/manual-wall-clock.ts';
import { Deadline } from './deadline.ts';

describe('a deadline', () => {
  test('aborts when its time is over, and can be put off until then', () => {
    const wall = new ManualWallClock();
    using deadline = new Deadline({ wall, ms: 100 });
    wall.advance(99);
    deadline.set(100);
    wall.advance(99);
    expect([deadline.passed, deadline.signal.aborted]).toEqual([false, false]);
    wall.advance(1);
    expect([deadline.passed, deadline.signal.aborted]).toEqual([true, true]);
  });

  test('has not passed because whoever waited gave up', () => {
    const wall = new ManualWallClock();
    const giveUp = new AbortController();
    using deadline = new Deadline({ wall, ms: 100, signal: giveUp.signal });
    giveUp.abort(new Error('enough'));
    expect(deadline.signal.reason).toEqual(new Error('enough'));
    expect(deadline.passed).toBe(false);
  });

  test('leaves no timer behind', () => {
    const wall = new ManualWallClock();
    {
      using deadline = new Deadline({ wall });
      expect(wall.pending).toBe(0);
      deadline.set(100);
      expect(wall.pending).toBe(1);
    }
    expect(wall.pending).toBe(0);
  });
});
