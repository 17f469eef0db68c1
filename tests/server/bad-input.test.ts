/** What the dev server says to those who ask what it cannot do, or who may not ask: a status, a line in JSON, and nothing is lost. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DevServerBench } from '../../src/testing/dev-server-bench.ts';

let bench: DevServerBench;
let running: { id: string; number: number };
beforeAll(async () => {
  bench = await DevServerBench.open();
  running = await bench.start({ paused: true });
});
afterAll(() => bench.close());

type Raw = { readonly status: number; readonly headers: Readonly<Record<string, unknown>>; readonly body: string };

/** As no browser would: with whatever path and headers. */
function raw(method: string, path: string, headers: Readonly<Record<string, string>> = {}, port = bench.port): Promise<Raw> {
  const { promise, resolve, reject } = Promise.withResolvers<Raw>();
  const asking = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
    let body = '';
    response.setEncoding('utf8').on('data', (text: string) => void (body += text));
    response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
  });
  asking.on('error', reject);
  asking.end();
  return promise;
}

describe('a start', () => {
  const EMBEDDED = { room: 'embedded' };
  test.each([
    [{ room: 'Embedded' }, 'room: expected "embedded", or none for a Daily room'],
    [{ room: null }, 'room: expected "embedded", or none for a Daily room'],
    [{ ...EMBEDDED, scenario: 7 }, 'scenario: expected text'],
    [{ ...EMBEDDED, scenario: 'nothing' }, 'scenario: there is none of this name; GET /api/scenarios lists them'],
    [{ ...EMBEDDED, scenario: '../../etc/passwd' }, 'scenario: there is none of this name; GET /api/scenarios lists them'],
    [{ ...EMBEDDED, scenario: '/etc/passwd' }, 'scenario: there is none of this name; GET /api/scenarios lists them'],
    [{ ...EMBEDDED, scenario: 'scenarios/../scenarios/quickstart.yaml' }, 'scenario: there is none of this name; GET /api/scenarios lists them'],
    [{ ...EMBEDDED, topic: 'abc' }, 'topic: expected 5 to 500 characters'],
    [{ ...EMBEDDED, topic: 'x'.repeat(501) }, 'topic: expected 5 to 500 characters'],
    [{ ...EMBEDDED, topic: ['a lot of them'] }, 'topic: expected text'],
    [{ ...EMBEDDED, agents: {} }, 'agents: expected a list'],
    [{ ...EMBEDDED, agents: [1] }, 'agents.0: expected a mapping'],
    [{ ...EMBEDDED, agents: [{}, { prompt: 5 }] }, 'agents.1.prompt: expected text'],
    [{ ...EMBEDDED, agents: [{}, {}, {}] }, 'agents: expected at most two'],
    [{ ...EMBEDDED, variables: ['a'] }, 'variables: expected a mapping of names and texts'],
    [{ ...EMBEDDED, variables: { a: 1 } }, 'variables.a: expected text'],
    [{ ...EMBEDDED, llm: 'gpt' }, 'llm: expected "script" or "openai"'],
    [{ ...EMBEDDED, tts: 'espeak' }, 'tts: expected "offline" or "elevenlabs"'],
    [{ ...EMBEDDED, seed: 1.5 }, 'seed: expected a whole number'],
    [{ ...EMBEDDED, seed: -1 }, 'seed: expected at least 0'],
    [{ ...EMBEDDED, speed: 3 }, 'speed: expected 1, 2 or "max"'],
    [{ ...EMBEDDED, paused: 'no' }, 'paused: expected true or false'],
    [{ ...EMBEDDED, scenario: 'scenarios/quickstart.yaml', topic: 'Trains and boats' }, 'give a scenario or a topic, not both'],
  ])('of %j is a 400', async (body, detail) => {
    expect(await bench.ask('POST', '/api/start', body)).toEqual({ status: 400, body: { detail } });
  });

  test.each([
    [{ agents: [{ voice_id: 'nobody' }] }, 'voice of Sarah: expected clara, ross, angus or otto, got "nobody"'],
    [
      { agents: [{}, { prompt: 'You are Mike.\n\nYou work for {{ unknown }}.' }] },
      'prompt of Mike: the variable unknown has no value (set it under variables, with --var unknown=..., or as {{ unknown: default }})',
    ],
  ])('with %j, which a scenario cannot have, says so as validation does, by the field', async (changes, detail) => {
    const answer = await bench.ask('POST', '/api/start', { ...EMBEDDED, scenario: 'scenarios/quickstart.yaml', ...changes });
    expect(answer).toEqual({ status: 400, body: { detail } });
  });

  test.each([
    [{ topic: 'Trains and boats' }, 'OPENAI_API_KEY'],
    [{ scenario: 'scenarios/quickstart.yaml', llm: 'openai' }, 'OPENAI_API_KEY'],
    [{ scenario: 'scenarios/quickstart.yaml', tts: 'elevenlabs' }, 'ELEVENLABS_API_KEY'],
  ])('of %j without its key is a 500, as in Daily rooms', async (request, missing) => {
    expect(await bench.ask('POST', '/api/start', { ...EMBEDDED, ...request })).toEqual({ status: 500, body: { detail: `Missing ${missing}` } });
  });
});

test('a run that has nowhere to go is the server\'s fault, and ends nothing', async () => {
  const file = join(bench.folder, 'no-folder');
  writeFileSync(file, '');
  const other = await DevServerBench.open({ runsFolder: file });
  expect(await other.ask('POST', '/api/start', { room: 'embedded' })).toEqual({ status: 500, body: { detail: `cannot write ${file}: a part of the path is a file` } });
  expect(await other.ask('GET', '/api/runs')).toEqual({ status: 200, body: { runs: [] } });
  await other.close();
});

describe('a topic', () => {
  test.each([
    ['{', 'expected a mapping in JSON'],
    ['', 'expected a mapping in JSON'],
    ['[]', 'expected a mapping in JSON'],
    ['{}', 'topic: expected text'],
    ['{"topic":"  abcd  "}', 'topic: expected 5 to 500 characters'],
  ])('of %j is a 400', async (body, detail) => {
    expect(await bench.ask('POST', '/api/generate', body)).toEqual({ status: 400, body: { detail } });
  });

  test('without a key is a 500', async () => {
    expect(await bench.ask('POST', '/api/generate', { topic: 'Trains and boats' })).toEqual({ status: 500, body: { detail: 'Missing OPENAI_API_KEY' } });
  });
});

describe('a route', () => {
  test.each(['/api/start', '/api/stop', '/api/metrics', '/api/generate'])('%s takes no 10 MB', async (path) => {
    const { status, body } = await bench.ask('POST', path, `{"topic":"${'x'.repeat(10_000_000)}"}`);
    expect([status, body]).toEqual([413, { detail: expect.any(String) as string }]);
  });

  test.each([['GET', '/api/start'], ['GET', '/api/stop'], ['POST', '/api/scenarios'], ['DELETE', '/api/metrics'], ['PUT', '/api/generate']])('has its method: not %s %s', async (method, path) => {
    const { status, body } = await raw(method, path);
    expect([status, body]).toEqual([405, '{"detail":"Method Not Allowed"}']);
  });

  test.each(['/api', '/api/nothing', '/live.html', '/etc/passwd', '/ws', '/live', '/%00', '/..%2f..%2fetc/passwd'])('that there is not, is a 404: %s', async (path) => {
    const { status, body } = await raw('GET', path);
    expect([status, body]).toEqual([404, '{"detail":"Not Found"}']);
  });

  test('that cannot be read is refused in JSON', async () => {
    const { status, body } = await raw('GET', '/%zz');
    expect([status, Object.keys(JSON.parse(body) as object)]).toEqual([400, ['detail']]);
  });
});

describe('files of runs', () => {
  beforeAll(() => {
    writeFileSync(join(bench.folder, 'run.json'), 'secret');
    mkdirSync(join(bench.runsFolder, '.hidden'));
    writeFileSync(join(bench.runsFolder, '.hidden', 'run.json'), 'secret');
    writeFileSync(join(bench.runsFolder, '.hidden', 'own.txt'), 'secret');
    symlinkSync(bench.folder, join(bench.runsFolder, 'leads-out'));
  });
  afterAll(async () => {
    const { rm } = await import('node:fs/promises');
    await Promise.all(['.hidden', 'leads-out'].map((name) => rm(join(bench.runsFolder, name), { recursive: true })));
  });

  test.each(['../run.json', '..%2frun.json', '%2e%2e/run.json', './run.json', '.hidden/run.json', 'leads-out/run.json', '..%5crun.json', 'nothing/run.json', '%00/run.json'])('%s are not served', async (path) => {
    const { status, body } = await raw('GET', `/runs/${path}`);
    expect([status, body]).toEqual([404, '{"detail":"Not Found"}']);
  });

  test.each(['cassette.jsonl', 'own.txt', '', '..', '%2e%2e%2f..%2frun.json', 'events.jsonl/', 'constructor'])('that are none of a run\'s are not served: %j', async (file) => {
    const { status, body } = await raw('GET', `/runs/${running.id}/${file}`);
    expect([status, body]).toEqual([404, '{"detail":"Not Found"}']);
  });
});

describe('who comes from elsewhere', () => {
  const host = (): string => `127.0.0.1:${bench.port}`;

  test.each(['evil.example', 'evil.example:8000', 'localhost.evil.example', '127.0.0.1.nip.io', '192.168.1.7', 'localhost@evil.example', 'localhost evil.example'])('by the Host %j is a 403, on sockets too', async (name) => {
    for (const path of ['/', '/api/scenarios', '/api/nothing']) expect(await raw('GET', path, { host: name })).toMatchObject({ status: 403, body: '{"detail":"this Host is not served here"}' });
    expect((await raw('POST', '/api/stop', { host: name })).status).toBe(403);
    for (const path of ['/ws', '/live'] as const) await expect(bench.connect(path, { host: name }).opened).rejects.toThrow('status 403');
  });

  test.each(['https://evil.example', 'http://localhost.evil.example', 'null', 'file://', 'http://127.0.0.2:3000', 'https://localhost:3000/path', 'chrome-extension://abc'])('by the Origin %j is a 403, on sockets too', async (origin) => {
    for (const [method, path] of [['POST', '/api/start'], ['POST', '/api/stop'], ['GET', '/api/metrics'], ['OPTIONS', '/api/start']] as const) {
      const { status, headers } = await raw(method, path, { host: host(), origin });
      expect([status, headers['access-control-allow-origin']]).toEqual([403, undefined]);
    }
    for (const path of ['/ws', '/live'] as const) await expect(bench.connect(path, { origin }).opened).rejects.toThrow('status 403');
  });

  test.each(['http://localhost:3000', 'http://127.0.0.1:5173', 'https://localhost', 'http://[::1]:8080'])('is let in from this machine: %s', async (origin) => {
    const asked = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' };
    const question = await raw('OPTIONS', '/api/start', { host: 'localhost:1', origin, ...asked });
    expect(question).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': origin, 'access-control-allow-headers': 'content-type' } });
    expect(await raw('GET', '/api/voices', { host: `[::1]:${bench.port}`, origin })).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': origin } });
    const page = bench.connect('/live', { origin });
    await page.until('hello');
  });

  test('is let in by --allow-origin', async () => {
    const open = await DevServerBench.open({ allowedOrigins: ['https://app.example'] });
    const ask = (origin: string): Promise<Raw> => raw('GET', '/api/voices', { host: `localhost:${open.port}`, origin }, open.port);
    expect(await ask('https://app.example')).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': 'https://app.example' } });
    expect((await ask('https://app.example:444')).status).toBe(403);
    await open.close();
  });
});

test('nothing of all that has touched the run that goes on', async () => {
  const page = bench.connect('/live');
  await page.until('run', ({ run }) => run.number === running.number);
  page.send({ kind: 'resume' });
  expect(await page.until('ended')).toMatchObject({ run: running.number, endedBy: 'end_conversation', verdict: 'passed' });
  expect(bench.runs).toEqual([running.id]);
  expect(bench.warnings).toEqual([]);
});

describe('a server that listens beyond this machine', () => {
  let open: DevServerBench;
  let token: string;
  beforeAll(async () => {
    open = await DevServerBench.open({ host: '0.0.0.0' });
    token = new URL(open.server.url).searchParams.get('token') ?? '';
  });
  afterAll(() => open.close());
  const ask = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Raw> => raw('GET', path, { host: `192.168.1.7:${open.port}`, ...headers }, open.port);

  test('answers nobody without the token, neither files nor sockets', async () => {
    expect(token).toMatch(/^[0-9a-f]{32}$/);
    for (const path of ['/', '/live.js', '/api/voices', '/runs/a/run.json', '/api/nothing', '/?token=', `/?token=${token}0`, `/?token=${token.slice(1)}`, `/?token=${token}&token=${token}`]) {
      expect((await ask(path)).status).toBe(401);
    }
    expect((await ask('/api/voices', { cookie: 'bottalk-token=', authorization: 'Bearer ' })).status).toBe(401);
    await expect(open.connect('/live', { host: `192.168.1.7:${open.port}` }).opened).rejects.toThrow('status 401');
  });

  test('takes it once in the address and keeps it in a cookie that no script reads', async () => {
    const { status, headers } = await ask(`/?token=${token}`);
    expect([status, headers['location'], headers['set-cookie']]).toEqual([303, '/', [`bottalk-token=${token}; Path=/; HttpOnly; SameSite=Strict`]]);
    expect((await ask('/', { cookie: `a=b; bottalk-token=${token}` })).status).toBe(200);
    expect((await ask('/api/voices', { authorization: `Bearer ${token}` })).status).toBe(200);
    const page = open.connect('/live', { cookie: `bottalk-token=${token}` });
    await page.until('hello');
  });

  test('still knows who comes from elsewhere', async () => {
    const cookie = `bottalk-token=${token}`;
    expect((await ask('/api/voices', { cookie, host: 'evil.example' })).status).toBe(403);
    expect((await ask('/api/voices', { cookie, origin: 'https://evil.example' })).status).toBe(403);
    expect((await ask('/api/voices', { cookie, origin: `http://192.168.1.7:${open.port}` })).status).toBe(200);
  });
});
