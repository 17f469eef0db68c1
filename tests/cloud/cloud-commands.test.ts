/** `bottalk secrets`, `status` and `logs` as users run them, against a Pipecat Cloud of this machine. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { explain } from '../../src/commands/explain.ts';
import { registerLogs } from '../../src/commands/logs.ts';
import { registerMetrics } from '../../src/commands/metrics.ts';
import { registerSecrets } from '../../src/commands/secrets.ts';
import { registerStatus } from '../../src/commands/status.ts';
import { commandLine } from '../../src/testing/command-line.ts';
import { bottalk, type ProcessOptions } from '../../src/testing/command-process.ts';
import { AT_ONCE, CRASHES } from '../../src/testing/pipecat-cloud/deploy-scripts.ts';
import { FakePipecatCloud } from '../../src/testing/pipecat-cloud/fake-pipecat-cloud.ts';

type Result = { readonly status: number | null; readonly output: string; readonly errors: string };

const PLANTED = { OPENAI_API_KEY: 'sk-planted-1234', REGISTRY_TOKEN: 'ghp_planted-5678', REGISTRY_USERNAME: 'me' };
const before = { folder: process.cwd(), env: process.env };
let fake: FakePipecatCloud;
let cwd = '';
beforeEach(async () => {
  fake = await FakePipecatCloud.start();
  cwd = mkdtempSync(join(tmpdir(), 'bottalk-cloud-'));
  process.chdir(cwd);
});
afterEach(async () => {
  process.chdir(before.folder);
  process.env = before.env;
  rmSync(cwd, { recursive: true, force: true });
  await fake.close();
});

/** What is in the environment of a command. */
const environment = (more: Readonly<Record<string, string>> = {}): Record<string, string> => ({ PCC_AGENT_NAME: '', ...fake.env, ...PLANTED, ...more });

/** Runs it in this process. */
async function run(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Result> {
  process.env = { ...before.env, ...environment(env) };
  const all = (program: Parameters<typeof registerLogs>[0]): void => {
    for (const register of [registerSecrets, registerStatus, registerLogs, registerMetrics]) register(program);
  };
  const { output, errors, error } = await commandLine(all, ...words);
  let explained = '';
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    explained += String(text);
    return true;
  });
  const status = error === undefined ? Number(process.exitCode ?? 0) : explain(error);
  stderr.mockRestore();
  process.exitCode = undefined;
  return clean({ status, output, errors: errors + explained });
}

/** Runs the built command. */
async function runBuilt(words: readonly string[], options: Partial<ProcessOptions> = {}): Promise<Result> {
  return clean(await bottalk(words, { cwd, cacheFolder: join(cwd, 'cache'), env: environment(), ...options }));
}

/** Nothing that was planted shows anywhere. */
function clean(result: Result): Result {
  const tokens = [fake.privateKey, fake.publicKey, PLANTED.OPENAI_API_KEY, PLANTED.REGISTRY_TOKEN, Buffer.from('me:ghp_planted-5678').toString('base64')];
  for (const secret of tokens) expect(result.output + result.errors).not.toContain(secret);
  return result;
}

describe('bottalk secrets', () => {
  test('stores what the environment holds, waits until it is ready, and lists names alone', async () => {
    fake.secrets.pendingLooks = 2;
    const stored = await runBuilt(['secrets', 'set', 'sales-keys', 'OPENAI_API_KEY']);
    expect(stored).toMatchObject({ status: 0, output: 'sales-keys in us-west is ready and holds OPENAI_API_KEY.\n', errors: '' });
    expect(fake.secrets.sets.get('sales-keys')?.values.get('OPENAI_API_KEY')).toBe(PLANTED.OPENAI_API_KEY);
    expect((await run(['secrets', 'list', 'sales-keys'])).output).toBe('sales-keys in us-west, ready\n  OPENAI_API_KEY\n');
    expect(JSON.parse((await run(['secrets', 'list', '--json'])).output)).toEqual([{ name: 'sales-keys', type: 'secret', region: 'us-west', status: 'ready' }]);
  });

  test('takes a file, warns of names that are taken, and says that what runs keeps its values', async () => {
    fake.secrets.add('sales-keys', { OLD: 'x' });
    writeFileSync(join(cwd, 'keys.env'), `OPENAI_API_KEY="sk-planted-1234"\nPORT=1\nPCC_PRIVATE_KEY=${fake.privateKey}\n`);
    const stored = await run(['secrets', 'set', 'sales-keys', '--from-file', 'keys.env']);
    expect(stored).toMatchObject({
      status: 0,
      output: 'sales-keys in us-west is ready and holds OPENAI_API_KEY, PORT anew.\nInstances that run already keep what they were started with: bottalk deploy --force replaces them.\n',
      errors: 'PORT is a name that Pipecat Cloud uses itself; an agent may not see this value, or not start\n',
    });
    expect([...(fake.secrets.sets.get('sales-keys')?.values.keys() ?? [])]).toEqual(['OLD', 'OPENAI_API_KEY', 'PORT']);
  });

  test('stores what images are pulled with', async () => {
    const stored = await run(['secrets', 'image-pull', 'registry', '--host', 'registry.example', '--region', 'us-east']);
    expect(stored).toMatchObject({ status: 0, output: 'registry in us-east is ready; agents pull from registry.example with it once image_credentials names it.\n' });
    expect((await run(['secrets', 'list', 'registry'])).output).toBe('registry in us-east, ready, an image pull secret\n');
    expect((await run(['secrets', 'list'])).output).toBe('NAME      HOLDS              REGION   STATE\nregistry  image pull secret  us-east  ready\n');
  });

  test('deletes a name, and a whole set only when told to', async () => {
    fake.secrets.add('sales-keys', { A: 'a', B: 'b' });
    expect(await run(['secrets', 'delete', 'sales-keys', 'A'])).toMatchObject({ status: 0, output: expect.stringMatching(/^A of sales-keys is deleted\.\n/) as string });
    expect(await run(['secrets', 'delete', 'sales-keys'])).toMatchObject({ status: 2, errors: expect.stringContaining('--yes deletes sales-keys as a whole') as string });
    expect((await run(['secrets', 'delete', 'sales-keys', '--yes'])).status).toBe(0);
    expect(fake.secrets.sets.size).toBe(0);
  });

  test('is called off by Ctrl-C while it waits', async () => {
    fake.secrets.pendingLooks = 1_000_000;
    fake.prepare({ status: 502, body: '' }, /^PUT/);
    const ended = await runBuilt(['secrets', 'set', 'sales-keys', 'OPENAI_API_KEY'], { onErrors: (child) => void (child.killed || child.kill('SIGINT')) });
    expect(ended).toMatchObject({ status: 130, errors: "storing secret set sales-keys failed on Pipecat Cloud's side (502); asking again in 0.5 s\ncancelled\n" });
  });
});

describe('bottalk status', () => {
  test('tells how the agent of the deploy file is, in words and as JSON', async () => {
    writeFileSync(join(cwd, 'pcc-deploy.toml'), 'agent_name = "sales"\n');
    const agent = fake.agents.add('sales', { image: 'r.example/sales:1' });
    agent.deploy(CRASHES, new Date(0).toISOString());
    for (let looks = 0; looks < 2; looks++) agent.look();
    const told = await run(['status']);
    expect(told).toMatchObject({ status: 0, errors: '' });
    expect(told.output).toMatch(/^sales: the newest version failed; the one before still serves \(us-west, agent-1x\)\n/);
    expect(told.output).toContain('Error: OPENAI_API_KEY is missing\n');
    expect(JSON.parse((await run(['status', 'sales', '--json'])).output)).toMatchObject({ agent: 'sales', state: 'outdated', sessions: [], totalSessions: 0 });
  });

  test('lists the agents where nobody names one', async () => {
    fake.agents.script = AT_ONCE;
    fake.agents.add('sales');
    expect((await run(['status'])).output).toMatch(/^AGENT {2}REGION {3}NEWEST VERSION {2}CHANGED\nsales {2}us-west {2}taken up/);
    expect((await run(['status'], { PCC_AGENT_NAME: 'support' })).errors).toBe('pipecat-cloud: there is no agent support (404 NOT_FOUND)\n');
  });
});

describe('bottalk logs', () => {
  test('prints the newest lines without what steers a terminal, or as JSON', async () => {
    fake.agents.add('sales');
    for (const [i, log] of ['one', 'two\u001b[31m red', 'three'].entries()) fake.agents.log('sales', log, { atMs: 1000 * i, ...(i === 1 ? { sessionId: 's' } : {}) });
    expect((await run(['logs', 'sales', '--limit', '2'])).output).toBe('1970-01-01T00:00:01.000Z  two red\n1970-01-01T00:00:02.000Z  three\n');
    expect(JSON.parse((await run(['logs', 'sales', '--session', 's', '--json'])).output)).toMatchObject({ log: 'two\u001b[31m red' });
    expect(await run(['logs'])).toMatchObject({ status: 2, errors: 'no agent is named (name one, or set PCC_AGENT_NAME; bottalk status lists them)\n' });
  });

  test('follows what comes and ends cleanly with Ctrl-C', async () => {
    fake.agents.add('sales');
    fake.agents.log('sales', 'before', { atMs: 1000 });
    let written = false;
    const followed = await runBuilt(['logs', 'sales', '-f'], {
      onOutput: (child, output) => {
        if (output.includes('after')) child.kill('SIGINT');
        else if (!written) fake.agents.log('sales', 'after', { atMs: 2000 });
        written = true;
      },
    });
    expect(followed).toMatchObject({ status: 0, errors: '', output: '1970-01-01T00:00:01.000Z  before\n1970-01-01T00:00:02.000Z  after\n' });
  });
});

describe('metrics', () => {
  test('sessions that are watched until Ctrl-C leave with 0', async () => {
    fake.agents.add('sales');
    const watched = await runBuilt(['metrics', '--agent-name', 'sales', '--watch'], { onOutput: (child) => child.kill('SIGINT') });
    expect(watched).toMatchObject({ status: 0, errors: '', output: 'no session of sales runs\n' });
  });

  test('a session that is watched and over is told as that, and ends the watch', async () => {
    const session = '0b2ff1a6-2c53-4a3f-8d1c-0f6f3bd8d001';
    const watched = await run(['metrics', session, '--agent-name', 'sales', '--watch', '--json']);
    expect(watched).toMatchObject({ status: 0, errors: '', output: `${JSON.stringify([{ session, state: 'over' }])}\n` });
  });

  test('a session that can be none is no session that is over', async () => {
    const { status, errors } = await run(['metrics', 'sales']);
    expect(status).toBe(2);
    expect(errors).toContain('Expected the id of a session; without one all that run are shown.');
  });
});

describe('what fails', () => {
  test.each([
    ['no key', { PCC_PRIVATE_KEY: '' }, ['secrets', 'list'], 2, 'listing secret sets needs PCC_PRIVATE_KEY or PIPECAT_CLOUD_PRIVATE_API_KEY (put it into .env.local or the environment)'],
    ['a wrong key', { PCC_PRIVATE_KEY: 'planted-wrong' }, ['status'], 3, 'pipecat-cloud: the private key was refused (401 UNAUTHORIZED); check PCC_PRIVATE_KEY'],
    ['a key with a blank', { PCC_PRIVATE_KEY: 'planted wrong' }, ['status'], 2, 'PCC_PRIVATE_KEY holds a blank or a character that no key has (mend it in .env.local or the environment)'],
    ['a bad address', { PCC_BASE_URL: 'here' }, ['status'], 2, 'the address of Pipecat Cloud cannot be read (PCC_BASE_URL is an address such as https://api.pipecat.daily.co/v1)'],
    ['no secret', {}, ['secrets', 'set', 'sales-keys', 'NONE'], 2, 'the environment holds no NONE'],
    ['a value in the arguments', {}, ['secrets', 'set', 'sales-keys', 'A=sk-planted-1234'], 2, 'the value of A does not belong on the command line, where others can read it (put it into the environment and name A alone)'],
    ['no set', {}, ['secrets', 'list', 'none'], 3, 'pipecat-cloud: there is no secret set none (404 NOT_FOUND)'],
    ['no agent', {}, ['logs', 'none'], 3, 'pipecat-cloud: there is no agent none (404 NOT_FOUND)'],
    ['no agent to look at', {}, ['metrics', '--agent-name', 'none'], 3, 'pipecat-cloud: there is no agent none (404)'],
    ['no time', {}, ['logs', 'sales', '--since', 'then'], 2, '--since: "then" is no time (write 30s, 10m, 2h or 1d, or a moment such as 2026-01-31T09:00:00Z)'],
  ])('%s is told in one line', async (_what, env, words, status, line) => {
    const failed = await run(words, env);
    expect(failed).toMatchObject({ status, errors: `${line}\n`, output: '' });
    expect(failed.errors).not.toContain('planted');
  });

  test('is said by the built command with the exit code that belongs to it', async () => {
    fake.prepare({ status: 402, body: { error: `no money for ${fake.privateKey}`, code: 'SPEND_LIMIT_REACHED' } });
    const line = "pipecat-cloud: the account's spend limit is reached; raise it in Pipecat Cloud's dashboard (402 SPEND_LIMIT_REACHED)";
    expect(await runBuilt(['secrets', 'list'])).toMatchObject({ status: 3, errors: `${line}\n`, output: '' });
  });
});
