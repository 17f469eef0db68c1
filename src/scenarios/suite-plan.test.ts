import { describe, expect, test } from 'vitest';
import { parseScenarios } from './load.ts';
import { planSuite, type PlanOptions } from './suite-plan.ts';

const file = (title: string, extra = ''): string => `title: ${title}
seed: 5
agents:
  - { name: Sarah, prompt: a, script: { lines: [Hello.] } }
  - { name: Mike, prompt: b, script: { lines: [Hello.] } }
${extra}`;

const CASES = [
  ...parseScenarios(file('Refund', 'tags: [money]\nmatrix: { agents.Mike.voice: [ross, angus] }\n'), 'calls/refund.yaml'),
  ...parseScenarios(file('Greeting'), 'calls/greeting.yaml'),
];
const ids = (options: PlanOptions = {}): string[] => planSuite(CASES, options).map(({ id }) => id);

describe('the plan of a test run', () => {
  test('names each case by file, matrix values and seed', () => {
    expect(ids()).toEqual(['calls/refund.yaml [agents.Mike.voice=ross] @5', 'calls/refund.yaml [agents.Mike.voice=angus] @5', 'calls/greeting.yaml @5']);
  });

  test('repeats with seeds that count up, in the scenario too', () => {
    const plan = planSuite(CASES.slice(2), { repeat: 3 });
    expect(plan.map(({ id, of }) => [id, of.seed, of.scenario.seed])).toEqual([
      ['calls/greeting.yaml @5', 5, 5],
      ['calls/greeting.yaml @6', 6, 6],
      ['calls/greeting.yaml @7', 7, 7],
    ]);
  });

  test('takes given seeds, and latencies from seeds of their own', () => {
    expect(ids({ grep: /greeting/, seeds: [1, 9], jitterSeeds: [3, 4] })).toEqual(['calls/greeting.yaml @1 ~3', 'calls/greeting.yaml @1 ~4', 'calls/greeting.yaml @9 ~3', 'calls/greeting.yaml @9 ~4']);
  });

  test('is narrowed by tags and by what an id or a title says', () => {
    expect(ids({ tags: ['money', 'other'] })).toHaveLength(2);
    expect(ids({ grep: /angus/ })).toHaveLength(1);
    expect(ids({ grep: /^greeting/i })).toEqual(['calls/greeting.yaml @5']);
  });

  test('is dealt out to shards without a rest', () => {
    const all = ids({ repeat: 4 });
    const parts = [1, 2, 3].map((index) => ids({ repeat: 4, shard: { index, of: 3 } }));
    expect(parts.flat().toSorted()).toEqual(all.toSorted());
    expect(parts.map((part) => part.length)).toEqual([4, 4, 4]);
  });
});
