/**
 * The interface that Pipecat's frontends know, asked by a client that knows nothing else: its routes, what they take, what
 * they answer and with which status. The embedded room plays no part in it until the very end.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Secrets } from '../../src/compose/secrets.ts';
import { DevServerBench } from '../../src/testing/dev-server-bench.ts';
import { openChatServer, type ChatServer } from '../../src/testing/chat-server.ts';
import { browserProcesses } from '../../src/testing/daily/browser-processes.ts';
import { DailyRun } from '../../src/testing/daily/daily-run.ts';
import { FakeDaily } from '../../src/testing/daily/fake-daily.ts';
import { ElevenLabsServer } from '../../src/testing/eleven-labs/eleven-labs-server.ts';
import { isChromiumMissing } from '../daily/chromium-here.ts';

const LATENCIES = { ttfb: 100, llm_duration: 200, tts_duration: 300, user_bot_latency: 900, e2e_latency: 900 };
const RECORD = { session_id: 'local-1', agent_name: 'System', turn_index: 0, input: '', output: 'Hello.', ...LATENCIES, ts: 1 };
const NOTHING = { avg: null, p50: null, p95: null };

describe('metrics', () => {
  let bench: DevServerBench;
  beforeEach(async () => void (bench = await DevServerBench.open()));
  afterEach(() => bench.close());

  test('are empty in the beginning', async () => {
    const aggregates = { ttfb: NOTHING, llm: NOTHING, tts: NOTHING, e2e: NOTHING, user_bot_latency: NOTHING };
    expect(await bench.ask('GET', '/api/metrics')).toEqual({ status: 200, body: { count: 0, aggregates, timeseries: [] } });
  });

  test('of a reply are stored, counted and given back with when they came', async () => {
    expect(await bench.ask('POST', '/api/metrics', RECORD)).toEqual({ status: 200, body: { status: 'ok', count: 1 } });
    expect(await bench.ask('POST', '/api/metrics', { ...RECORD, session_id: 'local-2' })).toEqual({ status: 200, body: { status: 'ok', count: 2 } });
    const { body } = await bench.ask('GET', '/api/metrics?session_id=local-1');
    expect(body).toMatchObject({ count: 1, timeseries: [{ ...RECORD, received_at: expect.any(Number) as number }] });
    expect((await bench.ask('GET', '/api/metrics?session_id=nobody')).body).toMatchObject({ count: 0, timeseries: [] });
  });

  test('are summed up as Python would: zeros count, nulls do not, half to even, and no nearest rank', async () => {
    const values = Array.from({ length: 20 }, (_, i) => i + 1);
    for (const ttfb of values) {
      const others = { llm_duration: ttfb === 1 ? 0.125 : null, tts_duration: ttfb <= 2 ? 0 : null, e2e_latency: undefined };
      await bench.ask('POST', '/api/metrics', { ...RECORD, ttfb, ...others });
    }
    const { aggregates } = (await bench.ask('GET', '/api/metrics')).body as { aggregates: object };
    expect(aggregates).toEqual({
      ttfb: { avg: 10.5, p50: 11, p95: 20 },
      llm: { avg: 0.12, p50: 0.12, p95: 0.12 },
      tts: { avg: 0, p50: 0, p95: 0 },
      e2e: NOTHING,
      user_bot_latency: { avg: 900, p50: 900, p95: 900 },
    });
  });

  test.each([{}, { session_id: 'local-1' }, { agent_name: 'System' }, { session_id: '', agent_name: 'System' }, [], 'text', 7, null])('without session and agent are refused: %j', async (body) => {
    expect(await bench.ask('POST', '/api/metrics', JSON.stringify(body))).toEqual({ status: 400, body: { detail: 'session_id and agent_name are required' } });
  });

  test('that are no JSON are a 500', async () => {
    expect(await bench.ask('POST', '/api/metrics', '{"session_id":')).toEqual({ status: 500, body: { detail: 'the body is no JSON' } });
  });

  test('go to every socket, events among them, those that were there before it first', async () => {
    const early = bench.connect('/ws');
    await early.opened;
    expect(await bench.ask('POST', '/api/metrics', { type: 'turn', turn: 1 })).toEqual({ status: 200, body: { ok: true } });
    await bench.ask('POST', '/api/metrics', RECORD);
    const late = bench.connect('/ws');
    await late.count(2);
    await bench.ask('POST', '/api/metrics', { type: 'turn', turn: 2 });
    await Promise.all([early.count(3), late.count(3)]);
    expect(early.messages).toEqual([{ type: 'turn', turn: 1 }, { ...RECORD, received_at: expect.any(Number) as number }, { type: 'turn', turn: 2 }]);
    expect(late.messages).toEqual(early.messages);
    // An event is no record.
    expect((await bench.ask('GET', '/api/metrics')).body).toMatchObject({ count: 1 });
  });

  test('of a run are its own, and those of the run before can still be asked for', async () => {
    await bench.ask('POST', '/api/metrics', RECORD);
    const { id } = await bench.start();
    const page = bench.connect('/live');
    await page.until('ended');
    const { body } = await bench.ask('GET', '/api/metrics');
    const sessions = (body as { timeseries: { session_id: string; agent_name: string }[] }).timeseries.map(({ session_id, agent_name }) => `${session_id} ${agent_name}`);
    expect(new Set(sessions).size).toBe(2);
    expect(new Set(sessions.map((session) => session.split(' ')[0]))).toEqual(new Set(['local-1', 'local-2']));
    const sockets = bench.connect('/ws');
    await sockets.count(sessions.length);
    expect(sockets.messages).toEqual((body as { timeseries: unknown[] }).timeseries);
    expect((await bench.ask('GET', `/api/metrics?run=${id}`)).body).toEqual(body);
    expect((await bench.ask('GET', '/api/metrics?run=')).body).toMatchObject({ count: 1 });
    await bench.start({ paused: true });
    expect((await bench.ask('GET', '/api/metrics')).body).toMatchObject({ count: 0 });
    expect((await bench.ask('GET', `/api/metrics?run=${id}`)).body).toEqual(body);
  });
});

describe('starting without keys', () => {
  const KEYS = { DAILY_API_KEY: 'd', OPENAI_API_KEY: 'o', ELEVENLABS_API_KEY: 'e' } as const;

  test.each([
    [[], 'DAILY_API_KEY'],
    [['DAILY_API_KEY'], 'OPENAI_API_KEY'],
    [['OPENAI_API_KEY', 'ELEVENLABS_API_KEY'], 'DAILY_API_KEY'],
    [['DAILY_API_KEY', 'OPENAI_API_KEY'], 'ELEVENLABS_API_KEY'],
  ] as const)('with %j misses %s, and stops nothing', async (given, missing) => {
    const bench = await DevServerBench.open({ secrets: Object.fromEntries(given.map((name) => [name, KEYS[name]])) });
    const running = await bench.start({ paused: true });
    for (const body of ['', '{', '[]', '{"agents": 3}', '{"agents": [{"name": "A"}, {"name": "B"}]}']) {
      expect(await bench.ask('POST', '/api/start', body)).toEqual({ status: 500, body: { detail: `Missing ${missing}` } });
    }
    expect((await bench.ask('GET', `/runs/${running.id}/run.json`)).status).toBe(404);
    await bench.close();
  });

  test('stopping where nothing runs is fine', async () => {
    const bench = await DevServerBench.open();
    expect(await bench.ask('POST', '/api/stop')).toEqual({ status: 200, body: { status: 'stopped' } });
    await bench.close();
  });
});

describe.skipIf(isChromiumMissing('tests/server/pipecat-client.test.ts'))('calls in a Daily room', () => {
  let daily: FakeDaily;
  let tuning: DailyRun;
  let chat: ChatServer;
  let voices: ElevenLabsServer;
  let secrets: Secrets;
  let bench: DevServerBench;
  beforeAll(async () => {
    [daily, chat, voices] = await Promise.all([FakeDaily.start(), openChatServer((turn) => turn.answer('Good morning, this is a call.')), ElevenLabsServer.start()]);
    tuning = new DailyRun(daily);
    const speech = { ELEVENLABS_API_KEY: voices.apiKey, ELEVENLABS_BASE_URL: voices.baseUrl, SYSTEM_VOICE_ID: 'rachel', USER_VOICE_ID: 'josh' };
    secrets = { ...tuning.secrets, OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: chat.baseUrl, ...speech };
    bench = await DevServerBench.open({ secrets, patience: { daily: tuning.tuning() } });
  });
  afterAll(async () => {
    await bench.close();
    tuning.close();
    await Promise.all([daily.close(), chat.close(), voices.close()]);
  });

  test('are given with room and token; another start ends the one before, a stop the last, and nothing is left', async () => {
    const agents = [{ name: 'Ann', prompt: 'You are Ann; {{ this }} stays.', voice_id: 'josh', role: 'user' }, 'no agent'];
    const first = await bench.ask('POST', '/api/start', { agents });
    expect(first).toEqual({ status: 200, body: { roomUrl: daily.room.url, token: expect.any(String) as string } });
    // A listener is nobody's master.
    const { token } = first.body as { token: string };
    expect(daily.tokens.get(token)).toMatchObject({ room_name: daily.room.name });
    expect(daily.tokens.get(token)?.is_owner).toBeUndefined();
    expect(daily.tokens.get(token)?.exp).toBeGreaterThan(Date.now() / 1000 + 3000);
    const page = bench.connect('/live');
    const { run } = await page.until('run');
    expect(run.agents.map(({ name, goesFirst, voice, llm, tts }) => [name, goesFirst, voice, llm, tts])).toEqual([['Ann', true, 'josh', 'openai', 'elevenlabs'], ['User', false, '', 'openai', 'elevenlabs']]);
    expect(run).toMatchObject({ mode: 'daily', adjustable: false, scenario: null });
    expect(run.agents[0]?.prompt).toBe('You are Ann; {{ this }} stays.');
    page.send({ kind: 'pause' });

    const second = await bench.ask('POST', '/api/start', '{');
    expect(second.status).toBe(200);
    expect((second.body as { roomUrl: string }).roomUrl).not.toBe((first.body as { roomUrl: string }).roomUrl);
    expect([...daily.rooms.values()].map(({ url }) => url)).toEqual([(second.body as { roomUrl: string }).roomUrl]);
    expect(await bench.ask('POST', '/api/stop')).toEqual({ status: 200, body: { status: 'stopped' } });
    expect(daily.rooms.size).toBe(0);
    expect(browserProcesses(tuning.profilesFolder)).toEqual([]);
    expect(bench.runs).toHaveLength(2);
    for (const id of bench.runs) expect((await bench.ask('GET', `/runs/${id}/run.json`)).body).toMatchObject({ ended_by: 'cancelled' });
  });

  test('end with the server, and their rooms and browsers with them', async () => {
    const other = await DevServerBench.open({ secrets, patience: { daily: tuning.tuning() } });
    expect((await other.ask('POST', '/api/start')).status).toBe(200);
    expect(daily.rooms.size).toBe(1);
    await other.server.close();
    expect(daily.rooms.size).toBe(0);
    expect(browserProcesses(tuning.profilesFolder)).toEqual([]);
    expect(other.runs).toHaveLength(1);
    await other.close();
  });

  test('that Daily refuses are the world\'s fault, in a line', async () => {
    daily.refuse(/^POST \/rooms/, 401, 'authentication-error');
    const { status, body } = await bench.ask('POST', '/api/start');
    expect(status).toBe(502);
    expect((body as { detail: string }).detail).toMatch(/^daily: /);
  });
});
