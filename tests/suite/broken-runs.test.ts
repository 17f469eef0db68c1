/** Runs in which something of the simulation is broken: whatever was expected of them, none has passed, and each says why. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { IN_THE_ROOM } from './broken-runs/in-the-room.ts';
import { IN_THE_WORLD } from './broken-runs/in-the-world.ts';
import { PROCESSES } from './broken-runs/processes.ts';
import { RECORDED } from './broken-runs/recorded.ts';
import { SAVED } from './broken-runs/saved.ts';
import { type BrokenRun, type Outcome, Stage } from './broken-runs/stage.ts';

let stage: Stage;
const verdicts = new Map<string, Outcome['verdict']>();

beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.reset());
afterAll(async () => {
  await stage.close();
  const came = [...verdicts.values()];
  const count = (verdict: Outcome['verdict']): string => `${came.filter((each) => each === verdict).length} ${verdict}`;
  process.stdout.write(`broken runs: ${came.length}: ${(['invalid', 'errored', 'cancelled', 'failed', 'ran', 'passed'] as const).map(count).join(', ')}\n`);
});

/** Whether it says so itself. */
function says({ invalid, error }: Outcome, { comesTo }: BrokenRun): boolean {
  if (comesTo instanceof RegExp) return comesTo.test(error ?? '');
  return comesTo === 'cancelled' || invalid.some(({ code }) => code === comesTo);
}

function verdictFor({ comesTo }: BrokenRun): Outcome['verdict'] {
  if (comesTo instanceof RegExp) return 'errored';
  return comesTo === 'cancelled' ? 'cancelled' : 'invalid';
}

test('what they are planted into passes', async () => {
  expect(await stage.run()).toMatchObject({ verdict: 'passed', invalid: [] });
  expect(await stage.live()).toMatchObject({ verdict: 'passed', invalid: [] });
});

describe.each([
  ['in the room', IN_THE_ROOM],
  ['in the world', IN_THE_WORLD],
  ['in a recording of the world', RECORDED],
  ['in what was saved', SAVED],
  ['in a process', PROCESSES],
])('broken %s', (_, runs) => {
  test.each(runs)('$name', async (broken) => {
    const outcome = await broken.run(stage);
    verdicts.set(broken.name, outcome.verdict);
    expect(outcome.verdict).not.toBe('passed');
    const { verdict, invalid, error } = outcome;
    expect({ verdict, invalid, error, saysSo: says(outcome, broken) }).toEqual({ verdict: verdictFor(broken), invalid, error, saysSo: true });
    // It is the verdict that keeps it from passing, and not what was expected.
    expect(outcome.checks.filter(({ outcome: found }) => found !== 'held')).toEqual([]);
  });
});
