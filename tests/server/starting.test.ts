/** What a page can start: scenarios as they are or changed, topics, and two agents alone. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type ChatServer, openChatServer } from '../../src/testing/chat-server.ts';
import { type Client, DevServerBench } from '../../src/testing/dev-server-bench.ts';
import type { ListedScenario, LiveRun, StartRequest } from '../../src/web/parts/live-messages.ts';

const WRITTEN = {
  title: 'Late parcel',
  system: { name: 'Kim', prompt: 'You are Kim of {{ carrier }}.' },
  user: { name: 'Lou', prompt: 'You are Lou and wait for a parcel of {{ carrier }}.' },
  variables: [{ name: 'carrier', default: 'Swift Post' }],
};

let chat: ChatServer;
let bench: DevServerBench;
let page: Client;
beforeAll(async () => {
  chat = await openChatServer((turn) => turn.answer(turn.body['response_format'] ? JSON.stringify(WRITTEN) : 'Good morning.'));
  bench = await DevServerBench.open({ secrets: { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: chat.baseUrl } });
});
afterAll(async () => {
  await bench.close();
  await chat.close();
});
beforeEach(async () => {
  page = bench.connect('/live');
  await page.until('hello');
});

async function started(request: StartRequest): Promise<LiveRun> {
  const { number } = await bench.start({ paused: true, scenario: undefined, ...request });
  return (await page.until('run', ({ run }) => run.number === number)).run;
}

const prompts = ({ agents }: LiveRun): readonly string[] => agents.map(({ name, prompt }) => `${name}: ${prompt}`);

describe('the page', () => {
  test('may load what the server has, and nothing else', async () => {
    const { headers } = await fetch(bench.url);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*script-src 'self';/);
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe|http|\*/);
    for (const name of ['live.js', 'live-sound.js', 'live.css']) expect((await fetch(new URL(name, bench.url))).status).toBe(200);
  });
});

describe('a scenario', () => {
  test('is listed as it is written, with every variable and what it expects', async () => {
    const { scenarios, mistakes } = (await bench.ask('GET', '/api/scenarios')).body as { scenarios: ListedScenario[]; mistakes: string[] };
    expect(mistakes).toEqual([]);
    expect(scenarios.map(({ name }) => name)).toEqual(['discovery', 'interruptions', 'quickstart', 'sales', 'support'].map((name) => `scenarios/${name}.yaml`));
    const sales = scenarios.find(({ name }) => name === 'scenarios/sales.yaml');
    expect(sales).toMatchObject({ title: 'Coffee for the office', shipped: false, variables: { company: 'Northwind Coffee', staff: 'forty' } });
    expect(sales?.agents[0]).toMatchObject({ name: 'Sarah', role: 'system', goesFirst: true, voice: 'clara', llm: 'script', tts: 'offline' });
    expect(sales?.agents[0]?.prompt).toContain('for {{ company }}.');
    expect(sales?.expectations[0]).toEqual({ index: 1, severity: 'must', text: expect.any(String) as string });
  });

  test('may be from a folder of its own, and those that come with bottalk are there besides', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bottalk-calls-'));
    const own = join(folder, 'mine.yaml');
    cpSync('scenarios/quickstart.yaml', own);
    const other = await DevServerBench.open({ scenarios: [folder, join(folder, 'gone.yaml')] });
    onTestFinished(async () => {
      await other.close();
      rmSync(folder, { recursive: true });
    });
    const { scenarios } = (await other.ask('GET', '/api/scenarios')).body as { scenarios: ListedScenario[] };
    expect(scenarios.map(({ name, shipped }) => [name, shipped])).toEqual([
      [own, false],
      ...['discovery', 'interruptions', 'quickstart', 'sales', 'support'].map((name) => [`bottalk:${name}.yaml`, true]),
    ]);
    expect(await other.start({ scenario: own, paused: true })).toMatchObject({ number: 1 });
  });

  test('is the first of the list if none is named', async () => {
    expect(await started({ room: 'embedded' })).toMatchObject({ scenario: 'scenarios/discovery.yaml', title: 'Eleven vans and a whiteboard' });
  });

  test('takes variables, prompts, voices, brains and a seed, and keeps its names', async () => {
    const run = await started({
      room: 'embedded',
      scenario: 'scenarios/sales.yaml',
      variables: { company: 'Blue Finch', unknown: 'ignored' },
      agents: [{ name: 'Somebody', voice_id: 'otto' }, { prompt: 'You are Mike, and in a hurry, at {{ company }}.' }],
      llm: 'openai',
      seed: 42,
    });
    expect(run).toMatchObject({ seed: 42, scenario: 'scenarios/sales.yaml', agents: [{ name: 'Sarah', voice: 'otto', llm: 'openai' }, { name: 'Mike', voice: 'ross', llm: 'openai' }] });
    expect(run.agents[0]?.prompt).toContain('for Blue Finch.');
    expect(run.agents[1]?.prompt).toBe('You are Mike, and in a hurry, at Blue Finch.');
  });
});

describe('a topic', () => {
  test('becomes two prompts with variables to change', async () => {
    expect(await bench.ask('POST', '/api/generate', { topic: 'A parcel that is late' })).toEqual({
      status: 200,
      body: {
        title: 'Late parcel',
        agents: [{ name: 'Kim', role: 'system', prompt: WRITTEN.system.prompt }, { name: 'Lou', role: 'user', prompt: WRITTEN.user.prompt }],
        variables: { carrier: 'Swift Post' },
      },
    });
  });

  test('is started at once, with what is changed of it', async () => {
    const run = await started({ room: 'embedded', topic: 'A parcel that is late', variables: { carrier: 'Fast Foot' }, agents: [{ name: 'Pat', voice_id: 'angus' }] });
    expect(run).toMatchObject({ title: 'Late parcel', scenario: null, agents: [{ voice: 'angus', llm: 'openai', tts: 'offline' }, { voice: 'ross' }] });
    expect(prompts(run)).toEqual(['Pat: You are Kim of Fast Foot.', 'Lou: You are Lou and wait for a parcel of Fast Foot.']);
  });

  test('is talked about to its end, and players that ask for parts of the recording are given them', async () => {
    const { id, number } = await bench.start({ scenario: undefined, topic: 'A parcel that is late' });
    const ended = await page.until('ended', ({ run }) => run === number);
    expect([ended.endedBy, ended.failure]).toEqual(['max_turns', null]);
    const ask = async (range?: string): Promise<[number, string | null, number]> => {
      const response = await fetch(new URL(`/runs/${id}/audio.wav`, bench.url), { headers: range === undefined ? {} : { range } });
      return [response.status, response.headers.get('content-range'), (await response.arrayBuffer()).byteLength];
    };
    const report = await fetch(new URL(ended.report ?? '', bench.url));
    expect(report.headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*; sandbox allow-scripts allow-downloads allow-popups$/);
    const [, , size] = await ask();
    expect(await ask('bytes=0-99')).toEqual([206, `bytes 0-99/${size}`, 100]);
    expect(await ask(`bytes=${size - 10}-`)).toEqual([206, `bytes ${size - 10}-${size - 1}/${size}`, 10]);
    expect(await ask('bytes=-20')).toEqual([206, `bytes ${size - 20}-${size - 1}/${size}`, 20]);
    for (const odd of ['bytes=5-2', `bytes=${size}-`, 'bytes=-', 'bytes=0-1,4-5', 'lines=1-2']) expect(await ask(odd)).toEqual([200, null, size]);
  });
});

describe('a call that is still being prepared', () => {
  test('is called off by a stop, and by another call that begins meanwhile', async () => {
    let asked = Promise.withResolvers<void>();
    const silent = await openChatServer(() => asked.resolve());
    const other = await DevServerBench.open({ secrets: { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: silent.baseUrl } });
    onTestFinished(async () => {
      await other.close();
      await silent.close();
    });
    const start = (): Promise<unknown> => other.ask('POST', '/api/start', { room: 'embedded', topic: 'A parcel that is late' });
    const stopped = start();
    await asked.promise;
    expect(await other.ask('POST', '/api/stop')).toEqual({ status: 200, body: { status: 'stopped' } });
    expect(await stopped).toEqual({ status: 409, body: { detail: 'the call was stopped before it began' } });
    asked = Promise.withResolvers();
    const overtaken = start();
    await asked.promise;
    const { id } = await other.start();
    expect(await overtaken).toEqual({ status: 409, body: { detail: 'another call was started before this one began' } });
    expect(other.runs).toEqual([id]);
  });
});

describe('a server with a budget', () => {
  test('begins no call of which nobody knows what it costs, and any that is free', async () => {
    const other = await DevServerBench.open({ secrets: { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: chat.baseUrl }, budgetUsd: 0.5 });
    onTestFinished(() => other.close());
    const { status, body } = await other.ask('POST', '/api/start', { room: 'embedded', scenario: 'scenarios/quickstart.yaml', llm: 'openai' });
    expect([status, (body as { detail: string }).detail]).toEqual([400, expect.stringMatching(/price/)]);
    await other.start();
  });
});

describe('two agents alone', () => {
  test('are what was generated, changed by hand', async () => {
    const agents = [{ name: 'Kim', prompt: 'Be {{ mood }}.' }, { name: 'Lou', prompt: 'Be yourself.' }];
    const run = await started({ room: 'embedded', llm: 'openai', agents, variables: { mood: 'kind' } });
    expect(prompts(run)).toEqual(['Kim: Be kind.', 'Lou: Be yourself.']);
    expect(run.title).toBe('Kim and Lou');
  });

  test('keep braces as they are without variables, and their names apart', async () => {
    const run = await started({ room: 'embedded', llm: 'openai', agents: [{ name: 'Kim', prompt: 'Be {{ mood }}.' }, { name: 'kim' }] });
    expect(prompts(run)[0]).toBe('Kim: Be {{ mood }}.');
    expect(run.agents[1]?.name).toBe('kim 2');
  });
});
