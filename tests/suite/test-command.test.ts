/** `bottalk test` as users run it: real processes, real calls, files and exit codes. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SuiteResult } from '../../src/metrics/suite-result.ts';
import { bottalk, type CommandResult } from '../../src/testing/command-process.ts';
import { junitFaults } from '../../src/testing/junit-faults.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bottalk-suite-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A short call: Ann greets, Ben asks for the time by a tool of Ann's, Ann says goodbye. */
const CALL = `title: A short call
tags: [short]
turn: { profile: responsive }
agents:
  - name: Ann
    prompt: Greet, and tell the time.
    tools: [{ name: tell_time, description: Tells the time., answer: { hour: nine } }]
    script:
      lines:
        - Hello, this is Ann speaking.
        - { say: Let me look., call: { name: tell_time, arguments: { zone: west, format: long } }, then: "It is {{ result.hour }}." }
        - { say: "You are welcome, goodbye.", end: true }
  - name: Ben
    prompt: Ask for the time.
    script: { lines: ["Hi Ann, what is the time?", Thank you so much.] }
`;

const run = (words: readonly string[], env: Record<string, string> = {}): Promise<CommandResult> => bottalk(['test', ...words], { cwd: folder, env });
const results = (out: string): SuiteResult => JSON.parse(readFileSync(join(folder, out, 'results.json'), 'utf8')) as SuiteResult;
/** What must not depend on the machine. */
const outcome = ({ cases }: SuiteResult): unknown => cases.map(({ wall_secs: _wall, folder: _folder, ...rest }) => rest);

function file(name: string, expectations: readonly string[], call = CALL): string {
  writeFileSync(join(folder, name), `${call}${expectations.length > 0 ? `expect:\n${expectations.map((line) => `  ${line}\n`).join('')}` : ''}`);
  return name;
}

const HELD = [
  '- ended_by: end_conversation',
  '- contains: this is Ann',
  '- { not_contains: refund, by: Ben }',
  '- { matches: "what is the (time|hour)", by: Ben, within_turn: 2 }',
  '- { contains: thank you, in: transcript }',
  '- in_order: [hello, let me look, goodbye]',
  '- { tool_called: tell_time, arguments: { zone: west }, times: 1 }',
  '- { tool_not_called: tell_time, by: Ben }',
  '- turns >= 5',
  '- duration <= 1m',
  '- response_latency p50 <= 4s for Ann',
  '- ttft max <= 10s',
  '- talk_over <= 5%',
  '- self_echo <= 0',
  '- turn_taking_score >= 0.2 for Ann',
];

/** The same expectations, each with a fault planted in it, and what is seen of that. */
const BROKEN: readonly (readonly [expectation: string, seen: string])[] = [
  ['- ended_by: [hangup, goodbye]', 'expected the call is ended by hangup or goodbye: end_conversation (Ann)'],
  ['- contains: this is Bob', 'expected somebody says "this is Bob": not said in 5 turns'],
  ['- { not_contains: the time, by: Ben }', 'expected Ben does not say "the time": turn 2, Ben: "Hi Ann, what is the time?"'],
  ['- { matches: "thank you", by: Ben, within_turn: 2 }', 'expected Ben says /thank you/ within 2 turns: not said in 1 turn of Ben up to turn 2'],
  ['- { contains: "Hello,", by: Ben, in: transcript }', 'expected Ben says "Hello,", as transcribed: not said in 2 turns of Ben'],
  ['- in_order: [goodbye, hello]', 'expected somebody says "goodbye", then "hello": "hello" was not said after turn 5'],
  ['- { tool_called: tell_time, arguments: { zone: east } }', 'expected somebody calls tell_time with {"zone":"east"}: called with {"zone":"west","format":"long"}'],
  ['- { tool_called: tell_time, times: 2 }', 'expected somebody calls tell_time, 2 times: called once'],
  ['- tool_not_called: tell_time', 'expected somebody does not call tell_time: called once'],
  ['- turns >= 6', 'expected turns >= 6: 5'],
  ['- duration <= 5s', 'expected duration <= 5 s: '],
  ['- response_latency p50 <= 100ms for Ann', 'expected response_latency p50 <= 100 ms for Ann: '],
  ['- yield_latency max <= 600ms for Ann', 'expected yield_latency max <= 600 ms for Ann: not reached, nothing was measured of Ann'],
  ['- talk_over >= 50%', 'expected talk_over >= 50 %: 0 %'],
  ['- self_echo >= 1', 'expected self_echo >= 1: 0'],
];

describe('expectations', () => {
  test('of every kind hold, and the test passes', async () => {
    const { status, output, errors } = await run([file('held.yaml', HELD), '--out', 'held']);
    expect({ status, errors }).toEqual({ status: 0, errors: '' });
    expect(output).toContain('passed     held.yaml @1');
    expect(results('held').cases[0]?.checks.map(({ outcome: found }) => found)).toEqual(HELD.map(() => 'held'));
    // Nobody will look at a case that passed.
    expect(readdirSync(join(folder, 'held'))).toEqual(['results.json']);
  });

  test('with a fault planted in each fail, with file, line and what was seen', async () => {
    const { status, output } = await run([file('broken.yaml', BROKEN.map(([line]) => line)), '--out', 'broken']);
    expect(status).toBe(1);
    const firstLine = CALL.split('\n').length + 1;
    for (const [i, [, seen]] of BROKEN.entries()) expect(output).toContain(`broken.yaml:${firstLine + i}: ${seen}`);
    expect(readdirSync(join(folder, 'broken', 'broken-@1'))).toEqual(expect.arrayContaining(['audio.wav', 'events.jsonl', 'transcript.txt']));
  });

  test('that only should hold change no verdict, and a file without any has run and not passed', async () => {
    const files = [file('should.yaml', ['- { contains: refund, severity: should }', '- turns >= 2']), file('none.yaml', [])];
    const { status, output } = await run([...files, '--out', 'should']);
    expect(status).toBe(0);
    expect(output).toContain('should: expected somebody says "refund": not said in 5 turns');
    expect(results('should').totals).toMatchObject({ passed: 1, ran: 1, failed: 0 });
  });
});

describe('results', () => {
  test('are the same for one, two and four workers, and for shards that are merged', async () => {
    const name = file('many.yaml', ['- turns >= 5', '- response_latency p50 <= 1200ms for Ann']);
    const plan = [name, '--repeat', '4', '--no-report'];
    const withWorkers = (workers: number): Promise<CommandResult> => run([...plan, '--workers', String(workers), '--out', `w${workers}`]);
    // What the first has had spoken the others need not have spoken again.
    await withWorkers(1);
    await Promise.all([...[2, 4].map(withWorkers), ...[1, 2, 3].map((part) => run([...plan, '--shard', `${part}/3`, '--out', `s${part}`]))]);
    const merged = await bottalk(['merge', 's1', 's2', 's3', '--out', 'all'], { cwd: folder });
    expect(merged.status).toBe(0);
    expect(outcome(results('w1'))).toHaveLength(4);
    expect(new Set(results('w1').cases.map(({ verdict }) => verdict))).toEqual(new Set(['passed', 'failed']));
    for (const out of ['w2', 'w4', 'all']) expect(outcome(results(out))).toEqual(outcome(results('w1')));
  });

  test('say what to run again', async () => {
    const again = await run(['many.yaml', '--repeat', '4', '--rerun-failed', 'w1', '--no-report', '--out', 'again']);
    const failed = results('w1').cases.filter(({ verdict }) => verdict === 'failed');
    expect(again.status).toBe(1);
    expect(again.output).not.toContain('results in');
    expect(outcome(results('again'))).toEqual(outcome({ ...results('w1'), cases: failed }));
  });

  test('are compared with those that were kept', async () => {
    const kept = await run(['many.yaml', '--repeat', '10', '--no-report', '--save-baseline', 'main', '--out', 'kept']);
    expect(kept.output).toContain('kept as baselines/main.json');
    const slower = file('many.yaml', ['- turns >= 5'], CALL.replace('- name: Ann\n', '- name: Ann\n    vad: { stop_secs: 0.9 }\n'));
    const summary = join(folder, 'compared.md');
    const inGithub = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
    const { status, output } = await run([slower, '--repeat', '10', '--no-report', '--baseline', 'main', '--out', 'slower', '--reporter', 'plain'], inGithub);
    const conclusions = output.slice(output.indexOf('\n  repeated'));
    expect(conclusions).toMatch(/system response_latency p50\s.* worse/);
    const toldAgain = await bottalk(['report', 'slower', '--baseline', 'main'], { cwd: folder });
    expect(toldAgain.output).toContain(conclusions);
    expect(readFileSync(summary, 'utf8')).toMatch(/### compared with main: 10 pairs\n[^]*\| system response\\_latency p50 \|.* worse \|/);
    expect(status).toBe(1);
    const same = await run([slower, '--repeat', '3', '--baseline', 'main', '--out', 'few']);
    expect(same.output).toContain('fewer than 10 pairs: nothing can be significant');
  });
});

describe('reports', () => {
  test('say where the results are if nobody named the folder', async () => {
    const { output } = await run([file('none.yaml', [])]);
    const [, out = ''] = /\nresults in (runs\/.*-test)\n$/.exec(output) ?? [];
    expect(results(out).totals).toMatchObject({ ran: 1 });
  });

  test('for a GitHub workflow are annotations and a summary, and JUnit goes to its file', async () => {
    const summary = join(folder, 'summary.md');
    const name = file('ci.yaml', ['- turns >= 6']);
    const { output } = await run([name, '--out', 'ci', '--reporter', 'github', '--reporter', 'junit=ci.xml'], { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary });
    expect(output).toContain(`::error file=ci.yaml,line=${CALL.split('\n').length + 1},title=bottalk%3A ci.yaml @1 failed::expected turns >= 6: 5`);
    expect(readFileSync(summary, 'utf8')).toContain('## bottalk: 1 failed');
    const junit = readFileSync(join(folder, 'ci.xml'), 'utf8');
    expect(junit).toContain('<failure message="expected turns &gt;= 6: 5" type="failed">');
    expect(await junitFaults([junit])).toEqual([[]]);
  });
});

describe('what cannot be run', () => {
  test.each([
    [['nothing.yaml'], 'no such file: nothing.yaml\n'],
    [['held.yaml', '--grep', 'zebra'], 'no case is left of 1 (check --grep, --tag and --shard)\n'],
    [['held.yaml', 'none.yaml', '--var', 'who=Rosa'], '--var who: none of 2 scenarios uses a variable of this name\n'],
    [['held.yaml', '--baseline', 'nope'], 'there is no baseline baselines/nope.json (bottalk test --save-baseline nope)\n'],
    [['held.yaml', '--out', 'held/results.json'], 'cannot write held/results.json: a file of that name is in the way (choose another folder with --out)\n'],
    [['held.yaml', '--repeat', '9', '--llm', 'openai', '--out', 'keyless'], "Ann's brain needs OPENAI_API_KEY (put it into .env.local or the environment)\n"],
  ])('%j is the user\'s to mend, and nothing is run', async (words, line) => {
    file('held.yaml', HELD);
    const { status, output, errors } = await run(words, { OPENAI_API_KEY: '', OPENAI_BASE_URL: '' });
    expect({ status, output, errors }).toEqual({ status: 2, output: '', errors: line });
    expect(existsSync(join(folder, 'keyless'))).toBe(false);
  });

  test('a case that takes too long is an error and no failure', async () => {
    const { status, output } = await run(['held.yaml', '--timeout', '0.001', '--out', 'late']);
    expect(status).toBe(3);
    expect(output).toContain('held.yaml: it took longer than 0.001 s');
  });

  test('a run whose simulation broke is invalid and no pass, whatever it expects', async () => {
    const deaf = file('deaf.yaml', ['- turns >= 1'], CALL.replace('- name: Ben\n', '- name: Ben\n    hear: addressed\n').replace('title: A short call', 'title: A deaf one\ninactivity: 3s'));
    const { status, output } = await run([deaf, '--out', 'deaf']);
    expect(output).toContain('Ben was never heard (no_speech)');
    expect(status).toBe(3);
  });
});
