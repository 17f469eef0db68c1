import { describe, expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { caseOf, suiteOf } from '../testing/case-results.ts';
import { baselineOf, compareToBaseline } from './baseline.ts';
import type { CaseResult } from './case-result.ts';
import { mergeResults } from './merge-results.ts';
import { repeatedScenarios } from './repeats.ts';

const LATENCY = 'system response_latency p50';

/** So many seeds of one scenario, with latencies around a value. */
function runs(count: number, aroundMs: number, noise: number): CaseResult[] {
  const random = seededRandom(noise);
  return Array.from({ length: count }, (_, i) => caseOf({ seed: i + 1, figures: { [LATENCY]: aroundMs + random.normal() * 20, talk_over: 0.01 } }));
}

const compare = (before: readonly CaseResult[], after: readonly CaseResult[]) => compareToBaseline(baselineOf(suiteOf(...before)), { cases: after });
const judgementOf = (...sides: Parameters<typeof compare>) => compare(...sides).changes.find(({ figure }) => figure === LATENCY)?.judgement;

describe('a comparison', () => {
  test('tells what got worse, by how much and how surely', () => {
    const { pairs, unpaired, can_tell, changes } = compare(runs(20, 1000, 1), runs(20, 1060, 2));
    const [change] = changes;
    expect({ pairs, unpaired, can_tell }).toEqual({ pairs: 20, unpaired: 0, can_tell: true });
    expect(change?.judgement).toBe('worse');
    expect(change?.difference).toBeGreaterThan(40);
    expect(change?.interval[0]).toBeGreaterThan(20);
    expect(change?.adjusted_p).toBeLessThan(0.01);
  });

  test('takes as much the other way for better, and nothing at all for the same', () => {
    expect(judgementOf(runs(20, 1000, 1), runs(20, 940, 2))).toBe('better');
    expect(judgementOf(runs(20, 1000, 1), runs(20, 1000, 2))).toBe('same');
  });

  test('takes what is sure but too small to matter for the same', () => {
    const before = runs(20, 1000, 1);
    expect(judgementOf(before, before.map((result) => ({ ...result, figures: { ...result.figures, [LATENCY]: (result.figures[LATENCY] ?? 0) + 5 } })))).toBe('same');
  });

  test('of few pairs can tell nothing, however large the difference, and says how many it takes', () => {
    const { can_tell, pairs_needed, changes } = compare(runs(7, 1000, 1), runs(7, 3000, 2));
    expect({ can_tell, pairs_needed }).toEqual({ can_tell: false, pairs_needed: 8 });
    expect(changes.map(({ judgement }) => judgement)).toEqual(['same', 'same']);
    expect(judgementOf(runs(8, 1000, 1), runs(8, 3000, 2))).toBe('worse');
  });

  test('needs more of them the more figures differ, and none for figures that cannot differ by what matters', () => {
    const alike = (count: number, value: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`user ttft ${i}`, value]));
    const four = (aroundMs: number) => Array.from({ length: 8 }, (_, seed) => caseOf({ seed, figures: alike(4, aroundMs + seed) }));
    expect(compare(four(1000), four(3000))).toMatchObject({ pairs_needed: 10, can_tell: false });
    const still = runs(8, 1000, 1).map((each) => ({ ...each, figures: { ...each.figures, ...alike(20, 5) } }));
    const slower = still.map((each) => ({ ...each, figures: { ...each.figures, [LATENCY]: 3000 } }));
    expect(compare(still, slower)).toMatchObject({ pairs_needed: 8, can_tell: true });
    expect(judgementOf(still, slower)).toBe('worse');
  });

  test('pairs by scenario and seed, whatever the latencies were drawn from', () => {
    const { pairs, unpaired } = compare([caseOf({ id: 'a.yaml @1 ~7' }), caseOf({ id: 'a.yaml @2' })], [caseOf({ id: 'a.yaml @1 ~8' }), caseOf({ id: 'b.yaml @2' })]);
    expect({ pairs, unpaired }).toEqual({ pairs: 1, unpaired: 2 });
  });

  test('holds the same draw of latencies against itself where both sides have it, in whatever order', () => {
    const drawn = (from: number) => Array.from({ length: 10 }, (_, i) => caseOf({ id: `a.yaml @1 ~${from + i}` }));
    expect(compare(drawn(1), drawn(1).toReversed())).toMatchObject({ pairs: 10, independent: 10 });
    // Nine are the same, and the tenth is what is left of each.
    expect(compare(drawn(1), drawn(2))).toMatchObject({ pairs: 10, independent: 10, strangers: 0, unpaired: 0 });
  });

  test('holds seeds that only one side has against each other, within a scenario', () => {
    const before = [caseOf({ id: 'a.yaml @1', verdict: 'failed' }), caseOf({ id: 'a.yaml @2' }), caseOf({ id: 'b.yaml @1' })];
    const after = [caseOf({ id: 'a.yaml @3' }), caseOf({ id: 'a.yaml @2' }), caseOf({ id: 'a.yaml @4' })];
    expect(compare(before, after)).toMatchObject({ pairs: 2, strangers: 1, unpaired: 2, turned: [] });
  });

  test('takes one draw of latencies against one other for a single difference, however many cases share it', () => {
    const drawn = (draw: number, aroundMs: number) => runs(20, aroundMs, draw).map((each) => ({ ...each, id: `${each.id} ~${draw}` }));
    expect(compare(drawn(1, 1000), drawn(2, 1400))).toMatchObject({ pairs: 20, independent: 1, can_tell: false });
    expect(judgementOf(drawn(1, 1000), drawn(2, 1400))).toBe('same');
    // The same draw on both sides differs in nothing that chance decides.
    expect(compare(drawn(1, 1000), drawn(1, 1400))).toMatchObject({ pairs: 20, independent: 20, can_tell: true });
    expect(judgementOf(drawn(1, 1000), drawn(1, 1400))).toBe('worse');
  });

  test('names the case and the turn in which what got worse shows most', () => {
    const call = (seed: number, slowerMs: number): CaseResult => {
      const last = 1000 + (seed === 3 ? 4 * slowerMs : slowerMs);
      return caseOf({ seed, figures: { [LATENCY]: 1000 + slowerMs }, gaps: { first: 'system', ms: [null, 900, 1000 + slowerMs, 900, last] } });
    };
    const [change] = compare(Array.from({ length: 8 }, (_, i) => call(i, 0)), Array.from({ length: 8 }, (_, i) => call(i, i === 3 ? 150 : 100))).changes;
    expect(change?.most).toEqual({ id: 'calls/refund.yaml @3', before: 1000, after: 1150, turn: { turn: 5, gap_before: 1000, gap_after: 1600 } });
  });

  test('leaves broken runs out, on both sides, and tells verdicts that turned', () => {
    const { pairs, turned } = compare([caseOf({ seed: 1 }), caseOf({ seed: 2, verdict: 'invalid' })], [caseOf({ seed: 1, verdict: 'failed' }), caseOf({ seed: 2 })]);
    expect(pairs).toBe(1);
    expect(turned).toEqual([{ id: 'calls/refund.yaml @1', before: 'passed', after: 'failed' }]);
  });
});

test('repeats give a rate with its interval, and name what passes and fails', () => {
  const [refund, other] = repeatedScenarios([
    caseOf({ seed: 1 }),
    caseOf({ seed: 2, verdict: 'failed' }),
    caseOf({ seed: 3 }),
    caseOf({ seed: 4, verdict: 'errored' }),
    caseOf({ file: 'other.yaml', seed: 1 }),
    caseOf({ file: 'other.yaml', seed: 2 }),
    caseOf({ file: 'once.yaml' }),
  ]);
  expect(refund).toMatchObject({ file: 'calls/refund.yaml', passes: 2, runs: 3, broken: 1, flaky: true, failed_with: ['@2'], pass_at_3: 1, pass_hat_3: 0 });
  expect(other).toMatchObject({ file: 'other.yaml', passes: 2, runs: 2, flaky: false, pass_at_3: null });
});

test('shards merge into the order of one machine, and a case that is in two of them is named', () => {
  const cases = Array.from({ length: 7 }, (_, i) => caseOf({ seed: i + 1 }));
  const shard = (index: number) => suiteOf(...cases.filter((_, i) => i % 3 === index));
  const { merged, twice } = mergeResults([shard(0), shard(1), shard(2)]);
  expect(merged.cases).toEqual(cases);
  expect(merged.totals.passed).toBe(7);
  expect(twice).toEqual([]);
  expect(mergeResults([shard(0), shard(0)]).twice[0]).toBe('calls/refund.yaml @1');
});
