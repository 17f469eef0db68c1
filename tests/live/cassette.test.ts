/**
 * Calls with brains and voices of the world over real sockets of this machine, recorded; and then played from their
 * cassettes with the servers gone and every connection forbidden.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemWallClock as wall } from '../../src/clock/wall-clock.ts';
import type { CassetteMode } from '../../src/providers/cassette/playback.ts';
import { openCassette } from '../../src/compose/open-cassette.ts';
import { recordRun, type RecordOptions } from '../../src/compose/record-run.ts';
import type { Secrets } from '../../src/compose/secrets.ts';
import { foldAll } from '../../src/metrics/run-fold.ts';
import { invalidReasons } from '../../src/metrics/validity.ts';
import { MismatchError, runScenario } from '../../src/index.ts';
import { parseEventLog } from '../../src/events/jsonl.ts';
import { type ChatServer, type ChatTurn, openChatServer } from '../../src/testing/chat-server.ts';
import { bottalk } from '../../src/testing/command-process.ts';
import { ElevenLabsServer } from '../../src/testing/eleven-labs/eleven-labs-server.ts';
import { withoutNetwork } from '../../src/testing/no-network.ts';
import { BUSY, caseOf, eventsOf } from '../../src/testing/whole-run.ts';

const SCENARIO = `
title: Live
turn: { profile: responsive }
max_duration: 60s
agents:
  - name: Sarah
    prompt: You are Sarah.
    voice: { elevenlabs: rachel }
    llm: { provider: openai }
    tts: { provider: elevenlabs }
    tools:
      - name: look_up
        description: Looks up a price.
        parameters: { type: object, properties: { what: { type: string } } }
        delay: 200ms
        answer: { price: 12 }
  - name: Mike
    prompt: You are Mike.
    voice: ross
    llm: { provider: openai }
`;

/** Mike breaks into a pause of Sarah's, while her brain still writes and more of her voice is to come. */
const INTERRUPTED = `
title: Cut
turn: { profile: responsive }
max_duration: 30s
max_turns: 2
agents:
  - { name: Sarah, prompt: You are Sarah., voice: { elevenlabs: rachel }, llm: { provider: openai }, tts: { provider: elevenlabs } }
  - name: Mike
    prompt: You are Mike.
    llm: { first_token_ms: 20 }
    script: { lines: ['Stop, please, I have no time.', Goodbye.] }
`;

let root: string;
let count = 0;
let recorded: string;

/** The chat as two people lead it; one request in it is refused once. */
function talk(turn: ChatTurn, n: number): void {
  const { messages } = turn.body;
  const heard = messages.filter(({ role }) => role === 'user').length;
  if (n === 3) return turn.refuse(503, { message: 'overloaded' }, { 'retry-after-ms': '20' });
  if (messages[0]?.content?.startsWith('You are Mike')) return turn.answer(['Wait, what does it cost?', 'Good, I will take it. Thank you.', 'Bye now.'][heard - 1] ?? 'Bye.');
  const last = messages.at(-1);
  if (last?.role === 'tool') return turn.answer('It is twelve dollars.');
  if (heard === 0) return turn.answer('Hello, this is Sarah. I have a wonderful offer for you today, and it will not last. Do you have a minute for me?');
  if (heard === 1) {
    turn.begin().delta({ tool_calls: [{ index: 0, id: 'call-7', type: 'function', function: { name: 'look_up', arguments: '{"what":"it"}' } }] });
    return turn.finish('tool_calls');
  }
  turn.begin().say('Thank you. ').say('Goodbye.');
  turn.delta({ tool_calls: [{ index: 0, id: 'call-7', type: 'function', function: { name: 'end_conversation', arguments: '{}' } }] });
  turn.finish('tool_calls');
}

async function run(options: RunWith = {}): Promise<string> {
  const { scenario = SCENARIO, seed = 1, variables, maxTurns, ...rest } = options;
  const folder = join(root, String(++count));
  const quiet = { sinks: [], onWarning: () => {}, version: 'test', cacheFolder: join(root, 'cache'), modelFolder: join(root, 'models') };
  const { failure } = await recordRun(caseOf(scenario, { seed, variables, maxTurns }), { ...quiet, wall, folder, patience: BUSY, ...rest });
  if (failure !== undefined) throw failure;
  return folder;
}

type RunWith = Partial<RecordOptions> & Parameters<typeof caseOf>[1] & { readonly scenario?: string };
type RecordWith = RunWith & { readonly answer?: (turn: ChatTurn, n: number) => void; readonly prepare?: (voices: ElevenLabsServer) => void };

async function record(options: RecordWith = {}): Promise<string> {
  const { answer = talk, prepare, ...rest } = options;
  const voices = await ElevenLabsServer.start();
  prepare?.(voices);
  let n = 0;
  const chat: ChatServer = await openChatServer((turn) => answer(turn, ++n));
  try {
    return await run({ secrets: secretsOf(chat, voices), ...rest });
  } finally {
    await chat.close();
    await voices.close();
  }
}

const SECRETS = ['sk-key-of-the-brain', 'test-key'];

/** For the command: whatever opens a connection all the same ends the process with 97; nor may the vendors' own code be loaded. */
const NO_NETWORK = `
import { Socket, Server } from 'node:net';
import { Socket as Datagram } from 'node:dgram';
import { registerHooks } from 'node:module';
const forbidden = () => process.exit(97);
Socket.prototype.connect = Server.prototype.listen = Datagram.prototype.send = Datagram.prototype.bind = forbidden;
registerHooks({
  resolve: (name, context, next) => (/^(openai|ws|@elevenlabs|@daily-co)(\\/|$)/.test(name) ? process.exit(98) : next(name, context)),
});
`;

function secretsOf(chat: ChatServer, voices: ElevenLabsServer): Secrets {
  return { OPENAI_API_KEY: 'sk-key-of-the-brain', OPENAI_BASE_URL: chat.baseUrl, ELEVENLABS_API_KEY: voices.apiKey, ELEVENLABS_BASE_URL: voices.baseUrl };
}

async function replay(from: string, mode: CassetteMode = 'strict', options: Partial<RecordOptions> & { readonly scenario?: string } = {}): Promise<string> {
  const opened = await openCassette(from);
  return withoutNetwork(() => run({ replay: { ...opened, mode }, ...options }));
}

const FILES = ['events.jsonl', 'audio.wav', 'transcript.txt', 'transcript.vtt', 'metrics.json'];
const bytes = (folder: string, name: string): Buffer => readFileSync(join(folder, name));
const events = (folder: string) => parseEventLog(bytes(folder, 'events.jsonl').toString('utf8'), 'events.jsonl');

/** What two runs are compared by: every line of the log, and the other files by their hashes. */
function contentOf(folder: string): Readonly<Record<string, unknown>> {
  const [log, ...others] = FILES.map((name) => [name, bytes(folder, name)] as const);
  const hashes = others.map(([name, content]) => [name, createHash('sha256').update(content).digest('hex')] as const);
  return { lines: log?.[1].toString('utf8').split('\n'), ...Object.fromEntries(hashes) };
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'bottalk-cassette-'));
  recorded = await record({
    prepare: (voices) => {
      voices.plan = { firstByteMs: 40, speed: 4 };
      voices.plans.push({}, { fault: 'empty' }, { fault: 'drop', afterPieces: 2 });
    },
  });
}, 120_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a recorded call', () => {
  test('holds what calls are made of: a tool, tries that failed and a voice that broke off', () => {
    const all = events(recorded);
    expect(eventsOf(all, 'tool.answered').map(({ name }) => name)).toContain('look_up');
    expect(eventsOf(all, 'llm.retried').length).toBeGreaterThan(0);
    expect(eventsOf(all, 'tts.retried').length).toBeGreaterThan(0);
    expect(eventsOf(all, 'tts.failed').length).toBeGreaterThan(0);
  });

  test('would not go unnoticed if it asked the world all the same', async () => {
    const chat = await openChatServer((turn) => turn.answer('Hello.'));
    await expect(withoutNetwork(() => fetch(chat.baseUrl))).rejects.toMatchObject({ cause: { message: 'the network is forbidden here: connect' } });
    await expect(withoutNetwork(() => fetch(chat.baseUrl).then(() => 'an answer', () => 'no answer'))).rejects.toThrow('the network was tried: connect');
    await chat.close();
  });

  test('is the same to the byte when it is played without any network', async () => {
    expect(contentOf(await replay(recorded))).toEqual(contentOf(recorded));
  });

  test('is the same whichever way its voice came', async () => {
    const scenario = changed('tts: { provider: elevenlabs }', 'tts: { provider: elevenlabs, transport: http }');
    let voices: ElevenLabsServer | undefined;
    const byHttp = await record({
      scenario,
      prepare: (server) => {
        voices = server;
        server.plan = { firstByteMs: 40, speed: 4 };
        server.plans.push({}, { fault: 'empty' });
      },
    });
    expect(voices?.handshakes).toEqual([]);
    expect(voices?.requests.slice(0, 3).map(({ text, previousText }) => ({ text, previousText }))).toEqual([
      { text: 'Hello, this is Sarah.', previousText: undefined },
      { text: 'I have a wonderful offer for you today, and it will not last.', previousText: 'Hello, this is Sarah.' },
      { text: 'I have a wonderful offer for you today, and it will not last.', previousText: 'Hello, this is Sarah.' },
    ]);
    const all = events(byHttp);
    expect(eventsOf(all, 'tts.retried').map(({ kind }) => kind)).toEqual(['empty']);
    expect(eventsOf(all, 'reply.stopped').at(-1)).toMatchObject({ agent: 'Sarah', outcome: 'completed', heard: 'Thank you. Goodbye.' });
    expect(invalidReasons(foldAll(all))).toEqual([]);
    expect(contentOf(await replay(byHttp, 'strict', { scenario }))).toEqual(contentOf(byHttp));
  });

  test('is cut at the same word when it was interrupted in the middle of an answer', async () => {
    const answer = (turn: ChatTurn, n: number): void => {
      if (n > 1) return turn.answer('As you like. Goodbye.');
      turn.begin().say('Hello, a wonderful morning to you. I call because we have something that nobody else has. ').say('You will ');
    };
    const cut = await record({
      scenario: INTERRUPTED,
      answer,
      prepare: ({ plans }) => void plans.push({ fault: 'stall', afterPieces: 3 }),
      // Who is interrupted gives up long before that.
      patience: { tts: { stallMs: 20_000 } },
    });
    expect(eventsOf(events(cut), 'reply.stopped').filter(({ agent }) => agent === 'Sarah').map(({ outcome }) => outcome)).toEqual(['interrupted', 'completed']);
    expect(eventsOf(events(cut), 'llm.cancelled').length).toBe(1);
    expect(eventsOf(events(cut), 'tts.cancelled').length).toBe(1);
    expect(contentOf(await replay(cut, 'strict', { scenario: INTERRUPTED }))).toEqual(contentOf(cut));
  });
});

/** The scenario with one word of it changed. */
const changed = (from: string, to: string): string => {
  expect(SCENARIO).toContain(from);
  return SCENARIO.replace(from, to);
};

describe('a recording played strictly', () => {
  test('ends the run at the first request that was not recorded, and shows the first message that differs', async () => {
    const scenario = changed('prompt: You are Mike.', 'prompt: You are Mike and busy.');
    await expect(replay(recorded, 'strict', { scenario })).rejects.toMatchObject({
      name: 'MismatchError',
      message: `Mike's brain is not asked what was recorded: message 1 was "system: You are Mike." and is "system: You are Mike and busy."`,
    });
    const all = events(join(root, String(count)));
    expect(all.at(-1)).toMatchObject({ type: 'run.ended', endedBy: 'error', reason: expect.stringContaining('message 1 was') as unknown });
    expect(eventsOf(all, 'reply.stopped').length).toBeGreaterThan(0);
  });

  test('is refused before the call where the agents or their models are others', async () => {
    await expect(replay(recorded, 'strict', { scenario: SCENARIO.replaceAll('Sarah', 'Emma') })).rejects.toThrow('the cassette is a call of Sarah and Mike, the scenario one of Emma and Mike');
    await expect(replay(recorded, 'strict', { scenario: changed('llm: { provider: openai }', 'llm: { provider: openai, model: gpt-9 }') })).rejects.toThrow(
      "the model of Sarah's brain was gpt-4o when the cassette was recorded, and is gpt-9 now",
    );
    await expect(replay(recorded, 'strict', { scenario: changed('voice: ross', 'voice: angus') })).rejects.toThrow("Mike's voice was ross when the cassette was recorded, and is angus now");
  });

  test('leaves a cassette of its own when it is told to, and it is the same', async () => {
    const again = await replay(recorded, 'strict', { record: true });
    expect(bytes(again, 'cassette.jsonl').equals(bytes(recorded, 'cassette.jsonl'))).toBe(true);
    expect(JSON.parse(bytes(again, 'run.json').toString('utf8'))).toMatchObject({ cassette: { file: join(recorded, 'cassette.jsonl'), mode: 'strict', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown } });
  });
});

describe('a recording played for its timing', () => {
  test('is the recorded call again where nothing was changed, but for the mark in the log', async () => {
    const again = await replay(recorded, 'timing');
    const [started] = eventsOf(events(again), 'run.started');
    expect(started?.replay).toBe('timing');
    expect(bytes(again, 'events.jsonl').toString('utf8').replace(',"replay":"timing"', '')).toBe(bytes(recorded, 'events.jsonl').toString('utf8'));
    expect(bytes(again, 'audio.wav').equals(bytes(recorded, 'audio.wav'))).toBe(true);
  });

  test('gives the answers in their order whatever is asked, at other times', async () => {
    const scenario = changed('prompt: You are Mike.', 'prompt: You are somebody else.').replace('profile: responsive', 'profile: compat');
    const again = await replay(recorded, 'timing', { scenario });
    const said = (folder: string) => eventsOf(events(folder), 'llm.completed').filter(({ agent }) => agent === 'Mike').map(({ text }) => text);
    expect(said(again)[0]).toBe(said(recorded)[0]);
    expect(bytes(again, 'events.jsonl').equals(bytes(recorded, 'events.jsonl'))).toBe(false);
  });

  test('says so where the recording runs out', async () => {
    const cut = await record({ scenario: INTERRUPTED, answer: (turn) => turn.answer('Good morning to you.') });
    await expect(replay(cut, 'timing', { scenario: INTERRUPTED.replace('max_turns: 2', 'max_turns: 5') })).rejects.toMatchObject({
      name: 'MismatchError',
      message: expect.stringMatching(/^Sarah's brain is asked once more than was recorded; the last message is "user: /) as unknown,
    });
  });
});

describe('a recording that is refreshed', () => {
  test('touches neither the world nor its file where nothing has changed', async () => {
    const voices = await ElevenLabsServer.start();
    let n = 0;
    const chat = await openChatServer((turn) => talk(turn, ++n));
    const secrets = secretsOf(chat, voices);
    const clean = await run({ secrets });
    const asked = [chat.turns.length, voices.handshakes.length];
    const before = bytes(clean, 'cassette.jsonl');
    const again = await run({ secrets, replay: { ...(await openCassette(clean)), mode: 'refresh' } });
    expect([chat.turns.length, voices.handshakes.length]).toEqual(asked);
    await Promise.all([chat.close(), voices.close()]);
    expect(contentOf(again)).toEqual(contentOf(clean));
    expect(bytes(clean, 'cassette.jsonl').equals(before)).toBe(true);
  });

  test('goes on live from the first other request of an agent, and can be played strictly after that', async () => {
    const cassette = join(root, 'refreshed.cassette.jsonl');
    copyFileSync(join(recorded, 'cassette.jsonl'), cassette);
    const scenario = changed('prompt: You are Mike.', 'prompt: You are Mike and busy.');
    const opened = await openCassette(cassette);
    let asked = 0;
    const live = await record({ scenario, replay: { ...opened, mode: 'refresh' }, answer: (turn, n) => talk(turn, 10 + (asked = n)) });
    expect(asked).toBeGreaterThan(0);
    const { calls } = (await openCassette(cassette)).cassette;
    expect(calls.filter(({ unused }) => unused).map(({ agent, kind }) => `${agent} ${kind}`)).toContain('Mike llm');
    expect(contentOf(await replay(cassette, 'strict', { scenario }))).toEqual(contentOf(live));
    // What this run leaves is all of its own.
    expect(contentOf(await replay(live, 'strict', { scenario }))).toEqual(contentOf(live));
  });
});

describe('a cassette that is refreshed by a call that goes wrong', () => {
  const scenario = INTERRUPTED.replace('max_turns: 2', 'max_turns: 4');
  const hello = (turn: ChatTurn): void => turn.answer('Good morning to you.');
  let cassette: string;
  let before: Buffer;

  beforeAll(async () => {
    cassette = join(await record({ scenario, answer: hello }), 'cassette.jsonl');
    before = readFileSync(cassette);
  });

  async function refresh(options: RecordWith) {
    const warnings: string[] = [];
    const replayed = { ...(await openCassette(cassette)), mode: 'refresh' as const };
    const folder = await record({ scenario: scenario.replace('You are Sarah.', 'You are Sarah!'), replay: replayed, onWarning: (text) => void warnings.push(text), ...options });
    return { folder, warnings };
  }

  test('is left as it was when a key is refused, or it is given up', async () => {
    const stop = new AbortController();
    const wrongs: readonly RecordWith[] = [
      { answer: (turn) => turn.refuse(401, { message: 'no', code: 'invalid_api_key' }) },
      { answer: () => stop.abort(), signal: stop.signal },
    ];
    for (const wrong of wrongs) {
      const { folder, warnings } = await refresh(wrong);
      expect(warnings).toEqual([`${cassette} is left as it was, for this call did not end well; what was asked anew is in ${join(folder, 'cassette.jsonl')}`]);
      expect((await openCassette(folder)).cassette.calls.length).toBeGreaterThan(0);
      expect(readFileSync(cassette).equals(before)).toBe(true);
    }
  });

  test('is mended by the next that goes well, though a refusal was recorded', async () => {
    const refused = await record({ scenario, answer: (turn) => turn.refuse(401, { message: 'no', code: 'invalid_api_key' }) });
    const file = join(refused, 'cassette.jsonl');
    const { folder } = await refresh({ scenario, answer: hello, replay: { ...(await openCassette(refused)), mode: 'refresh' } });
    expect(eventsOf(events(folder), 'llm.failed')).toEqual([]);
    expect(contentOf(await replay(file, 'strict', { scenario }))).toEqual(contentOf(folder));
    expect((await openCassette(file)).cassette.calls.filter(({ unused }) => unused)).toEqual([]);
  });
});

describe('a cassette', () => {
  test('holds no key, no address of a request and no header', () => {
    const text = bytes(recorded, 'cassette.jsonl').toString('utf8');
    for (const secret of [...SECRETS, 'http', 'authorization', 'xi-api-key', 'Bearer']) expect(text).not.toContain(secret);
  });

  test('plays by the command alone: other flags, other keys and the network are not needed', async () => {
    const [cwd, file] = [join(root, 'cwd'), 'talk.yaml'];
    mkdirSync(cwd);
    // Neither brains, nor the seed, the mood or the end: all were flags when it was recorded.
    const scenario = changed('prompt: You are Mike.', 'prompt: "You are Mike, and {{ mood: calm }}."');
    writeFileSync(join(cwd, file), scenario.replaceAll('    llm: { provider: openai }\n', ''));
    const asFlagged = await record({ scenario, seed: 9, variables: { mood: 'busy' }, maxTurns: 2 });
    expect(events(asFlagged).at(-1)).toMatchObject({ endedBy: 'max_turns' });
    const forbidding = join(cwd, 'no-network.mjs');
    writeFileSync(forbidding, NO_NETWORK);
    const words = ['run', file, '--cassette', asFlagged, '--quiet', '--out', 'again'];
    const result = await bottalk(words, { cwd, cacheFolder: join(root, 'cache'), env: { NODE_OPTIONS: `--import ${pathToFileURL(forbidding).href}`, OPENAI_API_KEY: '', ELEVENLABS_API_KEY: '' } });
    expect(result).toMatchObject({ status: 0, errors: '' });
    expect(result.output).toContain(`replay         strict, of ${asFlagged}`);
    const again = contentOf(join(cwd, 'again'));
    expect(again).toEqual(contentOf(asFlagged));
  });

  test('that does not hold what is asked ends the run as any fault of the world does: told once, with summary and folder', async () => {
    const cwd = join(root, 'other');
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'talk.yaml'), changed('prompt: You are Mike.', 'prompt: You are Mike and busy.'));
    const result = await bottalk(['run', 'talk.yaml', '--cassette', recorded, '--out', 'again'], { cwd, cacheFolder: join(root, 'cache') });
    expect(result).toMatchObject({ status: 3, errors: '' });
    const [called = '', summary = ''] = result.output.split(/\n(?= {2}ended by {2})/).map((text) => text.replaceAll(/\s+/g, ' '));
    expect(called.split("cassette: Mike's brain is not asked what was recorded: message 1 was").length).toBe(2);
    expect(summary).toMatch(/^ ended by error invalid cassette: Mike's brain is not asked what was recorded: /);
    expect(summary).toContain(' files again ');
  });

  test('is left by a run that is cancelled, and by one of which the world had enough', async () => {
    const stop = new AbortController();
    const answer = (turn: ChatTurn, n: number): void => (n === 3 ? stop.abort() : talk(turn, 10 + n));
    const cancelled = await record({ answer, signal: stop.signal });
    expect(events(cancelled).at(-1)).toMatchObject({ endedBy: 'cancelled' });
    expect((await openCassette(cancelled)).cassette.calls.at(-1)).toMatchObject({ kind: 'llm', agent: 'Sarah', pieces: [], givenUpMs: expect.any(Number) as unknown });
    await expect(replay(cancelled)).rejects.toThrow("Sarah's brain is listened to for longer than it was recorded");

    const refused = await record({ answer: (turn) => turn.refuse(401, { message: 'no', code: 'invalid_api_key' }) });
    expect(contentOf(await replay(refused))).toEqual(contentOf(refused));
    expect(eventsOf(events(refused), 'llm.failed').length).toBeGreaterThan(0);
  });

  test('is made and played by the library as well', async () => {
    const [voices, chat] = [await ElevenLabsServer.start(), await openChatServer((turn) => talk(turn, 10))];
    const [file, env] = [join(root, 'library.jsonl'), secretsOf(chat, voices)];
    const live = await runScenario(caseOf(SCENARIO), { env, record: file, cacheFolder: null });
    await Promise.all([chat.close(), voices.close()]);
    const again = await withoutNetwork(() => runScenario(caseOf(SCENARIO), { env: {}, cassette: file, cacheFolder: null }));
    expect(again).toEqual(live);
    await expect(runScenario(caseOf(SCENARIO.replace('You are Sarah', 'You are')), { env: {}, cassette: file, cacheFolder: null })).rejects.toBeInstanceOf(MismatchError);
  });
});
