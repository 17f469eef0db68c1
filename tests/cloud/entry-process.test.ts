/** The entry as the process that it is: how fast it is there, how it ends, and what a whole session of it leaves. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemWallClock as wall } from '../../src/clock/wall-clock.ts';
import { DailyRest } from '../../src/providers/daily/rest.ts';
import { newRoom } from '../../src/providers/daily/room.ts';
import type { Scenario } from '../../src/scenarios/scenario.ts';
import { browserProcesses } from '../../src/testing/daily/browser-processes.ts';
import { openChatServer } from '../../src/testing/chat-server.ts';
import { FakeDaily } from '../../src/testing/daily/fake-daily.ts';
import { SilentPerson } from '../../src/testing/daily/silent-person.ts';
import { ElevenLabsServer } from '../../src/testing/eleven-labs/eleven-labs-server.ts';
import { EntryProcess } from '../../src/testing/entry-process.ts';
import { IngestServer } from '../../src/testing/ingest-server.ts';
import { caseOf } from '../../src/testing/whole-run.ts';
import { isChromiumMissing } from '../daily/chromium-here.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'bottalk-entry-'))));
afterAll(async () => {
  await Promise.all(processes.map((each) => each.close()));
  rmSync(folder, { recursive: true, force: true });
});

/** Of whatever goes wrong in a test, no process is left. */
const processes: EntryProcess[] = [];
function begin(...given: ConstructorParameters<typeof EntryProcess>): EntryProcess {
  const entry = new EntryProcess(...given);
  processes.push(entry);
  return entry;
}
async function started(...given: ConstructorParameters<typeof EntryProcess>): Promise<EntryProcess> {
  const entry = begin(...given);
  await entry.listens;
  return entry;
}

const ENDED_WELL = { status: 0, signal: null };

describe('the process', () => {
  test('ends with 0 when it is asked to as soon as it listens for that, and listens before it is loaded', async () => {
    const atOnce = `process.on('newListener', (name) => { if (name === 'SIGTERM') process.kill(process.pid, name) })`;
    const entry = begin({ env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(atOnce)}` } });
    expect(await entry.exited).toEqual(ENDED_WELL);
    expect(entry.printed).toBe('');
  });

  test('ends with 0 by its script even before Node has begun', async () => {
    const entry = begin({ byScript: true });
    await entry.catchesTerm();
    entry.kill();
    expect(await entry.exited).toEqual(ENDED_WELL);
  });

  test('ends with 0 by that script when it is asked to later, and tells its sidecar', async () => {
    const sidecar = join(folder, 'sidecar');
    mkdirSync(sidecar);
    const entry = await started({ byScript: true, flags: ['--sidecar', sidecar], env: { SHUTDOWN_TIMEOUT: 'a while' } });
    expect((await fetch(`${entry.url}/livez`)).status).toBe(200);
    entry.kill();
    expect(await entry.exited).toEqual(ENDED_WELL);
    expect(readdirSync(sidecar)).toEqual(['shutdown']);
    expect(entry.lines.map((line) => line.split(' | ').slice(1).join(' | '))).toEqual([
      expect.stringMatching(/^INFO {5}\| bottalk\.serve \| NONE - listening on 0\.0\.0\.0:\d+ \{"image_version":"unknown"\}$/),
      'WARNING  | bottalk.serve | NONE - SHUTDOWN_TIMEOUT is no number of seconds: 7200 counts',
      'INFO     | bottalk.serve | NONE - asked to end',
      'INFO     | bottalk.serve | NONE - ended',
    ]);
  });

  test('says so if its port is none, or cannot be had', async () => {
    const none = begin({ env: { PORT: 'http' } });
    expect(await none.exited).toEqual({ status: 2, signal: null });
    expect(none.printed).toBe('PORT is no port (a number from 0 to 65535; leave it out for 8080)\n');
    const other = createServer().listen(0);
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const refused = begin({ flags: ['--port', String(port)] });
    expect(await refused.exited).toEqual({ status: 2, signal: null });
    expect(refused.printed).toBe(`port ${port} cannot be had (EADDRINUSE) (set PORT or --port to one that is free)\n`);
    other.close();
  });
});

const SCENARIO = `
title: A short call
turn: { profile: responsive }
agents:
  - name: Nora
    prompt: Greet.
    llm: { first_token_ms: 50 }
    tts: { first_byte_ms: 20 }
    script: { lines: [Hello Leo.], unheard: Pardon me? }
  - { name: Leo, prompt: Answer., script: { lines: [Hello.] } }
`;
const KEYS = { OPENAI_API_KEY: 'sk-planted-for-brains', METRICS_INGEST_URL: 'http://planted:secret@127.0.0.1:9/' };

describe.skipIf(isChromiumMissing('tests/cloud/entry-process.test.ts'))('a session of the process', () => {
  let daily: FakeDaily;
  let entry: EntryProcess;
  let room: { readonly url: string; readonly token: string };
  const scenario = JSON.parse(JSON.stringify(caseOf(SCENARIO).scenario)) as Scenario;
  const logFolder = (): string => join(folder, 'logs');

  beforeAll(async () => {
    daily = await FakeDaily.start();
    entry = await started({
      env: {
        ...KEYS,
        DAILY_API_KEY: daily.apiKey,
        DAILY_BASE_URL: daily.restUrl,
        DAILY_CALL_MACHINE_URL: daily.callMachineFolder,
        TMPDIR: folder,
        PCC_LOG_DIR: logFolder(),
        SHUTDOWN_TIMEOUT: '0.2',
      },
    });
  });
  afterAll(() => daily.close());
  beforeEach(async () => {
    const made = await newRoom({ rest: new DailyRest({ wall, apiKey: daily.apiKey, baseUrl: daily.restUrl }), wall, transcription: null });
    room = { url: made.url, token: (await made.tokenFor('Nora')) ?? '' };
  });
  afterEach(async () => {
    while (browserProcesses(folder).length > 0) await wall.sleep(10);
  });

  type Besides = { readonly headers?: Readonly<Record<string, string>>; readonly signal?: AbortSignal };
  function post(own: Readonly<Record<string, unknown>> = {}, { headers = {}, signal }: Besides = {}): Promise<Response> {
    const body = { room_url: room.url, token: room.token, scenario_agent: { scenario, order: 0, tell: 'events' }, ...own };
    const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
    return fetch(`${entry.url}/bot`, { ...init, ...(signal && { signal }) });
  }
  async function untilNamesAre(...names: readonly string[]): Promise<void> {
    while (daily.room.names.toSorted().join() !== names.join()) await wall.sleep(10);
  }
  type Json = Readonly<Record<string, unknown>>;
  async function metrics(): Promise<{ readonly count: number; readonly session: Json; readonly timeseries: readonly Json[] }> {
    return (await (await fetch(`${entry.url}/metrics`)).json()) as Awaited<ReturnType<typeof metrics>>;
  }

  test('waits for its peer, talks, tells the room, and leaves it when whoever asked for it is gone', async () => {
    const hangUp = new AbortController();
    const answer = post({}, { headers: { 'x-daily-session-id': 'first' }, signal: hangUp.signal });
    answer.catch(() => undefined);
    await untilNamesAre('Nora');
    expect(await metrics()).toMatchObject({ count: 0, session: { session_id: 'first', agent_name: 'Nora', room_url: room.url, goes_first: true } });
    const leo = await SilentPerson.join(daily, { url: room.url, name: 'Leo' });
    while ((await metrics()).count === 0) await wall.sleep(20);
    const { timeseries } = await metrics();
    expect(timeseries).toMatchObject([{ session_id: 'first', agent_name: 'Nora', turn_index: 0, output: 'Hello Leo.', spoken_output: 'Hello Leo.' }]);
    expect(Math.abs(Number(timeseries[0]?.['ts']) * 1000 - wall.epochMs())).toBeLessThan(600_000);
    hangUp.abort();
    await untilNamesAre('Leo');
    await entry.hasPrinted(/first - stopped/);
    leo.leave();
    const labels = new Set(leo.messages.map((message) => (message as { label?: string }).label));
    expect(labels).toEqual(new Set(['bottalk', 'metrics']));
    const told = JSON.stringify(leo.messages);
    expect(told).toContain('"type":"utterance.stopped"');
    expect(told).toContain('"type":"summary"');
    expect(told).toMatch(/"is":"leaving".*"is":"closed"/);
    for (const key of [...Object.values(KEYS), daily.apiKey, room.token]) expect(told).not.toContain(key);
  });

  test('whose room does not exist, or whose token is refused, is over at once and says why', async () => {
    const missing = await post({ room_url: 'https://bottalk-test.daily.co/nowhere' }, { headers: { 'x-daily-session-id': 'second' } });
    expect([missing.status, await missing.json()]).toEqual([500, { detail: 'daily: the Daily room does not exist, or was deleted' }]);
    const refused = await post({ token: 'forged-token', more: 'x'.repeat(2 ** 20) });
    expect([refused.status, await refused.json()]).toEqual([500, { detail: 'daily: Daily does not let this token into the room' }]);
    const { session, count } = await metrics();
    expect({ agent: session['agent_name'], count }).toEqual({ agent: 'Nora', count: 0 });
    expect(entry.lines.filter((line) => line.includes('second')).map((line) => line.split(' - ').at(-1)?.split(' {')[0])).toEqual([
      'starting',
      'could not be held: daily: the Daily room does not exist, or was deleted',
      'stopped',
    ]);
  });

  test('of an agent of Pipecat\'s shape has the room transcribed, posts its records and is judged when it is over', async () => {
    const scores = { discovery: 70, objectionHandling: 60, valueArticulation: 50, turnTaking: 90, responseRelevance: 80, nextSteps: 40 };
    const chat = await openChatServer((turn) => turn.answer(turn.body['response_format'] === undefined ? 'Hello Leo.' : JSON.stringify({ ...scores, notes: [], ended: true })));
    const voices = await ElevenLabsServer.start();
    const ingest = await IngestServer.start();
    const rest = new DailyRest({ wall, apiKey: daily.apiKey, baseUrl: daily.restUrl });
    const token = await rest.createToken({ roomName: daily.room.name, userName: 'Nora', expiresAtSecs: Math.ceil(wall.epochMs() / 1000) + 600, owner: true });
    const other = await started({
      env: {
        OPENAI_API_KEY: KEYS.OPENAI_API_KEY,
        OPENAI_BASE_URL: chat.baseUrl,
        ELEVENLABS_API_KEY: 'test-key',
        ELEVENLABS_BASE_URL: voices.baseUrl,
        METRICS_INGEST_URL: ingest.url,
        DAILY_CALL_MACHINE_URL: daily.callMachineFolder,
        BOTTALK_JUDGE_MODEL: 'judge-1',
        TMPDIR: folder,
      },
    });
    const leo = await SilentPerson.join(daily, { url: room.url, name: 'Leo' });
    const body = { room_url: room.url, token, name: 'Nora', system_prompt: 'Greet.', voice_id: 'rachel', goes_first: true, known_agents: ['Nora', 'Leo'], max_turns: 1 };
    const headers = { 'content-type': 'application/json', 'x-daily-session-id': 'shaped' };
    const answer = await fetch(`${other.url}/bot`, { method: 'POST', headers, body: JSON.stringify(body) });
    expect([answer.status, await answer.json()]).toEqual([200, {}]);
    expect(daily.room.transcription).toMatchObject({ model: 'nova-2-general', includeRawResponse: true });
    expect(voices.handshakes.map(({ voice }) => voice)).toEqual(['rachel']);
    expect(chat.turns.map(({ body: { model, messages } }) => `${model}: ${messages[0]?.content?.slice(0, 14)}`)).toEqual([expect.stringMatching(/^gpt-4o: Greet\./), 'judge-1: You judge phon']);
    expect(ingest.posted.map(({ record }) => [record['session_id'], record['output']])).toEqual([['shaped', 'Hello Leo.']]);
    const kpis = (await (await fetch(`${other.url}/kpis`)).json()) as object;
    expect(kpis).toMatchObject({ session: { session_id: 'shaped' }, kpis: { turns: 1, ended_by: 'max_turns', judged: { scores, mean: 65, outcome: 'good' } } });
    leo.leave();
    expect(other.printed).toMatch(/shaped - ended by max_turns \(Nora\)\n/);
    other.kill();
    expect(await other.exited).toEqual(ENDED_WELL);
    for (const key of [KEYS.OPENAI_API_KEY, token]) expect(other.printed).not.toContain(key);
    await Promise.all([chat.close(), voices.close(), ingest.close()]);
  });

  test('waits for nobody for ever', async () => {
    const lonely = await started({
      env: { DAILY_CALL_MACHINE_URL: daily.callMachineFolder, BOTTALK_PEER_WAIT_SECONDS: '0.1', TMPDIR: folder },
    });
    const body = { room_url: room.url, token: room.token, scenario_agent: { scenario, order: 0 } };
    const answer = await fetch(`${lonely.url}/bot`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    expect(answer.status).toBe(200);
    expect(lonely.printed).toMatch(/NONE - ended by inactivity: Leo did not come within 0\.1 s\n/);
    expect(daily.room.names).toEqual([]);
  });

  test('that lacks a key is over at once and names it', async () => {
    const [nora, leo] = scenario.agents;
    const asking = { ...scenario, agents: [{ ...nora, turn: { ...nora.turn, strategy: 'llm', base_url: undefined }, tts: { ...nora.tts, provider: 'elevenlabs' } }, leo] };
    const answer = await post({ scenario_agent: { scenario: asking, order: 0 } });
    expect([answer.status, await answer.json()]).toEqual([500, { detail: "Nora's voice needs ELEVENLABS_API_KEY (put it into .env.local or the environment)" }]);
  });

  test('is over when its budget is, and when its process is asked to end; then nothing is left, and nobody knows a key', async () => {
    const spent = await post({}, { headers: { 'X-PCC-Max-Session-Seconds': '1.5', 'x-daily-session-id': 'third' } });
    expect([spent.status, await spent.json()]).toEqual([200, {}]);
    expect(entry.printed).toContain('third - stopping: the session has used up its 1.5 s');
    const last = post({}, { headers: { 'x-daily-session-id': 'last' } });
    await untilNamesAre('Nora');
    entry.kill();
    expect([(await last).status, await (await last).json()]).toEqual([200, {}]);
    expect(await entry.exited).toEqual(ENDED_WELL);
    expect(daily.room.names).toEqual([]);
    const written = entry.printed + readFileSync(join(logFolder(), 'bot.jsonl'), 'utf8');
    for (const key of [...Object.values(KEYS), 'planted:secret', daily.apiKey, room.token, 'forged-token']) expect(written).not.toContain(key);
  });
});
