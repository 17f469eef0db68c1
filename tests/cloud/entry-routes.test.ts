/** What the entry answers, to whom and when, with sessions of the test's own. */
import { request } from 'node:http';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { shippedCase } from './shipped-case.ts';
import { EntryBench, ORDER } from './entry-bench.ts';
import { sampleCall } from '../../src/testing/sample-call.ts';

let bench: EntryBench;
beforeEach(async () => void (bench = await EntryBench.open({ SHUTDOWN_TIMEOUT: '30', BOTTALK_MAX_SESSION_SECONDS: '600' })));
afterEach(() => bench.close());

const NULLS = { avg: null, p95: null };
const NOTHING = { ttfb: NULLS, llm: NULLS, tts: NULLS, e2e: NULLS, user_bot_latency: NULLS };
const NOBODY = { session_id: null, agent_name: null, room_url: null, goes_first: null };

describe('the routes', () => {
  test.each([
    ['GET', '/livez', 200, { status: 'ok' }],
    ['GET', '/readyz', 200, { status: 'ok' }],
    ['GET', '/metrics', 200, { session: NOBODY, count: 0, aggregates: NOTHING, kpis: {}, timeseries: [] }],
    ['GET', '/metrics/summary', 200, { session: NOBODY, count: 0, ttfb_avg: null, llm_avg: null, tts_avg: null, e2e_avg: null, user_bot_latency_avg: null, kpis: {} }],
    ['GET', '/kpis?from=proxy', 200, { session: NOBODY, kpis: {} }],
    ['GET', '/bot', 405, { detail: 'Method Not Allowed' }],
    ['DELETE', '/metrics', 405, { detail: 'Method Not Allowed' }],
    ['GET', '/ws', 404, { detail: 'Not Found' }],
    ['GET', '/pcc/capabilities', 404, { detail: 'Not Found' }],
    ['POST', '/api/offer', 404, { detail: 'Not Found' }],
  ] as const)('%s %s is answered with %d', async (method, path, status, body) => {
    const answer = await bench.get(path, method);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-length')).toBe(String(JSON.stringify(body).length));
    expect(await answer.json()).toEqual(body);
  });

  test('tolerate HEAD and OPTIONS', async () => {
    expect((await bench.get('/readyz', 'HEAD')).status).toBe(200);
    const answer = await bench.get('/bot', 'OPTIONS');
    expect([answer.status, answer.headers.get('allow')]).toEqual([204, 'POST']);
  });

  test('are not in the log when probes ask them', async () => {
    const before = bench.lines;
    await Promise.all(['/livez', '/readyz', '/metrics', '/nowhere'].map((path) => bench.get(path)));
    expect(bench.lines).toBe(before);
  });
});

describe('a body that is none', () => {
  const missing = [{ type: 'missing', loc: ['body'], msg: 'Field required' }];
  const noObject = [{ type: 'dict_type', loc: ['body'], msg: 'Input should be a valid dictionary' }];
  test.each([
    ['is missing', '', 'application/json', missing],
    ['is no JSON', '{"room_url":', 'application/json', [{ type: 'json_invalid', loc: ['body'], msg: 'JSON decode error' }]],
    ['is a list', '[1]', 'application/json', noObject],
    ['is a word', '"secret-word"', 'application/json', noObject],
    ['says that it is text', JSON.stringify(ORDER), 'text/plain', noObject],
  ])('because it %s is answered with 422', async (_, body, type, detail) => {
    const answer = await bench.post(body, { 'content-type': type });
    expect([answer.status, await answer.json()]).toEqual([422, { detail }]);
    expect(bench.sessions).toEqual([]);
  });

  test('is told all its mistakes at once, and none of its values', async () => {
    const answer = await bench.post({ room_url: 'secret-word', name: '', max_turns: 0, known_agents: 'Mike', goes_first: 'yes', scenario_agent: { order: 3 } });
    expect(answer.status).toBe(422);
    const { detail } = (await answer.json()) as { detail: { loc: string[] }[] };
    expect(detail.map(({ loc }) => loc.join('.'))).toEqual([
      'body.room_url',
      'body.token',
      'body.name',
      'body.goes_first',
      'body.known_agents',
      'body.max_turns',
      'body.scenario_agent.scenario',
      'body.scenario_agent.order',
    ]);
    expect(JSON.stringify(detail) + bench.lines).not.toContain('secret-word');
  });

  test('of more than 2 MB is answered with 413', async () => {
    const answer = await bench.post({ ...ORDER, system_prompt: 'x'.repeat(2 * 1024 * 1024) });
    expect([answer.status, await answer.json()]).toEqual([413, { detail: 'the body is larger than 2097152 bytes' }]);
  });
});

describe('POST /bot', () => {
  test('stays open until its session is over, while everything else answers', async () => {
    const { ties, end, answer } = await bench.begin(ORDER, { 'X-Daily-Session-Id': 'b9a1' });
    let isAnswered = false;
    void answer.then(() => (isAnswered = true));
    expect(ties).toMatchObject({ sessionId: 'b9a1', order: { room_url: ORDER.room_url, token: ORDER.token, name: 'Sarah', goes_first: true, max_turns: 3 } });
    expect((await bench.get('/readyz')).status).toBe(200);
    expect(await (await bench.get('/kpis')).json()).toMatchObject({ session: { session_id: 'b9a1', agent_name: 'Sarah', room_url: ORDER.room_url, goes_first: true } });
    expect(isAnswered).toBe(false);
    end();
    expect([(await answer).status, await (await answer).json()]).toEqual([200, {}]);
  });

  test('takes a body of 1 MB, and fills in what nobody said', async () => {
    const { ties, end, answer } = await bench.begin({ room_url: ORDER.room_url, token: 't', name: null, system_prompt: 'x'.repeat(1_000_000), unheard_of: 1 });
    expect(ties.order).toMatchObject({ name: 'System', voice_id: '', known_agents: [], max_turns: 20 });
    expect(ties.order.system_prompt).toHaveLength(1_000_000);
    expect(ties.sessionId).toBeNull();
    end();
    expect((await answer).status).toBe(200);
  });

  test('takes a whole scenario, exactly as it was loaded', async () => {
    const scenario = await shippedCase('sales');
    const { ties, end, answer } = await bench.begin({ ...ORDER, scenario_agent: { scenario, order: 1, seed: 5, tell: 'events' } });
    expect(JSON.parse(JSON.stringify(ties.order.scenario_agent))).toEqual({ scenario, order: 1, seed: 5, tell: 'events' });
    end();
    await answer;
  });

  test('finds the room in the headers if the body has none, and only if both are there', async () => {
    const room = { 'x-daily-room-url': 'https://bottalk-test.daily.co/made', 'x-daily-room-token': 'made-token' };
    const { ties, end, answer } = await bench.begin({}, room);
    expect(ties.order).toMatchObject({ room_url: room['x-daily-room-url'], token: 'made-token' });
    end();
    await answer;
    expect((await bench.post({}, { 'x-daily-room-url': room['x-daily-room-url'] })).status).toBe(422);
  });

  test('is taken out of its envelope', async () => {
    const { ties, end, answer } = await bench.begin({ body: ORDER, flow_config: '' }, { 'X-Pcc-Start-Envelope': '1' });
    expect(ties.order.name).toBe('Sarah');
    end();
    await answer;
  });

  test.each([
    ['another version', { body: ORDER, flow_config: '' }, '2', 'X-Pcc-Start-Envelope: only version 1 is known'],
    ['no flow_config', { body: ORDER }, '1', 'the start envelope needs flow_config, a text'],
    ['no body', { flow_config: '' }, '1', 'the start envelope needs body'],
    ['a body that is no object', { body: 'x', flow_config: '' }, '1', 'the body in the start envelope is no object'],
  ])('is refused with 400 in an envelope with %s', async (_, body, version, detail) => {
    const answer = await bench.post(body, { 'x-pcc-start-envelope': version });
    expect([answer.status, await answer.json()]).toEqual([400, { detail }]);
  });

  test('is refused with 503 while there is a session, and changes nothing about it', async () => {
    const { end, answer } = await bench.begin();
    const second = await bench.post({ ...ORDER, name: 'Mike' });
    expect([second.status, await second.json()]).toEqual([503, { detail: 'this instance holds a session already' }]);
    expect(await (await bench.get('/kpis')).json()).toMatchObject({ session: { agent_name: 'Sarah' } });
    end();
    expect((await answer).status).toBe(200);
    expect(bench.sessions).toHaveLength(1);
  });

  test('is one of two that come at the same moment', async () => {
    const both = [bench.post(), bench.post()];
    const refused = await Promise.race(both);
    expect(refused.status).toBe(503);
    expect(bench.sessions).toHaveLength(1);
    bench.sessions[0]?.end();
    expect((await Promise.all(both)).map(({ status }) => status)).toContain(200);
  });

  test('is answered with 500 and a reason if its session could not be held', async () => {
    const { end, answer } = await bench.begin();
    end({ held: false, message: 'daily: the Daily room does not exist, or was deleted' });
    expect([(await answer).status, await (await answer).json()]).toEqual([500, { detail: 'daily: the Daily room does not exist, or was deleted' }]);
  });

  test('that is given up by whoever asked ends its session', async () => {
    const client = request(`${bench.url}/bot`, { method: 'POST', headers: { 'content-type': 'application/json' } });
    client.on('error', () => undefined);
    client.end(JSON.stringify(ORDER));
    while (bench.sessions.length === 0) await new Promise(setImmediate);
    client.destroy();
    while (bench.stops.length === 0) await new Promise(setImmediate);
    expect(bench.stops).toEqual([{ endedBy: 'cancelled', reason: 'whoever asked for the session closed the request' }]);
    const { end, answer } = await bench.begin();
    end();
    expect((await answer).status).toBe(200);
  });
});

describe('a budget', () => {
  test.each([
    ['2.5', 2.5],
    ['7200', 600],
    [undefined, 600],
    ['soon', 600],
    ['0', 600],
    ['-5', 600],
  ])('of %s s ends a session after %d s', async (header, secs) => {
    const { answer } = await bench.begin(ORDER, header === undefined ? {} : { 'X-PCC-Max-Session-Seconds': header });
    bench.wall.advance(secs * 1000 - 1);
    expect(bench.stops).toEqual([]);
    bench.wall.advance(1);
    expect(bench.stops).toEqual([{ endedBy: 'max_duration', reason: `the session has used up its ${secs} s` }]);
    expect((await answer).status).toBe(200);
  });
});

describe('figures', () => {
  test('of a session are there while it lasts and after it, and gone when the next begins', async () => {
    const first = await bench.begin(ORDER, { 'x-daily-session-id': 'one' });
    first.ties.tell({ startEpochMs: 1_000_000_000_000 });
    for (const event of sampleCall()) first.ties.fold.event(event);
    const during = (await (await bench.get('/metrics')).json()) as Record<string, unknown>;
    expect(during).toMatchObject({ session: { session_id: 'one', agent_name: 'Sarah' }, kpis: { turns: 5, judged: null } });
    const records = during['timeseries'] as { session_id: string; ts: number; agent_name: string }[];
    expect(during['count']).toBe(records.length);
    expect(records[0]).toMatchObject({ session_id: 'one', turn_index: 0 });
    expect(Math.floor((records[0]?.ts ?? 0) / 1000)).toBe(1_000_000);
    first.end();
    await first.answer;
    expect(await (await bench.get('/metrics')).json()).toEqual(during);
    const { end, answer } = await bench.begin({ ...ORDER, name: 'Mike' }, { 'x-daily-session-id': 'two' });
    expect(await (await bench.get('/metrics')).json()).toMatchObject({ session: { session_id: 'two', agent_name: 'Mike' }, count: 0, kpis: {}, timeseries: [] });
    end();
    await answer;
  });

  test('have the fields and the rounding of bottalk\'s Python agents', async () => {
    const { ties, end, answer } = await bench.begin();
    for (const event of sampleCall()) ties.fold.event(event);
    type Metrics = { readonly aggregates: Record<string, { avg: number; p95: number }>; readonly timeseries: Record<string, number>[] };
    const { aggregates, timeseries } = (await (await bench.get('/metrics')).json()) as Metrics;
    const summary: unknown = await (await bench.get('/metrics/summary')).json();
    const values = timeseries.flatMap(({ e2e_latency }) => e2e_latency ?? []).toSorted((a, b) => a - b);
    expect(Object.keys(timeseries[0] ?? {}).slice(0, 11)).toEqual(['session_id', 'agent_name', 'turn_index', 'input', 'output', 'ttfb', 'llm_duration', 'tts_duration', 'user_bot_latency', 'e2e_latency', 'ts']);
    expect(aggregates['e2e']?.p95).toBe(values[Math.min(Math.floor(values.length * 0.95), values.length - 1)]);
    expect(summary).toMatchObject({ count: timeseries.length, e2e_avg: aggregates['e2e']?.avg, ttfb_avg: aggregates['ttfb']?.avg });
    end();
    await answer;
  });
});

describe('an entry that is asked to end', () => {
  test('ends at once while there is no session, and tells its sidecar', async () => {
    bench.entry.drain();
    await bench.entry.over;
    expect(existsSync(join(bench.folder, 'shutdown'))).toBe(true);
    await expect(bench.get('/livez')).rejects.toThrow('fetch failed');
  });

  test('lets its session go on, answers everybody meanwhile, and takes no other', async () => {
    const { end, answer } = await bench.begin();
    bench.entry.drain();
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => bench.get(['/livez', '/readyz', '/metrics', '/kpis'][i % 4] ?? '')));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 200 }, (_, i) => (i % 4 === 1 ? 503 : 200)));
    await Promise.all(answers.map((each) => each.text()));
    expect((await bench.post()).status).toBe(503);
    expect([bench.isOver, bench.stops]).toEqual([false, []]);
    end();
    expect([(await answer).status, await (await answer).json()]).toEqual([200, {}]);
    await bench.entry.over;
  });

  test('ends its session when the time for that is up, and answers it', async () => {
    const { answer } = await bench.begin();
    bench.entry.drain();
    bench.wall.advance(30_000);
    expect(bench.stops).toEqual([{ endedBy: 'cancelled', reason: 'asked to end 30 s ago' }]);
    expect((await answer).status).toBe(200);
    await bench.entry.over;
  });

  test('waits for no session that does not end then either', async () => {
    bench.obeys = false;
    const { answer } = await bench.begin();
    answer.catch(() => undefined);
    bench.entry.drain();
    bench.wall.advance(39_999);
    expect(bench.isOver).toBe(false);
    bench.wall.advance(1);
    await bench.entry.over;
    expect(bench.stops).toHaveLength(1);
  });
});

test('a session that does not end when it is told to makes the instance useless, and that shows', async () => {
  bench.obeys = false;
  const { end, answer } = await bench.begin(ORDER, { 'x-pcc-max-session-seconds': '1' });
  bench.wall.advance(16_000);
  expect((await bench.get('/readyz')).status).toBe(503);
  end();
  await answer;
  expect((await bench.post()).status).toBe(503);
});

describe('the log', () => {
  const LINE = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3} \| (TRACE|DEBUG|INFO|WARNING|ERROR) {1,5}\| [\w.]+ \| \S+ - \S.*$/;

  test('has one line for each event, with the session it belongs to, and the same as JSON', async () => {
    const { end, answer } = await bench.begin(ORDER, { 'x-daily-session-id': 'b9a1', 'x-pcc-max-session-seconds': '1' });
    bench.wall.advance(1000);
    end();
    await answer;
    await bench.post('[]');
    const lines = bench.lines.trimEnd().split('\n');
    expect(lines.filter((line) => !LINE.test(line))).toEqual([]);
    expect(lines.find((line) => line.includes('stopping'))).toMatch(/\| INFO {4} \| bottalk\.session \| b9a1 - stopping: the session has used up its 1 s$/);
    expect(lines.at(-1)).toMatch(/\| WARNING {2}\| bottalk\.serve \| NONE - POST \/bot was refused with 422: its body is not one$/);
    expect(bench.jsonLines.map(({ line }) => line)).toEqual(lines);
    expect(bench.jsonLines.find(({ line }) => line?.includes('stopping'))).toMatchObject({ '@timestamp': '1970-01-01T00:00:01.000Z', stream: 'app', level: 'INFO', session_id: 'b9a1' });
    expect(bench.jsonLines.at(-1)).not.toHaveProperty('session_id');
  });

  test('holds no token, whoever writes it', async () => {
    const { ties, end, answer } = await bench.begin();
    ties.stop({ endedBy: 'cancelled', reason: `somebody said ${ORDER.token}\nand more` });
    end();
    await answer;
    expect(bench.lines).toContain('stopping: somebody said *** and more');
    expect(bench.lines + JSON.stringify(bench.jsonLines)).not.toContain(ORDER.token);
  });
});
