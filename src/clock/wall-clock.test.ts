/** The machine's own clock, with the shortest waits there are; only order and cause are asserted. */
import { expect, test } from 'vitest';
import { RealClock } from './real-clock.ts';
import { VirtualClock } from './virtual-clock.ts';
import { systemWallClock as wall } from './wall-clock.ts';

test('time never goes back', () => {
  const readings = Array.from({ length: 100 }, () => wall.nowMs());
  expect(readings).toEqual(readings.toSorted((a, b) => a - b));
});

test('a timer calls once, unless it was called off', async () => {
  const calls: string[] = [];
  const cancel = wall.after(1, () => calls.push('cancelled'));
  wall.after(1, () => calls.push('called'));
  cancel();
  await wall.sleep(3);
  expect(calls).toEqual(['called']);
});

test('a periodic timer calls until it is ended', async () => {
  let calls = 0;
  await new Promise<void>((resolve) => {
    const end = wall.every(1, () => {
      calls += 1;
      if (calls < 3) return;
      end();
      resolve();
    });
  });
  await wall.sleep(3);
  expect(calls).toBe(3);
});

test('a sleep ends with its signal and gives its reason', async () => {
  const abort = new AbortController();
  const sleep = wall.sleep(60_000, abort.signal);
  abort.abort('enough');
  await expect(sleep).rejects.toBe('enough');
  await expect(wall.sleep(60_000, abort.signal)).rejects.toBe('enough');
});

test('a turn of the process comes after everything that could go on without it', async () => {
  const order: string[] = [];
  const chain = async (): Promise<void> => {
    for (let i = 0; i < 100; i++) await Promise.resolve();
    order.push('chain');
  };
  const turn = wall.yieldToProcess().then(() => order.push('turn'));
  await Promise.all([turn, chain()]);
  expect(order).toEqual(['chain', 'turn']);
});

test.each([new VirtualClock({ wall }), new RealClock({ wall })])('both clocks run on it', async (clock) => {
  const log: string[] = [];
  const place = { phase: 'turn', order: 0 } as const;
  clock.every(2, place, (n) => void log.push(`tick ${n}`));
  clock.task(async () => {
    await clock.sleep(3);
    log.push('slept');
    log.push(await clock.hold(wall.sleep(1).then(() => 'answered'), { charge: 'due', dueMs: 5 }));
    // Long enough for the third tick to be due well before, whichever clock it is.
    await clock.sleep(6);
    clock.stop();
  });
  await clock.run();
  expect(log.filter((label) => !label.startsWith('tick'))).toEqual(['slept', 'answered']);
  expect(log.filter((label) => label.startsWith('tick')).slice(0, 3)).toEqual(['tick 1', 'tick 2', 'tick 3']);
  expect(log.indexOf('tick 1')).toBeLessThan(log.indexOf('slept'));
});
