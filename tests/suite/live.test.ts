/** `bottalk test` with brains of the world, over real sockets of this machine: told to, recorded, played, within a budget. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SuiteResult } from '../../src/metrics/suite-result.ts';
import { type ChatServer, type ChatTurn, openChatServer } from '../../src/testing/chat-server.ts';
import { bottalk, type CommandResult } from '../../src/testing/command-process.ts';

const CALL = (name: string): string => `title: ${name}
tags: [${name}]
turn: { profile: responsive }
max_duration: 40s
max_turns: 2
inactivity: 4s
agents:
  - { name: Sarah, prompt: You are Sarah of ${name}., script: { lines: [Hello from the script., Goodbye from the script.] } }
  - { name: Mike, prompt: You are Mike of ${name}., script: { lines: [Hello from Mike.] } }
expect:
  - contains: the world says
`;
const row = (per: string, usd: string): string => `  - { provider: openai, model: gpt-4o, per: ${per}, usd: ${usd}, source: https://example.com/prices, date: 2026-05-01 }\n`;

let cwd: string;
let chat: ChatServer;
let answer: (turn: ChatTurn, n: number) => void;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'bottalk-live-suite-'));
  let n = 0;
  chat = await openChatServer((turn) => answer(turn, ++n));
  for (const name of ['one', 'two']) writeFileSync(join(cwd, `${name}.yaml`), CALL(name));
  writeFileSync(join(cwd, 'prices.yaml'), `prices:\n${row('million_prompt_tokens', '10')}${row('million_completion_tokens', '10')}`);
});

afterAll(async () => {
  await chat.close();
  rmSync(cwd, { recursive: true, force: true });
});

const speak = (turn: ChatTurn): void => turn.answer('So the world says. Is that all?');

function run(words: readonly string[], { online = true } = {}): Promise<CommandResult> {
  const env = online ? { OPENAI_API_KEY: 'sk-loopback', OPENAI_BASE_URL: chat.baseUrl } : { OPENAI_API_KEY: '' };
  return bottalk(['test', ...words], { cwd, env: { ELEVENLABS_API_KEY: '', DAILY_API_KEY: '', ...env } });
}

const results = (out: string): SuiteResult => JSON.parse(readFileSync(join(cwd, out, 'results.json'), 'utf8')) as SuiteResult;
/** What must be the same when a call is played; a busy machine may have needed a second try for it. */
const outcome = ({ cases }: SuiteResult): unknown => cases.map((result) => ({ ...result, wall_secs: 0, folder: null, attempts: 1, earlier: [] }));

describe('calls with the world', () => {
  test('are recorded once, a file for each case, and played without keys and network from then on', async () => {
    answer = speak;
    const live = await run(['one.yaml', 'two.yaml', '--repeat', '2', '--live', '--retries-invalid', '9', '--record', 'cassettes', '--out', 'live']);
    expect(live).toMatchObject({ status: 0, errors: 'live: brains: openai\nlive: voices: offline; elevenlabs needs ELEVENLABS_API_KEY\n' });
    expect(readdirSync(join(cwd, 'cassettes')).toSorted()).toEqual(['one-@1', 'one-@2', 'two-@1', 'two-@2'].map((name) => `${name}.cassette.jsonl`));
    const asked = chat.turns.length;
    const played = await run(['one.yaml', 'two.yaml', '--repeat', '2', '--cassette', 'cassettes', '--out', 'played'], { online: false });
    expect(played).toMatchObject({ status: 0, errors: '' });
    expect(outcome(results('played'))).toEqual(outcome(results('live')));
    expect(chat.turns.length).toBe(asked);
  });

  test('can be played from what a test run kept, and one call by its file, with the seed that it was recorded with', async () => {
    answer = speak;
    await run(['one.yaml', '--seeds', '7', '--llm', 'openai', '--retries-invalid', '9', '--keep', 'all', '--out', 'kept']);
    expect(await run(['one.yaml', '--seeds', '7', '--cassette', 'kept', '--out', 'folder'], { online: false })).toMatchObject({ status: 0, errors: '' });
    const single = await run(['one.yaml', '--cassette', 'kept/one-@7/cassette.jsonl', '--out', 'single'], { online: false });
    expect(single).toMatchObject({ status: 0, errors: '' });
    expect(outcome(results('single'))).toEqual(outcome(results('kept')));
  });

  test('that a prompt has changed are errors and no failures when they are played strictly', async () => {
    const changed = CALL('one').replace('You are Mike', 'You are the other Mike');
    writeFileSync(join(cwd, 'one.yaml'), changed);
    const { status, output } = await run(['one.yaml', '--cassette', 'cassettes', '--out', 'changed'], { online: false });
    writeFileSync(join(cwd, 'one.yaml'), CALL('one'));
    expect(status).toBe(3);
    expect(output).toContain(`one.yaml: cassette: Mike's brain is not asked what was recorded: message 1 was "system: You are Mike of one." and is "system: You are the other Mike of one."`);
  });

  test('are refused before any of them where one was not recorded, and where nobody was told to ask the world', async () => {
    const missing = await run(['one.yaml', '--seeds', '1,3', '--cassette', 'cassettes'], { online: false });
    expect(missing).toMatchObject({ status: 2, output: '', errors: 'one.yaml @3 was not recorded: there is no cassettes/one-@3.cassette.jsonl (bottalk test --live --record cassettes)\n' });
    const several = await run(['one.yaml', 'two.yaml', '--cassette', 'cassettes/one-@1.cassette.jsonl'], { online: false });
    expect(several.errors).toBe('cassettes/one-@1.cassette.jsonl is one call, and there are 2 cases (give a folder of recorded calls, or leave one case with --grep)\n');
    writeFileSync(join(cwd, 'world.yaml'), CALL('world').replaceAll('script: {', 'llm: { provider: openai }, script: {'));
    const unbidden = await run(['world.yaml', '--repeat', '3']);
    expect(unbidden).toMatchObject({
      status: 2,
      output: '',
      errors: "world.yaml: Sarah's brain is openai, and tests ask the world for nothing unless they are told to (--live, --cassette <folder> to play recorded calls, or leave it out with --grep or --tag)\n",
    });
    expect((await run(['one.yaml', '--live'], { online: false })).errors).toBe(
      '--live finds no key (put OPENAI_API_KEY or ELEVENLABS_API_KEY into .env.local or the environment; `bottalk doctor` shows which are set)\n',
    );
  });

  test('that the world spoilt are run once more, and what came of them before is told apart', async () => {
    let spoilt = 0;
    answer = (turn) => (spoilt++ < 3 ? turn.refuse(500, { message: 'down' }, { 'retry-after-ms': '1' }) : speak(turn));
    const again = await run(['one.yaml', '--live', '--retries-invalid', '9', '--record', 'after', '--out', 'again']);
    expect(again.status).toBe(0);
    expect(again.output).toContain('passed     one.yaml @1');
    expect(again.output).toContain('one.yaml: try 1 was invalid: ');
    const [result] = results('again').cases;
    expect(result?.attempts).toBeGreaterThan(1);
    expect(result).toMatchObject({ verdict: 'passed', folder: null, earlier: expect.arrayContaining([expect.objectContaining({ folder: 'again/one-@1-try-1' })]) as unknown });
    expect(existsSync(join(cwd, 'after', 'one-@1.cassette.jsonl'))).toBe(true);
    spoilt = -100;
    answer = (turn) => turn.refuse(500, { message: 'down' }, { 'retry-after-ms': '1' });
    const once = await run(['one.yaml', '--live', '--retries-invalid', '0', '--record', 'never', '--out', 'once']);
    expect(once.status).toBe(3);
    expect(results('once').cases[0]).toMatchObject({ verdict: 'invalid', attempts: 1, earlier: [] });
    expect(existsSync(join(cwd, 'never')), 'what broke takes no place of a recording').toBe(false);
  });

  test('that are told to come more slowly come fewer at once, and all of them pass', async () => {
    let [open, most, refused] = [0, 0, 0];
    answer = (turn) => {
      if (refused < 2) {
        refused += 1;
        return turn.refuse(429, { message: 'Rate limit reached', code: 'rate_limit_exceeded' }, { 'retry-after-ms': '5' });
      }
      most = Math.max(most, ++open);
      void turn.closed.then(() => (open -= 1));
      return speak(turn);
    };
    const { status, output } = await run(['one.yaml', 'two.yaml', '--repeat', '3', '--workers', '3', '--live', '--retries-invalid', '9', '--out', 'slow']);
    expect(status).toBe(0);
    expect(output).toContain('6 passed');
    expect(most).toBeLessThanOrEqual(6);
  });
});

describe('a budget for the whole test run', () => {
  test('is never exceeded, and what it does not pay for is an error and no pass', async () => {
    answer = speak;
    const before = chat.turns.length;
    const words = ['one.yaml', 'two.yaml', '--repeat', '3', '--live', '--retries-invalid', '9', '--prices', 'prices.yaml', '--workers', '2'];
    const { status, output } = await run([...words, '--budget', '0.01', '--out', 'poor']);
    expect(status).toBe(3);
    expect(output).toMatch(/errored .*\n.*one\.yaml: at most \$0\.0\d+ of \$0\.005 is spent, and what comes next may cost \$0\.00/);
    const tries = results('poor').cases.flatMap(({ cost_usd: usd, earlier }) => [usd, ...earlier.map(({ cost_usd: before }) => before)]);
    const spent = tries.reduce<number>((sum, usd) => sum + (usd ?? 0), 0);
    expect(spent).toBeLessThanOrEqual(0.01);
    expect(chat.turns.length).toBeGreaterThan(before);
    const rich = await run([...words, '--budget', '50', '--out', 'rich']);
    expect(rich.output).toMatch(/6 passed: 6 cases, .*, \$0\.0\d+\n/);
  });

  test('begins nothing where a price is unknown', async () => {
    const before = chat.turns.length;
    const { status, errors } = await run(['one.yaml', 'two.yaml', '--live', '--budget', '1', '--out', 'unknown']);
    expect(status).toBe(2);
    expect(errors).toMatch(/^a budget of \$1\.00 cannot be kept: nobody knows the price of openai gpt-4o at /);
    expect(chat.turns.length).toBe(before);
  });
});
