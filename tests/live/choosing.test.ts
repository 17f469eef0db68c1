/** Providers chosen on the command line, by the command itself, against servers of this machine. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadScenario, runScenario } from '../../src/index.ts';
import { type ChatServer, openChatServer } from '../../src/testing/chat-server.ts';
import { bottalk, type CommandResult } from '../../src/testing/command-process.ts';
import { ElevenLabsServer } from '../../src/testing/eleven-labs/eleven-labs-server.ts';

/** Both have a script and an offline voice; nothing in it names a provider. */
const SCENARIO = `title: Test
turn: { profile: responsive }
max_turns: 2
agents:
  - name: Ann
    prompt: Greet.
    voice: clara
    script: { lines: ["Hello, Ben."] }
  - name: Ben
    prompt: Answer.
    script: { lines: ["Hello, Ann."] }
`;

const cwd = mkdtempSync(join(tmpdir(), 'bottalk-choosing-'));
let chat: ChatServer;
let speech: ElevenLabsServer;

beforeAll(async () => {
  writeFileSync(join(cwd, 'call.yaml'), SCENARIO);
  writeFileSync(join(cwd, 'silent.yaml'), SCENARIO.replace('    script: { lines: ["Hello, Ann."] }', '    llm: { provider: openai }'));
  chat = await openChatServer((turn) => turn.answer('Good day to you.'));
  speech = await ElevenLabsServer.start();
  speech.voices.push('21m00Tcm4TlvDq8ikWAM', 'TxGEqnHWrfWFTfGW9XjX');
  writeFileSync(join(cwd, '.env.local'), `ELEVENLABS_BASE_URL=${speech.baseUrl}\nOPENAI_BASE_URL=${chat.baseUrl}\n`);
});
afterAll(async () => {
  await chat.close();
  await speech.close();
  rmSync(cwd, { recursive: true, force: true });
});

/** With no key of whoever runs the tests. */
const NO_KEYS = { OPENAI_API_KEY: '', ELEVENLABS_API_KEY: '', DAILY_API_KEY: '' };

function run(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
  return bottalk(['run', ...words], { cwd, env: { ...NO_KEYS, ...env } });
}

/** What the header says, each on one line, without the margin. */
function header({ output }: CommandResult): readonly string[] {
  const [above = ''] = output.split(/\n {2}0:00/);
  return above.replace(/\n {19}/g, ' ').split('\n').map((line) => line.trim().replace(/ +/g, ' '));
}

describe('--live', () => {
  test('uses what has a key, and says in the header what it uses and what is missing for the rest', async () => {
    const result = await run(['call.yaml', '--live', '--exit'], { ELEVENLABS_API_KEY: speech.apiKey });
    expect(result.errors).toBe('');
    // On a busy machine the run may be right about that.
    expect(result.status).toBe(result.output.includes('this machine kept the call waiting') ? 3 : 0);
    expect(header(result)).toEqual([
      'run Test, seed 1, embedded room',
      'Ann openai gpt-4o, elevenlabs voice 21m00Tcm4TlvDq8ikWAM, VAD silero, end of turn lexical, goes first',
      'Ben openai gpt-4o, elevenlabs voice TxGEqnHWrfWFTfGW9XjX, VAD silero, end of turn lexical',
      'live brains: openai',
      'live voices: elevenlabs',
      'live room: embedded; daily needs DAILY_API_KEY',
    ]);
    expect(result.output).toContain('Good day to you.');
  });

  test('keeps what it has to say off the JSON', async () => {
    const result = await run(['call.yaml', '--live', '--json']);
    expect(result.errors).toBe('live: brains: openai\nlive: voices: offline; elevenlabs needs ELEVENLABS_API_KEY\nlive: room: embedded; daily needs DAILY_API_KEY\n');
    const events = result.output.trimEnd().split('\n').map((line) => JSON.parse(line) as { type: string });
    expect(events.at(-1)?.type).toBe('run.ended');
  });

  test('without anything to use is refused', async () => {
    const other = mkdtempSync(join(tmpdir(), 'bottalk-choosing-'));
    const result = await bottalk(['run', join(cwd, 'call.yaml'), '--live'], { cwd: other, env: { ...NO_KEYS, OPENAI_BASE_URL: '' } });
    rmSync(other, { recursive: true });
    expect(result).toMatchObject({ status: 2, output: '' });
    expect(result.errors).toBe('--live finds no key (put OPENAI_API_KEY, ELEVENLABS_API_KEY or DAILY_API_KEY into .env.local or the environment; `bottalk doctor` shows which are set)\n');
  });
});

describe('flags', () => {
  test('give a scripted scenario a model, and say nothing more than the header does', async () => {
    const result = await run(['call.yaml', '--llm', 'openai', '--exit']);
    expect(result).toMatchObject({ status: 0, errors: '' });
    expect(header(result).slice(0, 2)).toEqual(['run Test, seed 1, embedded room', 'Ann openai gpt-4o, offline voice clara, VAD silero, end of turn lexical, goes first']);
    expect(result.output).not.toContain('live');
  });

  test('give no script to who has none', async () => {
    const result = await run(['silent.yaml', '--llm', 'script']);
    expect(result).toMatchObject({ status: 2, output: '' });
    expect(result.errors).toBe('silent.yaml:9:5: Ben has no script (the offline brain says what script.lines hold)\n');
  });

  test('take only providers that there are', async () => {
    const result = await run(['call.yaml', '--tts', 'loud']);
    expect(result.status).toBe(2);
    expect(result.errors).toContain("option '--tts <provider>' argument 'loud' is invalid. Allowed choices are offline, elevenlabs.");
  });

  test('ask for the key that they need', async () => {
    const result = await run(['call.yaml', '--tts', 'elevenlabs', '--exit']);
    expect(result).toMatchObject({ status: 2, output: '' });
    expect(result.errors).toBe("Ann's voice needs ELEVENLABS_API_KEY (put it into .env.local or the environment)\n");
  });
});

test('a program chooses as the command line does, and its keys are found as there', async () => {
  const asked = chat.turns.length;
  const of = await loadScenario(join(cwd, 'call.yaml'), { providers: { always: { llm: 'openai' } } });
  const { events } = await runScenario(of, { cacheFolder: null, env: { ...NO_KEYS, OPENAI_BASE_URL: chat.baseUrl } });
  expect(events[0]).toMatchObject({ type: 'run.started', agents: [{ llm: 'openai' }, { llm: 'openai' }] });
  expect(chat.turns.length).toBeGreaterThan(asked);
});
