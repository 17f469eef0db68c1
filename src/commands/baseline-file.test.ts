/** Baselines that nothing can be held against, and test runs that must not become one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { baselineOf } from '../metrics/baseline.ts';
import { caseOf, suiteOf } from '../testing/case-results.ts';
import { readBaseline, readBaselineFor, whyNotKept, writeBaseline } from './baseline-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'bottalk-baselines-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'main.json');

describe('a baseline', () => {
  test('is read as it was written', () => {
    const kept = baselineOf(suiteOf(caseOf({ figures: { talk_over: 0.02 } })));
    writeBaseline(path, kept);
    expect(readBaseline(path)).toEqual(kept);
  });

  test.each<[string, RegExp, object]>([
    ['a figure that is none', /cases\.0\.figures\.talk_over/, { figures: { talk_over: null } }],
    ['a figure in words', /cases\.0\.figures\.talk_over/, { figures: { talk_over: '0.02' } }],
    ['no figures', /cases\.0\.figures/, { figures: undefined }],
    ['no gaps', /cases\.0\.gaps/, { gaps: undefined }],
  ])('with %s is refused', (_, why, change) => {
    writeFileSync(path, JSON.stringify({ schema: 1, bottalk: '0', cases: [{ id: 'a.yaml @1', verdict: 'passed', figures: {}, gaps: { first: null, ms: [] }, ...change }] }));
    expect(() => readBaseline(path)).toThrow(why);
  });

  test('of which no case is there, on either side, is refused: it would hold nothing', () => {
    writeBaseline(path, baselineOf(suiteOf(caseOf({ file: 'calls/renamed.yaml' }))));
    expect(() => readBaselineFor(path, [caseOf()])).toThrow(/none of these cases/);
    expect(readBaselineFor(path, [caseOf({ file: 'calls/renamed.yaml', seed: 9 })]).cases).toHaveLength(1);
    writeBaseline(path, { schema: 1, bottalk: '0', cases: [] });
    expect(() => readBaselineFor(path, [caseOf()])).toThrow(/none of these cases/);
  });
});

test('half a test run takes no place of a whole one, nor does one of which nothing can be trusted', () => {
  expect(whyNotKept(suiteOf(caseOf()))).toBeUndefined();
  expect(whyNotKept({ ...suiteOf(caseOf()), stopped: true })).toContain('stopped');
  expect(whyNotKept(suiteOf(caseOf(), caseOf({ verdict: 'cancelled' })))).toContain('stopped');
  expect(whyNotKept(suiteOf(caseOf({ verdict: 'invalid' }), caseOf({ verdict: 'errored' })))).toContain('trusted');
});
