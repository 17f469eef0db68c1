/** `bottalk dev` and `bottalk generate` as users run them: processes of their own, ended by a signal or by themselves. */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { parseCase } from '../../src/compose/load-case.ts';
import { type ChatServer, openChatServer } from '../../src/testing/chat-server.ts';
import { bottalk, type CommandResult } from '../../src/testing/command-process.ts';

const CALL = `
title: A short call
turn: { profile: responsive }
agents:
  - { name: Ann, prompt: Greet., script: { lines: [Hello Bob., { say: Goodbye Bob., end: true }] } }
  - { name: Bob, prompt: Answer., script: { lines: [Hello Ann.] } }
`;

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bottalk-dev-command-'));
  mkdirSync(join(cwd, 'scenarios'));
  writeFileSync(join(cwd, 'scenarios', 'short.yaml'), CALL);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

type Running = { readonly url: string; readonly child: ChildProcess; readonly over: Promise<CommandResult> };

function startDev(...flags: readonly string[]): Promise<Running> {
  const { promise, resolve, reject } = Promise.withResolvers<Running>();
  const over = bottalk(['dev', '--port', '0', ...flags], {
    cwd,
    onOutput: (child, output) => {
      const url = /^bottalk dev listens on (\S+)\n$/.exec(output)?.[1];
      if (url !== undefined) resolve({ url, child, over });
    },
  });
  over.then(({ errors }) => reject(new Error(errors)), reject);
  return promise;
}

describe('bottalk dev', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('ends by %s in order, with the call that runs and everybody who listens', async (signal) => {
    const runs = join(cwd, `runs-${signal}`);
    const { url, child, over } = await startDev('--runs', runs);
    const { scenarios } = (await (await fetch(new URL('/api/scenarios', url))).json()) as { scenarios: { name: string; shipped: boolean }[] };
    expect(scenarios[0]).toMatchObject({ name: 'scenarios/short.yaml', shipped: false });
    expect(scenarios.filter(({ shipped }) => shipped).map(({ name }) => name)).toContain('bottalk:sales.yaml');
    const page = new WebSocket(new URL('/live', url.replace('http', 'ws')));
    const closed = new Promise((resolve) => page.once('close', resolve));
    const speaks = new Promise<void>((resolve) => page.on('message', (data: Buffer) => data.toString('utf8').includes('"llm.requested"') && resolve()));
    await new Promise((resolve) => page.once('open', resolve));
    const started = await fetch(new URL('/api/start', url), { method: 'POST', body: JSON.stringify({ room: 'embedded', scenario: 'scenarios/short.yaml' }) });
    const { run, roomUrl } = (await started.json()) as { run: { id: string }; roomUrl: string };
    expect(roomUrl).toBe(`${url}?run=${run.id}`);
    await speaks;
    child.kill(signal);
    expect(await closed).toBe(1001);
    expect(await over).toMatchObject({ status: 0, signal: null, errors: '' });
    expect(readdirSync(runs)).toEqual([run.id]);
    expect(JSON.parse(readFileSync(join(runs, run.id, 'run.json'), 'utf8'))).toMatchObject({ ended_by: 'cancelled' });
    expect(readFileSync(join(runs, run.id, 'events.jsonl'), 'utf8')).toMatch(/"type":"run\.ended".*\n$/);
  });

  test('with --host is reached with the token that it prints, and only with it', async () => {
    const { url, child, over } = await startDev('--host', '127.0.0.1');
    const { origin, searchParams } = new URL(url);
    expect((await fetch(`${origin}/api/voices`)).status).toBe(401);
    expect((await fetch(`${origin}/api/voices`, { headers: { authorization: `Bearer ${searchParams.get('token')}` } })).status).toBe(200);
    child.kill('SIGINT');
    expect((await over).status).toBe(0);
  });

  test('says which port is taken', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port)));
    const { status, output, errors } = await bottalk(['dev', '--port', String(port)], { cwd });
    other.close();
    expect([status, output, errors]).toEqual([2, '', `port ${port} is taken (name another with --port, or any free one with --port 0)\n`]);
  });
});

describe('bottalk generate', () => {
  const WRITTEN = {
    title: 'A cake for Saturday!',
    system: { name: 'Mia', prompt: 'You are Mia of {{ shop }}.' },
    user: { name: 'Tom', prompt: 'You are Tom and call {{ shop }}.' },
    variables: [{ name: 'shop', default: 'Corner Bakery' }],
  };
  let chat: ChatServer;
  beforeAll(async () => void (chat = await openChatServer((turn) => turn.answer(JSON.stringify(WRITTEN)))));
  afterAll(() => chat.close());
  const generate = (...words: readonly string[]): Promise<CommandResult> =>
    bottalk(['generate', 'Somebody orders a cake', ...words], { cwd, env: { OPENAI_BASE_URL: chat.baseUrl, OPENAI_API_KEY: 'sk-test' } });

  test('writes a scenario that can be read, and never over another', async () => {
    const first = await generate();
    expect(first).toMatchObject({ status: 0, errors: '' });
    expect(first.output).toMatch(/^wrote scenarios\/a-cake-for-saturday\.yaml, as gpt-4o would have it \(\d+ \+ \d+ tokens\)\n/);
    const file = join(cwd, 'scenarios', 'a-cake-for-saturday.yaml');
    const text = readFileSync(file, 'utf8');
    expect(parseCase(text, file).scenario.agents.map(({ name, prompt }) => `${name}: ${prompt}`)).toEqual(['Mia: You are Mia of Corner Bakery.', 'Tom: You are Tom and call Corner Bakery.']);
    writeFileSync(file, 'mine');
    expect((await generate()).output).toMatch(/^wrote scenarios\/a-cake-for-saturday-2\.yaml/);
    const asked = chat.turns.length;
    expect(await generate('--out', 'scenarios/a-cake-for-saturday.yaml')).toMatchObject({ status: 2, errors: 'scenarios/a-cake-for-saturday.yaml is there already (name another file with --out, or write over it with --force)\n' });
    expect(chat.turns).toHaveLength(asked);
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect((await generate('--out', 'scenarios/a-cake-for-saturday.yaml', '--force')).status).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  test('is called off by Ctrl-C while the model is asked', async () => {
    let child: ChildProcess | undefined;
    const silent = await openChatServer(() => child?.kill('SIGINT'));
    const result = await bottalk(['generate', 'Somebody orders a cake'], {
      cwd,
        env: { OPENAI_BASE_URL: silent.baseUrl, OPENAI_API_KEY: 'sk-test' },
      onStart: (started) => void (child = started),
    });
    await silent.close();
    expect(result).toMatchObject({ status: 130, output: '', errors: 'cancelled; nothing was written\n' });
  });

  test('says what it needs', async () => {
    const { status, errors } = await bottalk(['generate', 'Somebody orders a cake'], { cwd, env: { OPENAI_API_KEY: '', OPENAI_BASE_URL: '' } });
    expect([status, errors]).toEqual([2, 'prompts are written by a language model, which needs OPENAI_API_KEY (put it into .env.local or the environment)\n']);
    expect((await bottalk(['generate', 'cake'], { cwd })).errors).toContain('Expected 5 to 500 characters.');
  });
});
