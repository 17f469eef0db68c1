import { expect, test } from 'vitest';
import { SuitePace } from './suite-pace.ts';

/** How many of so many cases may begin now. */
async function begun(pace: SuitePace, wanted: number): Promise<number> {
  let count = 0;
  for (let i = 0; i < wanted; i++) void pace.enter().then(() => count++);
  await new Promise<void>((resolve) => setImmediate(resolve));
  return count;
}

test('as many cases run at once as there are workers', async () => {
  expect(await begun(new SuitePace(4), 6)).toBe(4);
});

test('half as many run after a provider was asked too often, and one more after each case that went well', async () => {
  const pace = new SuitePace(4);
  await begun(pace, 4);
  pace.leave({ throttled: true });
  pace.leave({ throttled: true });
  expect(await begun(pace, 3), 'two run, and one is allowed').toBe(0);
  pace.leave({ throttled: false });
  pace.leave({ throttled: false });
  expect(await begun(pace, 0)).toBe(0);
});

test('one case always may', async () => {
  const pace = new SuitePace(2);
  for (let i = 0; i < 3; i++) {
    await pace.enter();
    pace.leave({ throttled: true });
  }
  expect(await begun(pace, 2)).toBe(1);
});
