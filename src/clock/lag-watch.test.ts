import { expect, test } from 'vitest';
import { HandMovedWall } from '../testing/hand-moved-wall.ts';
import { VirtualClock } from './virtual-clock.ts';

const PLACE = { phase: 'turn', order: 0 } as const;

/** Asks the world for something that takes 300 ms, and keeps the process busy meanwhile; what the clock makes of it. */
async function lagOf(busyMs: readonly number[], hold: 'stamped' | 'unstamped' | 'computation' | 'modelled' | 'none', toleratedLagMs?: number): Promise<VirtualClock['lag']> {
  const wall = new HandMovedWall();
  const clock = new VirtualClock({ wall, toleratedLagMs });
  clock.every(20, PLACE, () => undefined);
  busyMs.forEach((ms, i) => clock.at(1000 + 20 * (i + 1), PLACE, () => wall.pass(ms)));
  clock.at(1000, PLACE, () => {
    if (hold === 'stamped') clock.task(() => clock.hold(wall.sleep(300), { charge: 'wall', offsetMs: () => 300 }));
    else if (hold === 'unstamped') clock.task(() => clock.hold(wall.sleep(300), { charge: 'wall' }));
    else if (hold === 'computation') clock.task(() => clock.hold(wall.sleep(300), { charge: 'none' }));
    else if (hold === 'modelled') clock.task(() => clock.hold(wall.sleep(300), { charge: 'due', dueMs: 1300 }));
  });
  clock.at(1500, PLACE, () => clock.stop());
  await wall.until(clock.run());
  return clock.lag;
}

test('a process that is busy while an answer of the world is waited for has lagged', async () => {
  expect(await lagOf([80], 'stamped')).toMatchObject({ worstMs: 75, times: 1 });
  expect(await lagOf([80, 0, 0, 0, 90], 'stamped')).toMatchObject({ worstMs: 85, times: 2 });
});

test('a short pause is none', async () => {
  expect(await lagOf([40], 'stamped')).toBeUndefined();
  expect(await lagOf([80], 'stamped', 100)).toBeUndefined();
});

test.each(['none', 'modelled', 'computation', 'unstamped'] as const)('nothing is late where no answer is stamped: %s', async (hold) => {
  expect(await lagOf([500], hold)).toBeUndefined();
});
