/** How the virtual clock treats the process it runs in, its pace, and the faults it finds. */
import { describe, expect, test } from 'vitest';
import { BugError } from '../base/errors.ts';
import { HandMovedWall } from '../testing/hand-moved-wall.ts';
import type { Place } from './clock.ts';
import { Pace } from './pace.ts';
import { VirtualClock } from './virtual-clock.ts';

const TURN: Place = { phase: 'turn', order: 0 };

describe('times', () => {
  test('periodic events come at start + n x period, and no error adds up', async () => {
    const { clock, runUntil } = start();
    const ticksMs: number[] = [];
    clock.at(0.5, TURN, () => void clock.every(1000 / 3, TURN, () => void ticksMs.push(clock.nowMs())));
    await runUntil(300_000.5);
    expect(ticksMs).toEqual(Array.from({ length: 900 }, (_, i) => Math.round(500 + ((i + 1) * 1_000_000) / 3) / 1000));
  });

  test('add up in whole microseconds, however they are cut', async () => {
    const { clock, runUntil } = start();
    const seenMs: number[] = [];
    clock.task(async () => {
      for (const ms of [0.1, 0.2, 1 / 3, 0.0004, -5, 1e-9]) {
        await clock.sleep(ms);
        seenMs.push(clock.nowMs());
      }
    });
    await runUntil(1);
    expect(seenMs).toEqual([0.1, 0.3, 0.633, 0.633, 0.633, 0.633]);
  });

  test('run on for a day of ticks', async () => {
    const { clock, runUntil } = start();
    let last = 0;
    clock.every(20 * 60_000, TURN, (n) => (last = n));
    await runUntil(86_400_000);
    expect([last, clock.nowMs()]).toEqual([72, 86_400_000]);
  });
});

describe('the process', () => {
  test('gets its turn at least every 10 ms of wall time, however long an event takes', async () => {
    for (const eventMs of [0.05, 1, 3, 4.9]) {
      const { clock, wall, runUntil } = start();
      clock.every(20, TURN, () => wall.pass(eventMs));
      await runUntil(20 * 200);
      const turnsMs = [0, ...wall.turnsMs, wall.nowMs()];
      const longestMs = Math.max(...turnsMs.slice(1).map((ms, i) => ms - (turnsMs[i] as number)));
      expect(longestMs).toBeLessThanOrEqual(10);
      expect(wall.nowMs()).toBeCloseTo(eventMs * 200, 6);
    }
  });

  test('is not asked for a turn while events cost nothing', async () => {
    const { clock, wall, runUntil } = start();
    clock.every(20, TURN, () => undefined);
    await runUntil(20_000);
    expect(wall.turnsMs).toEqual([]);
  });

  test('may stop the run from one of its turns', async () => {
    const { clock, wall } = start();
    let ticks = 0;
    clock.every(20, TURN, () => {
      ticks += 1;
      wall.pass(1);
    });
    wall.after(50, () => clock.stop());
    await wall.until(clock.run());
    expect(ticks).toBeGreaterThanOrEqual(50);
    expect(ticks).toBeLessThan(60);
  });
});

describe('a pace', () => {
  test('keeps call time from running ahead of the wall', async () => {
    const { clock, wall, runUntil } = start(20);
    const seen: [number, number][] = [];
    clock.every(1000, TURN, () => void seen.push([clock.nowMs(), wall.nowMs()]));
    await runUntil(3000);
    expect(seen).toEqual([[1000, 50], [2000, 100], [3000, 150]]);
  });

  test('counts from where the run begins, and catches up after a delay', async () => {
    const { clock, wall, runUntil } = start(1);
    wall.pass(5000);
    const seen: [number, number][] = [];
    clock.every(20, TURN, (n) => {
      seen.push([clock.nowMs(), wall.nowMs() - 5000]);
      if (n === 1) wall.pass(30);
    });
    await runUntil(80);
    expect(seen).toEqual([[20, 20], [40, 50], [60, 60], [80, 80]]);
  });

  test('slower than real still charges a hold with what the world took', async () => {
    const { clock, wall, runUntil, log } = start(0.5);
    clock.task(async () => {
      await clock.hold(wall.sleep(100), { charge: 'wall' });
      log.push(`answered at ${clock.nowMs()}`);
    });
    await runUntil(200);
    expect(log).toEqual(['answered at 100']);
    expect(wall.nowMs()).toBe(400);
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('of %d is refused', (pace) => {
    expect(() => new VirtualClock({ wall: new HandMovedWall(), pace })).toThrow(BugError);
    expect(() => new Pace().set(pace)).toThrow(BugError);
  });

  test('that is changed holds from there on, and nothing is caught up', async () => {
    const pace = new Pace({ factor: 1 });
    const { clock, wall, runUntil } = start(pace);
    const seen: [number, number][] = [];
    clock.every(100, TURN, (n) => {
      seen.push([clock.nowMs(), wall.nowMs()]);
      if (n === 2) pace.set(2);
      if (n === 4) pace.set(undefined);
    });
    await runUntil(600);
    expect(seen).toEqual([[100, 100], [200, 200], [300, 250], [400, 300], [500, 300], [600, 300]]);
  });

  test('that is paused lets call time stand, whatever is due, until it is resumed', async () => {
    const pace = new Pace({ paused: true });
    const { clock, wall, runUntil, log } = start(pace);
    clock.at(10, TURN, () => void log.push(`ran at ${wall.nowMs()}`));
    clock.at(20, TURN, () => pace.pause());
    wall.after(50, () => pace.resume());
    wall.after(500, () => pace.set(1));
    wall.after(600, () => pace.resume());
    await runUntil(30);
    expect(log).toEqual(['ran at 50']);
    expect(wall.nowMs()).toBe(610);
  });

  test('that is paused keeps nobody from ending the call', async () => {
    const pace = new Pace({ paused: true });
    const { clock, wall } = start(pace);
    clock.at(10, TURN, () => undefined);
    wall.after(50, () => clock.stop());
    await wall.until(clock.run());
    expect([clock.nowMs(), wall.nowMs()]).toEqual([0, 50]);
  });
});

describe('a fault', () => {
  test('is an event queue that runs empty before the call has ended', async () => {
    const { clock, wall } = start();
    clock.at(10, TURN, () => undefined);
    await expect(wall.until(clock.run())).rejects.toThrow(new BugError('the event queue ran empty before the call ended'));
  });

  test('is an empty queue also when a loop waits at a gate that nobody is left to open', async () => {
    const { clock, wall } = start();
    clock.task(() => clock.gate().wait());
    await expect(wall.until(clock.run())).rejects.toThrow('ran empty');
  });

  test('is not an empty queue while the world owes a result', async () => {
    const { clock, wall, log } = start();
    clock.task(async () => {
      await clock.hold(wall.sleep(100), { charge: 'wall' });
      log.push(`answered at ${clock.nowMs()}`);
      clock.stop();
    });
    await wall.until(clock.run());
    expect(log).toEqual(['answered at 100']);
  });

  test('is a loop that awaits a promise of the world, and the message shows which loop it may be', async () => {
    const { clock, wall } = start();
    const askTheWorld = (): Promise<void> => wall.sleep(100);
    clock.task(async () => {
      for (;;) await clock.sleep(20);
    });
    clock.at(50, TURN, () => clock.task(() => askTheWorld()));
    const run = wall.until(clock.run());
    await expect(run).rejects.toBeInstanceOf(BugError);
    await expect(run).rejects.toThrow(/^at 50 ms a loop .* neither a sleep, a hold nor a gate .*\| \(\) => askTheWorld\(\)$/);
  });

  test('is not a loop that awaits other parts of the core, however deep', async () => {
    const { clock, runUntil, log } = start();
    async function* sentences(): AsyncGenerator<string> {
      for (const text of ['one', 'two']) {
        await Promise.all([clock.sleep(10), clock.sleep(20)]);
        yield text;
      }
    }
    clock.task(async () => {
      for await (const text of sentences()) {
        await (async () => Promise.resolve())();
        log.push(`${text} at ${clock.nowMs()}`);
      }
    });
    expect(await runUntil(100)).toEqual(['one at 20', 'two at 40']);
  });

  test('is not a loop that has ended', async () => {
    const { clock, runUntil, log } = start();
    clock.task(async () => void log.push('done'));
    clock.at(10, TURN, () => clock.task(async () => void log.push('done again')));
    expect(await runUntil(20)).toEqual(['done', 'done again']);
  });
});

function start(pace?: number | Pace) {
  const wall = new HandMovedWall();
  const clock = new VirtualClock({ wall, pace });
  const log: string[] = [];
  return {
    wall,
    clock,
    log,
    runUntil: async (atMs: number) => {
      clock.at(atMs, { phase: 'publish', order: 99 }, () => clock.stop());
      await wall.until(clock.run());
      return log;
    },
  };
}
