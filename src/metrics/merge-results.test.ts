/** Parts of a test run put together, and what of them is missing or there twice. */
import { expect, test } from 'vitest';
import { caseOf, suiteOf } from '../testing/case-results.ts';
import { mergeResults } from './merge-results.ts';
import type { SuiteResult } from './suite-result.ts';

const part = (index: number, of: number): SuiteResult => ({ ...suiteOf(caseOf({ seed: index + 10 * of })), shard: { index, of } });

test('parts of which all are there become one, which is a part of nothing', () => {
  const { merged, missing, twice } = mergeResults([part(2, 2), part(1, 2)]);
  expect({ missing, twice, cases: merged.cases.length, shard: merged.shard }).toEqual({ missing: [], twice: [], cases: 2, shard: undefined });
});

test('a part that is not there is named', () => {
  expect(mergeResults([part(1, 3), part(3, 3)]).missing).toEqual([{ index: 2, of: 3 }]);
  expect(mergeResults([part(1, 2), part(1, 3), part(2, 3), part(3, 3)]).missing).toEqual([{ index: 2, of: 2 }]);
});

test('what none of them came to run is kept in mind', () => {
  const { verdict: _verdict, ...left } = caseOf({ seed: 9 });
  const { merged } = mergeResults([{ ...part(1, 2), stopped: true, not_run: [left] }, part(2, 2)]);
  expect(merged).toMatchObject({ stopped: true, not_run: [{ seed: 9 }] });
});
