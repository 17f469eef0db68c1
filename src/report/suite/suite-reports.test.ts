/** What people and machines read of a test run: lines, JUnit, GitHub's annotations, Markdown. */
import { describe, expect, test } from 'vitest';
import { baselineOf, compareToBaseline } from '../../metrics/baseline.ts';
import type { CaseResult } from '../../metrics/case-result.ts';
import { caseOf, checkOf, suiteOf } from '../../testing/case-results.ts';
import { junitFaults } from '../../testing/junit-faults.ts';
import { dotSuite } from './dot.ts';
import { githubSuite } from './github.ts';
import { junitXml } from './junit.ts';
import { suiteMarkdown } from './markdown.ts';
import { plainSuite, tallyText } from './plain-suite.ts';
import type { SuiteSink } from './suite-sink.ts';

const CASES = [
  caseOf(),
  caseOf({
    seed: 2,
    verdict: 'failed',
    folder: 'runs/x/refund-2',
    checks: [
      checkOf(),
      checkOf({ line: 14, expected: 'talk_over <= 5 %', saw: '7.2 %', place: { turn: 3, agent: null, atMs: 12_400 } }),
      checkOf({ line: 15, severity: 'should', expected: 'turns >= 4', saw: '3' }),
      checkOf({ line: 16, outcome: 'held', note: 'P95 of fewer than 20 values says little', expected: 'ttft p95 <= 900 ms' }),
    ],
  }),
  caseOf({ seed: 3, verdict: 'invalid', invalid: [{ code: 'no_speech', agent: 'Mike', text: 'Mike was never heard' }] }),
  caseOf({ seed: 4, verdict: 'errored', error: 'it took longer than 5 s <&>\u0007', ended_by: null }),
  caseOf({ seed: 5, verdict: 'failed', checks: [checkOf({ outcome: 'not_reached', expected: 'yield_latency max <= 600 ms', saw: 'nothing was measured' })] }),
];

function written(open: (write: (text: string) => void) => SuiteSink): string {
  let text = '';
  const sink = open((more) => (text += more));
  for (const [i, result] of CASES.entries()) sink.caseEnded?.(result, { done: i + 1, of: CASES.length });
  sink.suiteEnded?.(suiteOf(...CASES));
  return text;
}

test('plain lines tell each case, why it did not pass and at which line of the file', () => {
  expect(written((write) => plainSuite({ write, colour: false })).split('\n')).toEqual([
    '1/5  passed     calls/refund.yaml @1  1:01.5 in 0.3 s',
    '2/5  failed     calls/refund.yaml @2  1:01.5 in 0.3 s',
    '     calls/refund.yaml:12: expected Sarah says "refund": not said in 4 turns of Sarah',
    '     calls/refund.yaml:14: expected talk_over <= 5 %: 7.2 % (turn 3, 12.4 s)',
    '     calls/refund.yaml:15: should: expected turns >= 4: 3',
    '     calls/refund.yaml:16: ttft p95 <= 900 ms: P95 of fewer than 20 values says little',
    '     see runs/x/refund-2',
    '3/5  invalid    calls/refund.yaml @3  1:01.5 in 0.3 s',
    '     calls/refund.yaml: Mike was never heard (no_speech)',
    '4/5  errored    calls/refund.yaml @4  1:01.5 in 0.3 s',
    '     calls/refund.yaml: it took longer than 5 s <&>',
    '5/5  failed     calls/refund.yaml @5  1:01.5 in 0.3 s',
    '     calls/refund.yaml:12: expected yield_latency max <= 600 ms: not reached, nothing was measured',
    '',
    '1 passed, 2 failed, 1 invalid, 1 errored: 5 cases, 5:07.5 of calls in 1.5 s',
    '',
  ]);
});

test.each<[string, readonly CaseResult[]]>([
  ['', [caseOf(), caseOf({ seed: 2, verdict: 'errored', cost_usd: null, call_secs: 0 })]],
  [', cost unknown', [caseOf(), caseOf({ seed: 2, cost_usd: null })]],
  [', cost unknown', [caseOf({ earlier: [{ invalid: [], cost_usd: null, folder: null }] })]],
  [', $0.0300', [caseOf({ cost_usd: 0.02 }), caseOf({ seed: 2, cost_usd: 0.01 })]],
  [', at least $0.0200', [caseOf({ cost_usd: 0.02 }), caseOf({ seed: 2, cost_usd: null })]],
  [', at least $0.0300', [caseOf({ cost_usd: 0.02 }), caseOf({ seed: 2, cost_usd: 0.01, cost_at_least: true })]],
])('a tally ends in what is known of the cost: %j', (end, cases) => {
  expect(tallyText(suiteOf(...cases))).toMatch(new RegExp(`of calls in 1.5 s${end.replace(/[$.]/g, '\\$&')}$`));
});

test('plain lines are broken between words where a terminal is narrow', () => {
  const lines = written((write) => plainSuite({ write, colour: false, columns: 50 })).split('\n');
  expect(lines.slice(2, 7)).toEqual([
    '2/5  failed     calls/refund.yaml @2',
    '     1:01.5 in 0.3 s',
    '     calls/refund.yaml:12: expected Sarah says',
    '     "refund": not said in 4 turns of Sarah',
    '     calls/refund.yaml:14: expected talk_over <= 5',
  ]);
});

test('dots tell how far it is, and at the end what was no dot', () => {
  const lines = written((write) => dotSuite({ write, colour: false })).split('\n');
  expect(lines[0]).toBe('.FIEF');
  expect(lines.filter((line) => /^\d\/5/.test(line)).map((line) => line.slice(0, 15).trim())).toEqual(['2/5  failed', '3/5  invalid', '4/5  errored', '5/5  failed']);
  expect(lines.at(-2)).toBe('1 passed, 2 failed, 1 invalid, 1 errored: 5 cases, 5:07.5 of calls in 1.5 s');
});

describe('JUnit', () => {
  const xml = junitXml(suiteOf(...CASES));

  test('counts failures and errors apart, for each file', () => {
    expect(xml).toContain(
      '<testsuite name="calls/refund.yaml" package="bottalk" id="0" hostname="localhost" timestamp="2026-01-05T09:00:00" time="1.250" tests="5" failures="2" errors="2" skipped="0">',
    );
  });

  test('is valid for xmllint by what the common schemas have in common', async () => {
    const results = {
      'cases of every kind': suiteOf(...CASES, caseOf({ seed: 6, verdict: 'cancelled' }), caseOf({ seed: 7, verdict: 'ran' }), caseOf({ file: 'other/call.yaml' })),
      'no case at all': suiteOf(),
      'names that no schema likes': suiteOf(caseOf({ file: ' a  b\n"<&>\'\u0007.yaml', verdict: 'errored', error: ']]>' })),
    };
    const faults = await junitFaults(Object.values(results).map(junitXml));
    expect(Object.fromEntries(Object.keys(results).map((what, n) => [what, faults[n]]))).toEqual({ 'cases of every kind': [], 'no case at all': [], 'names that no schema likes': [] });
  });

  test('would not be valid if it were broken', async () => {
    const broken: readonly (readonly [what: string, report: string, fault: RegExp])[] = [
      ['a case without a name', xml.replace('<testcase name="calls/refund.yaml @1" ', '<testcase '), /^line 7: .*'testcase'.* 'name' is required/],
      ['a case beside its suite', xml.replace('<testsuites>', '<testsuites><testcase name="a" classname="a" time="1"/>'), /'testcase': This element is not expected/],
      ['two outcomes of one case', xml.replace('</failure>', '</failure><skipped/>'), /'skipped': This element is not expected/],
      ['a time of day with its zone', xml.replace('09:00:00"', '09:00:00Z"'), /'timestamp'.*not accepted by the pattern/],
      ['a count that is none', xml.replace('failures="2"', 'failures="-2"'), /'failures'/],
      ['an attribute that one of the schemas does not know', xml.replace('<testcase ', '<testcase line="3" '), /'line' is not allowed/],
      ['text between the cases', xml.replace('<testcase ', 'Well, <testcase '), /Character content/],
      ['output before the cases', xml.replace('<properties>', '<system-out/><properties>'), /'system-out': This element is not expected/],
      ['a suite that stays open', xml.replace('</testsuites>', ''), /Premature end|EndTag/],
      ['an ampersand that is not escaped', xml.replace('Mike was', '& was'), /xmlParseEntityRef/],
    ];
    const faults = await junitFaults(broken.map(([, report]) => report));
    for (const [n, [what, , fault]] of broken.entries()) expect(faults[n]?.join('\n'), `with ${what}`).toMatch(fault);
  });

  test('has the reasons with their places', () => {
    expect(xml).toContain('<failure message="expected Sarah says &quot;refund&quot;: not said in 4 turns of Sarah" type="failed">');
    expect(xml).toContain('calls/refund.yaml:14: expected talk_over &lt;= 5 %: 7.2 % (turn 3, 12.4 s)');
    expect(xml).toContain('<error message="Mike was never heard (no_speech)" type="invalid">');
  });

  test('holds nothing that XML cannot', () => {
    expect(xml).toContain('it took longer than 5 s &lt;&amp;&gt;');
    expect(junitXml(suiteOf(caseOf({ file: 'a\u0007.yaml' })))).toContain('name="a\ufffd.yaml @1"');
  });
});

test("GitHub's annotations point at the expectation in the file, and cannot be broken out of", () => {
  const lines = written(githubSuite).split('\n');
  expect(lines).toContain('::error file=calls/refund.yaml,line=12,title=bottalk%3A calls/refund.yaml @2 failed::expected Sarah says "refund": not said in 4 turns of Sarah');
  expect(lines).toContain('::error file=calls/refund.yaml,line=14,title=bottalk%3A calls/refund.yaml @2 failed::expected talk_over <= 5 %25: 7.2 %25 (turn 3, 12.4 s)');
  expect(lines).toContain('::warning file=calls/refund.yaml,line=15,title=bottalk%3A calls/refund.yaml @2 failed::should: expected turns >= 4: 3');
  expect(lines.filter((line) => line.startsWith('::error'))).toHaveLength(5);
  expect(lines[0], 'a case with nothing to say').toBe('passed calls/refund.yaml @1 (1:01.5)');
  expect(lines.filter((line) => line.startsWith('::group::'))).toHaveLength(4);
  expect(lines.at(-2)).toBe('1 passed, 2 failed, 1 invalid, 1 errored: 5 cases, 5:07.5 of calls in 1.5 s');
});

test('Markdown puts what failed first and escapes what it quotes', () => {
  const text = suiteMarkdown(suiteOf(caseOf(), caseOf({ file: 'a_b|c.yaml', verdict: 'failed', checks: [checkOf()] })));
  const rows = text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| verdict'));
  expect(rows).toEqual(['| failed | a\\_b\\|c.yaml @1 | 1:01.5 | 9 |', '| passed | calls/refund.yaml @1 | 1:01.5 | 9 |']);
  expect(text).toContain('## bottalk: 1 failed, 1 passed');
  expect(text).toContain('- `a_b|c.yaml:12` @1: expected Sarah says "refund": not said in 4 turns of Sarah');
  const quoted = suiteMarkdown(suiteOf(caseOf({ verdict: 'failed', checks: [checkOf({ saw: 'turn 1, Mike: "`rm` ~~or~~ &lt;b&gt;"' })] })));
  expect(quoted).toContain(String.raw`turn 1, Mike: "\`rm\` \~\~or\~\~ \&lt;b\&gt;"`);
});

test('Markdown tells which of repeated runs can be relied on', () => {
  const lines = suiteMarkdown(suiteOf(...Array.from({ length: 4 }, (_, i) => caseOf({ seed: i + 1, verdict: i === 2 ? 'failed' : 'passed' })))).split('\n');
  expect(lines.slice(-6)).toEqual([
    '| repeated | passed | 95 % interval | pass@3 | pass^3 |  |',
    '|---|--:|--:|--:|--:|---|',
    '| calls/refund.yaml | 3/4 | 30 % to 95 % | 100 % | 25 % | flaky |',
    '',
    '- calls/refund.yaml failed with @3',
    '',
  ]);
});

test('Markdown tells what a baseline says of the run, and counts what did not change', () => {
  const run = (p50: number) => suiteOf(...Array.from({ length: 10 }, (_, seed) => caseOf({ seed, figures: { 'system response_latency p50': p50 + seed, talk_over: 0 } })));
  const comparison = compareToBaseline(baselineOf(run(1000)), run(1200));
  const text = suiteMarkdown(run(1200), { name: 'main_2', comparison });
  expect(text).toContain('### compared with main\\_2: 10 pairs');
  expect(text).toMatch(/\| system response\\_latency p50 \| 1005 ms \| 1205 ms \| \+200 ms \| .* \| worse \|/);
  expect(text).not.toContain('| talk');
  expect(text).toContain('1 of 2 figures did not change beyond chance');
});
