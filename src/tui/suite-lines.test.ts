import { expect, test } from 'vitest';
import { caseOf, checkOf } from '../testing/case-results.ts';
import { lookFor } from './look.ts';
import { suiteLines } from './suite-lines.ts';
import { SuiteState } from './suite-view.ts';

const look = lookFor({ LC_ALL: 'C.UTF-8', TERM: 'xterm' });

function shown(state: SuiteState, { columns = 80, rows = 24 } = {}): readonly string[] {
  const lines = suiteLines(state.viewAt(21_000), { columns, rows, look });
  return lines.map((line) => line.map(({ text }) => text).join(''));
}

const planned = (file: string, count: number): { readonly id: string; readonly file: string }[] => Array.from({ length: count }, (_, i) => ({ id: `${file} @${i + 1}`, file }));

test('a test run shows how far it is, what runs, each scenario, and the first thing that went wrong', () => {
  const state = new SuiteState([...planned('calls/refund.yaml', 3), ...planned('calls/order.yaml', 2)]);
  state.ended(caseOf());
  state.ended(caseOf({ seed: 2, verdict: 'failed', wall_secs: 3.1, checks: [checkOf({ line: 14 })] }));
  state.started('calls/order.yaml @1');
  expect(shown(state)).toEqual([
    ' 2/5 ##########..............  1 passed, 1 failed         0:21, about 0:31 left ',
    ' slowest calls/refund.yaml @2 3.1 s  ·  running calls/order.yaml @1',
    '',
    ' ○ calls/refund.yaml                                    2/3  1 passed, 1 failed ',
    ' ● calls/order.yaml                                                       0/2   ',
    '',
    ' failed calls/refund.yaml @2',
    '   calls/refund.yaml:14: expected Sarah says "refund": not said in 4 turns of',
    '   Sarah',
  ]);
});

test('counts come before the bar, and what does not fit is counted', () => {
  const file = `calls/${'a-long-name-'.repeat(8)}.yaml`;
  const state = new SuiteState([...planned(file, 480), ...Array.from({ length: 30 }, (_, i) => planned(`calls/${i}.yaml`, 1)).flat()]);
  for (let seed = 1; seed <= 200; seed++) state.ended(caseOf({ file, seed, verdict: (['passed', 'failed', 'invalid'] as const)[seed % 3] ?? 'passed', checks: [checkOf()] }));
  for (const columns of [40, 80, 140]) {
    const lines = shown(state, { columns, rows: 24 });
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(lines.join('\n')).toContain('more');
  }
  expect(shown(state)[0]).toContain('66 passed, 67 failed, 67 invalid');
});

test('that it is being ended is said', () => {
  const state = new SuiteState(planned('a.yaml', 1));
  state.stopping();
  expect(shown(state)[1]).toBe(' ending what runs; Ctrl-C again leaves at once');
});
