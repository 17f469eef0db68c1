/** Which cases are run again: those that did not pass, and those whose turn never came. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { totalsOf } from '../metrics/suite-result.ts';
import { caseOf, suiteOf } from '../testing/case-results.ts';
import { planFlaggedTests } from './plan-flagged-tests.ts';
import type { TestFlags } from './test-flags.ts';
import { writeResults } from './results-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'bottalk-again-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FLAGS: TestFlags = { retriesInvalid: 0, keep: 'none' };

const CALL = `title: A call
agents:
  - { name: Ann, prompt: Greet., script: { lines: [Hello.] } }
  - { name: Ben, prompt: Answer., script: { lines: [Hi.] } }
`;

function file(name: string): string {
  writeFileSync(join(folder, name), CALL);
  return join(folder, name);
}

test('a tag that no scenario has is a slip, even beside one that some have', async () => {
  writeFileSync(join(folder, 'tagged.yaml'), `tags: [billing]\n${CALL}`);
  const plan = (...tag: string[]) => planFlaggedTests([join(folder, 'tagged.yaml'), file('one.yaml')], { ...FLAGS, tag }, {});
  expect((await plan('billing')).cases).toHaveLength(1);
  await expect(plan('billing', 'bilingl')).rejects.toThrow('no scenario has the tag "bilingl" (did you mean billing?)');
});

test('a test run that stopped at its first failure is gone on with', async () => {
  const [one, two, three] = [file('one.yaml'), file('two.yaml'), file('three.yaml')];
  const cases = [caseOf({ file: one }), caseOf({ file: two, verdict: 'failed' })];
  const { id, title, tags, seed, jitter_seed, variant } = caseOf({ file: three, seed: 7 });
  const notRun = [{ id, file: three, title, tags, seed, jitter_seed, variant }];
  writeResults(folder, { ...suiteOf(), stopped: true, totals: totalsOf(cases), cases, not_run: notRun });
  const { cases: again } = await planFlaggedTests([], { ...FLAGS, rerunFailed: folder }, {});
  expect(again.map((each) => each.id).sort()).toEqual([`${three} @7`, `${two} @1`]);
});
