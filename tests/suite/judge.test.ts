/** Expectations of meaning as users run them: `bottalk test` and `bottalk run` against a model on this machine. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SuiteResult } from '../../src/metrics/suite-result.ts';
import { type ChatServer, openChatServer } from '../../src/testing/chat-server.ts';
import { bottalk, type CommandResult } from '../../src/testing/command-process.ts';

const CALL = `title: Refund
turn: { profile: responsive }
judge: { role_check: false }
agents:
  - { name: Sarah, prompt: Help., script: { lines: ["Blue Finch, this is Sarah.", { say: "I will send it back today. Goodbye.", end: true }] } }
  - { name: Mike, prompt: You want your money back., script: { lines: ["I would like my money back, please."] } }
expect:
  - judge: Sarah is kind.
    votes: 3
  - judge: Sarah shouts.
  - kpis: { nextSteps: 50 }
`;
const SCORES = { discovery: 50, objectionHandling: 50, valueArticulation: 50, turnTaking: 50, responseRelevance: 50, nextSteps: 40 };

let folder: string;
let server: ChatServer;

/** The model finds Sarah kind, and nothing else of her. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bottalk-judge-'));
  writeFileSync(join(folder, 'call.yaml'), CALL);
  server = await openChatServer((turn) => {
    const question = turn.body.messages[1]?.content ?? '';
    if (turn.headers.authorization === 'Bearer wrong') return turn.refuse(401, { message: 'no', code: 'invalid_api_key' });
    if (question.includes('Score the agent')) return turn.answer(JSON.stringify({ notes: [], ...SCORES, ended: true }));
    turn.answer(JSON.stringify({ reason: 'She says so.', turn: 3, quote: 'I will send it back', verdict: question.includes('is kind') }));
  });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (words: readonly string[], env: Record<string, string> = { OPENAI_BASE_URL: server.baseUrl }): Promise<CommandResult> =>
  bottalk(words, { cwd: folder, cacheFolder: join(folder, 'cache'), env });
/** What must not depend on the machine. */
function cases(out: string): unknown {
  const result = JSON.parse(readFileSync(join(folder, out, 'results.json'), 'utf8')) as SuiteResult;
  return result.cases.map(({ wall_secs: _wall, folder: _folder, ...rest }) => rest);
}

test('each is told at its line, with what the model says and the words it goes by; asked once, it is not asked again', async () => {
  const first = await run(['test', 'call.yaml', '--out', 'first']);
  expect(first.status).toBe(1);
  expect(first.output).toContain('call.yaml:10: expected judge: "Sarah shouts": no, She says so: "I will send it back" (turn 3, 9.3 s)\n');
  expect(first.output).toContain('call.yaml:11: expected kpis: nextSteps >= 50: nextSteps 40 (needs_improvement, 48 in the mean)\n');
  expect(server.turns).toHaveLength(5);
  const second = await run(['test', 'call.yaml', '--out', 'second']);
  expect(second.status).toBe(1);
  expect(cases('second')).toEqual(cases('first'));
  expect(server.turns).toHaveLength(5);
});

test('a single run shows them too, and its cassette asks nobody', async () => {
  const ran = await run(['run', 'call.yaml', '--exit', '--out', 'run']);
  expect(ran.status).toBe(1);
  expect(ran.output).toMatch(/judge +expectation 1: yes \(3 of 3 votes\), She says so\.\n/);
  expect(ran.output).toContain('1 of 3 held: failed');
  const played = await run(['run', 'call.yaml', '--exit', '--cassette', 'run', '--out', 'played'], {});
  expect({ status: played.status, errors: played.errors }).toEqual({ status: 1, errors: '' });
  for (const name of ['events.jsonl', 'metrics.json']) expect(readFileSync(join(folder, 'played', name), 'utf8')).toBe(readFileSync(join(folder, 'run', name), 'utf8'));
});

test('a judge that is away makes the case invalid: neither passed nor failed', async () => {
  const { status, output } = await run(['test', 'call.yaml', '--seeds', '2', '--out', 'away'], { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: 'wrong' });
  expect(status).toBe(3);
  expect(output).toMatch(/call\.yaml: the judge could not be reached: 127\.0\.0\.1:\d+ refused the key \(401, invalid_api_key\); check OPENAI_API_KEY \(judge_unreachable\)\n/);
});

test.each([['test'], ['run']])('bottalk %s does not begin without a key, and says which line needs it', async (command) => {
  const { status, output, errors } = await run([command, 'call.yaml'], { OPENAI_BASE_URL: '', OPENAI_API_KEY: '' });
  expect({ status, output, errors }).toEqual({
    status: 2,
    output: '',
    errors: 'call.yaml:8:1: expect: judge needs OPENAI_API_KEY (put it into .env.local or the environment, name another server with judge: { base_url: ... }, or play a cassette of the call)\n',
  });
});
