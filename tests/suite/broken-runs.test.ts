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

/** In the form in which the run says it. */
function reasonOf({ verdict, invalid, error }: Outcome, { comesTo }: BrokenRun): unknown {
  if (comesTo instanceof RegExp) return { verdict, error };
  return comesTo === 'cancelled' ? { verdict } : { verdict, codes: invalid.map(({ code }) => code) };
}

function expected({ comesTo }: BrokenRun): unknown {
  if (comesTo instanceof RegExp) return { verdict: 'errored', error: expect.stringMatching(comesTo) as string };
  return comesTo === 'cancelled' ? { verdict: 'cancelled' } : { verdict: 'invalid', codes: expect.arrayContaining([comesTo]) as string[] };
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
    expect(reasonOf(outcome, broken)).toEqual(expected(broken));
    // It is the verdict that keeps it from passing, and not what was expected.
    expect(outcome.checks.filter(({ outcome: found }) => found !== 'held')).toEqual([]);
  });
});
