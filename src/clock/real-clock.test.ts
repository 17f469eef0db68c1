import { expect, test } from 'vitest';
import { HandMovedWall } from '../testing/hand-moved-wall.ts';
import { RealClock } from './real-clock.ts';

test('call time stands at zero until the clock is run, and stands still once it is stopped', async () => {
  const wall = new HandMovedWall();
  const clock = new RealClock({ wall });
  await wall.until(wall.sleep(500));
  expect(clock.nowMs()).toBe(0);
  clock.at(20, { phase: 'turn', order: 0 }, () => clock.stop());
  await wall.until(clock.run());
  const endedMs = clock.nowMs();
  expect(endedMs).toBeGreaterThanOrEqual(20);
  await wall.until(wall.sleep(500));
  expect(clock.nowMs()).toBe(endedMs);
});

test('a clock that joins a call of another process has its time from the beginning', async () => {
  const wall = new HandMovedWall();
  await wall.until(wall.sleep(1_000));
  const clock = new RealClock({ wall });
  clock.joinCall(250.25);
  expect(clock.nowMs()).toBe(749.75);
  clock.at(800, { phase: 'turn', order: 0 }, () => clock.stop());
  await wall.until(clock.run());
  expect(clock.nowMs()).toBeGreaterThanOrEqual(800);
});
