/** What people read of a comparison with a baseline. */
import { describe, expect, test } from 'vitest';
import { baselineOf, compareToBaseline } from '../../metrics/baseline.ts';
import type { CaseResult } from '../../metrics/case-result.ts';
import { caseOf, suiteOf } from '../../testing/case-results.ts';
import { comparedStory, comparisonText } from './comparison-lines.ts';

/** So many seeds of one call, each a little other than the one before. */
function calls(count: number, slowerMs: number, changes: Partial<CaseResult> = {}): CaseResult[] {
  return Array.from({ length: count }, (_, seed) => {
    const noise = (seed * 7) % 5;
    const figures = { 'system response_latency p50': 1000 + slowerMs + noise, talk_over: slowerMs === 0 ? 0.004 : 0.044, 'user turn_taking_score': 0.9 };
    return caseOf({ seed, figures, gaps: { first: 'system', ms: [null, 800, 900 + slowerMs + noise, 800, 900 + 2 * slowerMs] }, ...changes });
  });
}

function told(before: readonly CaseResult[], after: readonly CaseResult[]): string[] {
  const comparison = compareToBaseline(baselineOf(suiteOf(...before)), { cases: after });
  return comparisonText(comparison, { name: 'main', colour: false }).split('\n');
}

describe('a comparison', () => {
  test('lists what got worse in its own unit, where it shows most, and what it could have seen', () => {
    const after = calls(10, 120).with(4, caseOf({ ...calls(5, 160)[4], verdict: 'failed' }));
    expect(told(calls(10, 0), [...after, caseOf({ seed: 77 })])).toEqual([
      'compared with main: 10 pairs, 1 case without a partner',
      '  calls/refund.yaml @4: was passed, is failed',
      '              before    after  difference       95 % interval      p',
      '  system response_latency p50',
      '             1002 ms  1126 ms     +124 ms  +120 ms to +132 ms  0.004  worse',
      '  talk_over    0.4 %    4.4 %        +4 %        +4 % to +4 %  0.004  worse',
      '  system response_latency p50 shows most in calls/refund.yaml @4: 1003 ms to',
      '    1163 ms; turn 5 came after 1220 ms, not 900 ms',
      '  talk_over shows most in calls/refund.yaml @0: 0.4 % to 4.4 %',
      '  1 of 3 figures did not change beyond chance',
      "  10 pairs would show, four times in five, a change of the system's",
      '    response_latency by 15 ms',
      '',
    ]);
  });

  test('gives a difference that is too small to print no sign', () => {
    const little = (by: number) => calls(10, 0).map((each, i) => ({ ...each, figures: { talk_over: 0.1 + (i % 2) * by, duration: 60 } }));
    const { changes } = comparedStory(compareToBaseline(baselineOf(suiteOf(...little(0))), { cases: little(-0.0004) }), 'main');
    expect(changes.map(({ difference, interval }) => `${difference}, ${interval}`)).toEqual(['0 %, 0 % to 0 %', '0 s, 0 s to 0 s']);
  });

  test('says when nothing changed, and how little that means', () => {
    expect(told(calls(10, 0), calls(10, 0))).toEqual([
      'compared with main: 10 pairs',
      '  none of 3 figures got worse or better beyond chance',
      "  10 pairs would show, four times in five, a change of the system's",
      '    response_latency by 10 ms',
      '',
    ]);
  });

  test('names what only one side has a figure of, for it may be what went wrong', () => {
    const mute = calls(10, 0).map((each) => ({ ...each, figures: { talk_over: 0.004, 'user turn_taking_score': 0.9 } }));
    expect(told(calls(10, 0), mute)).toContain('  measured on one side only, and not compared: system response_latency p50');
    expect(told(mute, calls(10, 0))).toContain('  measured on one side only, and not compared: system response_latency p50');
  });

  test('of too few pairs says how many it takes', () => {
    expect(told(calls(5, 0), calls(5, 120))).toEqual([
      'compared with main: 5 pairs',
      '  fewer than 9 pairs: nothing can be significant (more seeds: --repeat 9)',
      '',
    ]);
  });

  test('says when the pairs share their latencies', () => {
    const drawn = (draw: number) => calls(10, draw * 100).map((each) => ({ ...each, id: `${each.id} ~${draw}` }));
    expect(told(drawn(1), drawn(2))).toEqual(expect.arrayContaining(['  many pairs share their latencies, so they count as 1 (more draws:', '    --jitter-seeds)']));
  });

  test('fits a terminal, however long the names of its cases are', () => {
    const name = 'scenarios/regression/refund-of-a-broken-machine.yaml [variables.mood=angry and in a hurry] @';
    const long = (slowerMs: number) => calls(10, slowerMs).map((each, i) => ({ ...each, id: `${name}${i}` }));
    const lines = told(long(0), long(120).with(4, { ...caseOf({ seed: 4, verdict: 'failed' }), id: `${name}4` }));
    expect(lines.join(' ').replace(/\s+/g, ' ')).toContain(`${name}4: was passed, is failed`);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  test('points at no turn where the calls are not the same', () => {
    const after = calls(10, 120).map((each, i) => ({ ...each, id: `calls/refund.yaml @${100 + i}` }));
    const lines = told(calls(10, 0), after);
    expect(lines[0]).toBe('compared with main: 10 pairs (10 of different seeds)');
    expect(lines.filter((line) => line.includes('shows most'))).toEqual([]);
  });
});
