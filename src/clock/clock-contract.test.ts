/**
 * What every clock promises. Only order and cause are asserted here, so that the same suite holds for the clock of
 * the real world; what the virtual clock promises about times stands beside it, in hold.test.ts and virtual-clock.test.ts.
 */
import { describe, expect, test } from 'vitest';
import { BugError } from '../base/errors.ts';
import { HandMovedWall } from '../testing/hand-moved-wall.ts';
import { PHASES, type Phase, type Place } from './clock.ts';
import { RealClock } from './real-clock.ts';
import { VirtualClock } from './virtual-clock.ts';
import type { WallClock } from './wall-clock.ts';

const CLOCKS = [
  { kind: 'virtual', open: (wall: WallClock) => new VirtualClock({ wall }) },
  { kind: 'real', open: (wall: WallClock) => new RealClock({ wall }) },
] as const;

const TURN: Place = { phase: 'turn', order: 0 };

describe.each(CLOCKS)('a $kind clock', ({ kind, open }) => {
  const start = () => {
    const wall = new HandMovedWall();
    const clock = open(wall);
    const log: string[] = [];
    const note = (label: string) => (): void => void log.push(label);
    return {
      wall,
      clock,
      log,
      note,
      run: () => wall.until(clock.run()),
      runUntil: async (atMs: number) => {
        clock.at(atMs, { phase: 'publish', order: 99 }, () => clock.stop());
        await wall.until(clock.run());
        return log;
      },
    };
  };

  test('says what kind it is and begins at zero', () => {
    const { clock } = start();
    expect(clock.kind).toBe(kind);
    expect(clock.nowMs()).toBe(0);
  });

  describe('events', () => {
    test('run in the order of their times, whatever the order in which they were scheduled', async () => {
      const { clock, note, runUntil } = start();
      for (const ms of [30, 10.001, 20, 10, 0]) clock.at(ms, TURN, note(String(ms)));
      expect(await runUntil(40)).toEqual(['0', '10', '10.001', '20', '30']);
    });

    test('of one instant run by phase, then by participant order, then as they were scheduled', async () => {
      const { clock, note, runUntil } = start();
      const places = [...PHASES].reverse().flatMap((phase: Phase) => [1, 0, 1].map((order) => ({ phase, order })));
      for (const [i, place] of places.entries()) clock.at(10, place, note(`${place.phase} ${place.order} ${i % 3}`));
      const expected = PHASES.flatMap((phase) => [`${phase} 0 1`, `${phase} 1 0`, `${phase} 1 2`]);
      expect(await runUntil(20)).toEqual(expected);
    });

    test('for a time in the past run now, after the present event', async () => {
      const { clock, log, note, runUntil } = start();
      clock.at(10, TURN, () => {
        clock.at(5, { phase: 'network', order: 0 }, note('late'));
        log.push('present');
      });
      clock.at(20, TURN, note('next'));
      expect(await runUntil(30)).toEqual(['present', 'late', 'next']);
    });

    test('never run before their time, and never at a fraction of a microsecond', async () => {
      const { clock, runUntil } = start();
      const seen: { dueMs: number; nowMs: number }[] = [];
      for (const dueMs of [0.0004, 1 / 3, 2.0000001, 7.123456, 19.9999999]) {
        clock.at(dueMs, TURN, () => void seen.push({ dueMs, nowMs: clock.nowMs() }));
      }
      await runUntil(30);
      expect(seen).toHaveLength(5);
      for (const { dueMs, nowMs } of seen) {
        expect(nowMs).toBeGreaterThanOrEqual(Math.round(dueMs * 1000) / 1000);
        expect(nowMs).toBe(Math.round(nowMs * 1000) / 1000);
      }
    });

    test('that were cancelled do not run; cancelling twice or too late does nothing', async () => {
      const { clock, note, runUntil } = start();
      const first = clock.at(10, TURN, note('first'));
      const second = clock.at(20, TURN, note('second'));
      clock.at(15, TURN, () => {
        first.cancel();
        second.cancel();
        second.cancel();
      });
      clock.at(25, TURN, note('third'));
      expect(await runUntil(30)).toEqual(['first', 'third']);
    });

    test.each([Number.NaN, Number.POSITIVE_INFINITY])('at %d ms are refused as a bug of ours', (atMs) => {
      const { clock } = start();
      expect(() => clock.at(atMs, TURN, () => undefined)).toThrow(BugError);
    });

    test('that throw end the run with what they threw', async () => {
      const { clock, log, note, run } = start();
      const error = new Error('broken');
      clock.at(10, TURN, () => {
        throw error;
      });
      clock.at(20, TURN, note('never'));
      await expect(run()).rejects.toBe(error);
      expect(log).toEqual([]);
    });
  });

  describe('periodic events', () => {
    test('come once a period with their number, beginning one period from now', async () => {
      const { clock, log, runUntil } = start();
      clock.at(10, TURN, () => {
        clock.every(20, TURN, (n) => void log.push(`${n}${clock.nowMs() >= 10 + n * 20 ? '' : ' too early'}`));
      });
      expect(await runUntil(80)).toEqual(['1', '2', '3']);
    });

    test('take part in the order of their instant each time', async () => {
      const { clock, note, runUntil } = start();
      clock.every(20, { phase: 'playout', order: 0 }, note('playout'));
      clock.every(10, { phase: 'turn', order: 1 }, note('turn 1'));
      clock.every(20, { phase: 'turn', order: 0 }, note('turn 0'));
      expect(await runUntil(20)).toEqual(['turn 1', 'turn 0', 'turn 1', 'playout']);
    });

    test('of the same place keep to the order in which they were begun', async () => {
      const { clock, note, runUntil } = start();
      for (const label of ['a', 'b', 'c']) clock.every(10, TURN, note(label));
      expect((await runUntil(30)).join('')).toBe('abcabcabc');
    });

    test('end when they are cancelled, also by themselves', async () => {
      const { clock, log, note, runUntil } = start();
      const other = clock.every(10, TURN, note('other'));
      const own = clock.every(10, TURN, (n) => {
        log.push(`own ${n}`);
        if (n === 2) own.cancel();
        if (n === 1) other.cancel();
      });
      expect(await runUntil(50)).toEqual(['other', 'own 1', 'own 2']);
    });

    test.each([0, -20, 0.0001, Number.NaN])('with a period of %d ms are refused as a bug of ours', (periodMs) => {
      const { clock } = start();
      expect(() => clock.every(periodMs, TURN, () => undefined)).toThrow(BugError);
    });
  });

  describe('sleeps', () => {
    test('end in the order of their times, and the loop goes on at once', async () => {
      const { clock, log, note, runUntil } = start();
      clock.task(async () => {
        await clock.sleep(20);
        log.push('slept 20');
        await clock.sleep(10);
        log.push('slept 30');
      });
      clock.task(async () => {
        await clock.sleep(25);
        log.push('slept 25');
      });
      clock.at(20, { phase: 'playout', order: 0 }, note('playout at 20'));
      expect(await runUntil(40)).toEqual(['slept 20', 'playout at 20', 'slept 25', 'slept 30']);
    });

    test('end in the place they ask for', async () => {
      const { clock, log, note, runUntil } = start();
      clock.task(async () => {
        await clock.sleep(20, { place: { phase: 'network', order: 0 } });
        log.push('slept');
      });
      clock.at(20, { phase: 'room', order: 0 }, note('room'));
      expect(await runUntil(30)).toEqual(['slept', 'room']);
    });

    test('reject with the reason of their signal, once', async () => {
      const { clock, log, runUntil } = start();
      const abort = new AbortController();
      const reason = new Error('barge-in');
      clock.task(async () => {
        log.push(await outcome(clock.sleep(100, { signal: abort.signal }), reason));
      });
      clock.at(10, TURN, () => abort.abort(reason));
      clock.at(20, TURN, () => abort.abort('again'));
      expect(await runUntil(200)).toEqual(['the reason']);
    });

    test('reject at once when the signal was aborted before', async () => {
      const { clock, log, note, runUntil } = start();
      const reason = new Error('too late');
      clock.task(async () => {
        log.push(await outcome(clock.sleep(100, { signal: AbortSignal.abort(reason) }), reason));
      });
      clock.at(0, TURN, note('first event'));
      expect(await runUntil(10)).toEqual(['the reason', 'first event']);
    });
  });

  describe('gates', () => {
    test('let everybody through who waits, in the order in which they came', async () => {
      const { clock, log, runUntil } = start();
      const gate = clock.gate();
      for (const name of ['a', 'b', 'c']) {
        clock.task(async () => {
          await gate.wait();
          log.push(name);
        });
      }
      clock.at(10, TURN, () => {
        log.push('open');
        gate.open();
      });
      expect(await runUntil(20)).toEqual(['open', 'a', 'b', 'c']);
    });

    test('stay open until they are closed', async () => {
      const { clock, log, runUntil } = start();
      const gate = clock.gate();
      gate.open();
      clock.task(async () => {
        await gate.wait();
        await gate.wait();
        log.push('twice');
        gate.close();
        await gate.wait();
        log.push('opened again');
      });
      clock.at(10, TURN, () => {
        log.push('open');
        gate.open();
        gate.close();
      });
      expect(await runUntil(20)).toEqual(['twice', 'open', 'opened again']);
    });

    test('let go of those who abort, and of nobody else', async () => {
      const { clock, log, runUntil } = start();
      const gate = clock.gate();
      const abort = new AbortController();
      clock.task(async () => {
        log.push(await outcome(gate.wait(abort.signal), 'stop'));
      });
      clock.task(async () => {
        await gate.wait();
        log.push('through');
      });
      clock.at(10, TURN, () => abort.abort('stop'));
      clock.at(20, TURN, () => gate.open());
      expect(await runUntil(30)).toEqual(['the reason', 'through']);
    });
  });

  describe('holds', () => {
    test.each(['wall', 'none'] as const)('(%s) give the result, after which the loop goes on', async (charge) => {
      const { clock, wall, log, runUntil } = start();
      clock.task(async () => {
        log.push(await clock.hold(wall.sleep(5).then(() => 'result'), { charge }));
      });
      expect(await runUntil(50)).toEqual(['result']);
    });

    test('(due) give the result when it is due', async () => {
      const { clock, wall, log, note, runUntil } = start();
      clock.at(19, TURN, note('before'));
      clock.at(21, TURN, note('after'));
      clock.task(async () => {
        log.push(await clock.hold(wall.sleep(5).then(() => 'result'), { charge: 'due', dueMs: 20 }));
      });
      expect(await runUntil(50)).toEqual(['before', 'result', 'after']);
    });

    test('(due) give a late result as soon as it is there', async () => {
      const { clock, wall, log, note, runUntil } = start();
      clock.at(19, TURN, note('before'));
      clock.at(60, TURN, note('after'));
      clock.task(async () => {
        log.push(await clock.hold(wall.sleep(40).then(() => 'result'), { charge: 'due', dueMs: 20 }));
      });
      expect(await runUntil(70)).toEqual(['before', 'result', 'after']);
    });

    test.each([{ charge: 'wall' }, { charge: 'none' }, { charge: 'due', dueMs: 20 }] as const)('reject as the promise does: %o', async (options) => {
      const { clock, wall, log, runUntil } = start();
      const error = new Error('refused');
      clock.task(async () => {
        log.push(await outcome(clock.hold(wall.sleep(5).then(() => Promise.reject(error)), options), error));
      });
      expect(await runUntil(50)).toEqual(['the reason']);
    });

    test.each([{ charge: 'wall' }, { charge: 'none' }, { charge: 'due', dueMs: 20 }] as const)('end with their signal, and what comes later changes nothing: %o', async (options) => {
      const { clock, wall, log, note, runUntil } = start();
      const results: Promise<string>[] = [wall.sleep(30).then(() => 'result'), wall.sleep(30).then(() => Promise.reject(new Error('refused')))];
      const abort = new AbortController();
      for (const result of results) {
        clock.task(async () => {
          log.push(await outcome(clock.hold(result, { ...options, signal: abort.signal }), 'barge-in'));
        });
      }
      // From the world, because time may be standing still.
      wall.after(10, () => abort.abort('barge-in'));
      clock.every(20, TURN, (n) => {
        wall.pass(10);
        note(`tick ${n}`)();
      });
      const seen = await runUntil(100);
      expect(seen.filter((label) => label.startsWith('tick'))).toHaveLength(5);
      expect(seen.filter((label) => !label.startsWith('tick'))).toEqual(['the reason', 'the reason']);
    });

    test('under a signal that was aborted before reject at once, and the failure of the request hurts nobody', async () => {
      const { clock, wall, log, runUntil } = start();
      clock.task(async () => {
        const refused = wall.sleep(5).then(() => Promise.reject(new Error('refused')));
        log.push(await outcome(clock.hold(refused, { charge: 'wall', signal: AbortSignal.abort('too late') }), 'too late'));
      });
      clock.at(5, TURN, () => wall.pass(10));
      expect(await runUntil(20)).toEqual(['the reason']);
    });

    test('whose offset cannot be told reject with the reason', async () => {
      const { clock, log, runUntil } = start();
      const error = new Error('no stamp');
      clock.task(async () => {
        const offsetMs = (): number => {
          throw error;
        };
        log.push(await outcome(clock.hold(Promise.resolve('result'), { charge: 'wall', offsetMs }), error));
        const unstamped = clock.hold(Promise.resolve('result'), { charge: 'wall', offsetMs: () => Number.NaN });
        log.push(await unstamped.catch((thrown: unknown) => (thrown instanceof BugError ? 'our bug' : 'something else')));
      });
      expect(await runUntil(20)).toEqual(['the reason', 'our bug']);
    });

    test('that are due together are delivered in the order in which they were opened, not in which they settled', async () => {
      const { clock, wall, log, runUntil } = start();
      for (const [name, settledMs] of [['first', 15], ['second', 5], ['third', 10]] as const) {
        clock.task(async () => {
          log.push(await clock.hold(wall.sleep(settledMs).then(() => name), { charge: 'due', dueMs: 20 }));
        });
      }
      expect(await runUntil(50)).toEqual(['first', 'second', 'third']);
    });
  });

  describe('the run', () => {
    test('ends with what a loop threw', async () => {
      const { clock, log, note, run } = start();
      const error = new Error('broken');
      clock.task(async () => {
        await clock.sleep(10);
        throw error;
      });
      clock.at(20, TURN, note('never'));
      await expect(run()).rejects.toBe(error);
      expect(log).toEqual([]);
    });

    test('ends with what a loop threw before it ran', async () => {
      const { clock, run } = start();
      const error = new Error('broken');
      clock.task(async () => {
        throw error;
      });
      await expect(run()).rejects.toBe(error);
    });

    test('ends after the event that stops it; the rest is dropped', async () => {
      const { clock, log, note, run } = start();
      clock.at(10, TURN, () => {
        clock.stop();
        log.push('stopping');
      });
      clock.at(10, { phase: 'publish', order: 0 }, note('never'));
      await run();
      await run();
      expect(log).toEqual(['stopping']);
    });

    test('ends when it is stopped from the world while it waits', async () => {
      const { clock, wall, log, note, run } = start();
      clock.task(() => clock.hold(new Promise<void>(() => undefined), { charge: 'wall' }));
      clock.at(10_000, TURN, note('never'));
      wall.after(20, () => clock.stop());
      await run();
      expect(log).toEqual([]);
      expect(wall.nowMs()).toBe(20);
    });

    test('ends when it is stopped from the world while a late result is due', async () => {
      const { clock, wall, run } = start();
      clock.task(() => clock.hold(new Promise<void>(() => undefined), { charge: 'due', dueMs: 10 }));
      wall.after(20, () => clock.stop());
      await run();
      expect(wall.nowMs()).toBe(20);
    });
  });

  test('marks count up and remember when they were made', async () => {
    const { clock, wall, runUntil } = start();
    const marks = [clock.mark()];
    clock.at(10, TURN, () => void marks.push(clock.mark(), clock.mark()));
    await runUntil(20);
    expect(marks.map(({ sequence }) => sequence)).toEqual([0, 1, 2]);
    expect(marks[0]).toEqual({ startedMs: 0, startedWallMs: 0, sequence: 0 });
    expect(marks[1]?.startedMs).toBeGreaterThanOrEqual(10);
    expect(marks[1]?.startedWallMs).toBeLessThanOrEqual(wall.nowMs());
  });
});

/** What came of a wait: `the reason` if it rejected with just that. */
async function outcome(wait: Promise<unknown>, reason: unknown): Promise<string> {
  try {
    return String(await wait);
  } catch (error) {
    return error === reason ? 'the reason' : `another error: ${String(error)}`;
  }
}
