import { expect, test } from 'vitest';
import { caseOf, checkOf, suiteOf } from '../../testing/case-results.ts';
import { suiteHtml } from './html.ts';

const linkTo = (folder: string): string => `../${folder}`;

test('the page has every case, what went wrong first, with reasons and the way to what was kept', () => {
  const failed = caseOf({ seed: 2, verdict: 'failed', folder: 'runs/x', checks: [checkOf({ line: 14 })] });
  const errored = caseOf({ seed: 3, verdict: 'errored', folder: 'runs/y', call_secs: 0, error: 'gone' });
  const page = suiteHtml(suiteOf(caseOf(), failed, errored), linkTo);
  expect([...page.matchAll(/<td class="verdict">(\w+)</g)].map(([, verdict]) => verdict)).toEqual(['failed', 'errored', 'passed']);
  expect(page).toContain('<code>calls/refund.yaml:14</code> expected Sarah says');
  expect([...page.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual(['../runs/x/', '../runs/x/transcript.txt', '../runs/x/audio.wav', '../runs/y/']);
  expect([...page.matchAll(/name="show" value="(\w+)"/g)].map(([, value]) => value)).toEqual(['all', 'failed', 'errored', 'passed']);
});

test('the page needs nothing else, and whatever it quotes stays text', () => {
  const hostile = `"'><script>alert(1)</script><img src=x onerror=alert(1)>\u0007&lt;`;
  const errored = caseOf({ file: hostile, title: hostile, verdict: 'errored', error: hostile, folder: hostile });
  const failed = caseOf({ verdict: 'failed', checks: [checkOf({ expected: hostile, saw: hostile })] });
  const page = suiteHtml(suiteOf(errored, failed), linkTo);
  expect(page).not.toMatch(/<(script|img|link|iframe|object)\b/);
  expect(page).not.toMatch(/https?:|url\(|@import|\u0007/);
  // No tag begins or ends inside what is quoted.
  const tags = page.replace(/<style>[^]*<\/style>/, '').match(/<[^>]*>/g) ?? [];
  for (const tag of tags) expect(tag).toMatch(/^<(!doctype html|\/?[a-z]+[0-9]?( (?!on)[a-z-]+(="[^"]*")?)*)>$/);
});
