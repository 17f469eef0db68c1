/** results.json as others may leave it: edited, cut, counted wrongly. None of it is half believed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type SuiteResult, totalsOf } from '../metrics/suite-result.ts';
import { caseOf, checkOf, suiteOf } from '../testing/case-results.ts';
import { readResults, writeResults } from './results-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'bottalk-results-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SOUND = suiteOf(caseOf({ seed: 1, checks: [checkOf({ outcome: 'held' })] }), caseOf({ seed: 2, verdict: 'failed', checks: [checkOf()] }));

const [passed, failed] = SOUND.cases;

function read(change: object): SuiteResult {
  const file = join(folder, 'changed.json');
  writeFileSync(file, JSON.stringify({ ...SOUND, ...change }));
  return readResults(file);
}

test('what a test run wrote is read as it was, also by a bottalk that knows fewer fields', () => {
  writeResults(folder, SOUND);
  expect(readResults(folder)).toEqual(SOUND);
  expect(read({ cases: [{ ...passed, new_field: 1 }, failed] }).cases).toHaveLength(2);
  expect(read({ stopped: true, cases: [], totals: totalsOf([]) }).cases).toEqual([]);
});

test.each<[string, RegExp, object]>([
  ['without cases', /totals\.failed is 1, and 0 of its cases are/, { cases: [] }],
  ['of no case at all', /it has no case/, { cases: [], totals: totalsOf([]) }],
  ['with a case that is none', /cases\.1: /, { cases: [passed, null] }],
  ['with a verdict of their own', /cases\.1\.verdict: /, { cases: [passed, { ...failed, verdict: 'PASS' }] }],
  ['with a verdict that was changed', /totals\.failed is 1, and 0/, { cases: [passed, { ...failed, verdict: 'ran' }] }],
  ['that call a failure a pass', /said to have passed, and what it holds says otherwise/, { cases: [passed, { ...failed, verdict: 'passed' }] }],
  ['without expectations', /cases\.0\.checks: /, { cases: [{ ...passed, checks: undefined }, failed] }],
  ['with a figure that is none', /cases\.0\.figures\.talk_over: /, { cases: [{ ...passed, figures: { talk_over: null } }, failed] }],
  ['with the same case twice', /calls\/refund\.yaml @2 is in it twice/, { cases: [failed, failed], totals: { ...totalsOf([]), failed: 2 } }],
  ['of another schema', /results in schema 99/, { schema: 99 }],
])('results %s are refused', (_, why, change) => {
  expect(() => read(change)).toThrow(why);
});
