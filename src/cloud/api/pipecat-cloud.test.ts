import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ProviderError } from '../../base/errors.ts';
import type { FailedTry } from '../../base/retry.ts';
import { systemWallClock as wall } from '../../clock/wall-clock.ts';
import { AT_ONCE, CRASHES } from '../../testing/pipecat-cloud/deploy-scripts.ts';
import { FakePipecatCloud } from '../../testing/pipecat-cloud/fake-pipecat-cloud.ts';
import type { CloudTimeouts } from './cloud-call.ts';
import type { CloudError } from './cloud-error.ts';
import { cloudKeys } from './keys.ts';
import { type PipecatCloud, pipecatCloud } from './pipecat-cloud.ts';

let fake: FakePipecatCloud;
let failures: FailedTry[];
let cloud: PipecatCloud;
beforeEach(async () => {
  fake = await FakePipecatCloud.start();
  failures = [];
  cloud = client();
});
afterEach(() => fake.close());

const client = (timeouts: Partial<CloudTimeouts> = {}): PipecatCloud =>
  pipecatCloud({ wall, keys: cloudKeys(fake.env), firstWaitMs: 1, timeouts, onFailedTry: (failure) => failures.push(failure) });

async function refusalOf(promise: Promise<unknown>): Promise<CloudError> {
  try {
    await promise;
  } catch (error) {
    return error as CloudError;
  }
  throw new Error('it was not refused');
}

const lines = (): string[] => fake.requests.map(({ line }) => line);

describe('an agent', () => {
  test('is created, looked at until it serves, updated without a new version, and deleted', async () => {
    const created = await cloud.agents.create({ serviceName: 'sales', image: 'r.example/sales:1', region: 'us-west', nodeType: 'arm', autoScaling: { maxAgents: 3 } });
    expect(created).toMatchObject({ name: 'sales', ready: false, reconciledDeploymentId: undefined, autoScaling: { minReplicas: 0, maxReplicas: 3 } });
    const told = [];
    for (let looks = 0; looks < 5; looks++) told.push(await cloud.agents.get('sales'));
    expect(told.map(({ currentRevision }) => currentRevision?.phase)).toEqual([undefined, undefined, 'Creating', 'Validating', 'Active']);
    expect(told.at(-1)).toMatchObject({ ready: true, available: true, reconciledDeploymentId: created.desiredDeploymentId });
    expect(told.at(-1)?.deployment?.manifest?.spec).toMatchObject({ image: 'r.example/sales:1', envFromSecretNames: [] });
    const same = await cloud.agents.update('sales', { image: 'r.example/sales:1', autoScaling: { minAgents: 1 } });
    expect(same).toMatchObject({ desiredDeploymentId: created.desiredDeploymentId, warning: expect.stringContaining('no new version') as string });
    const forced = await cloud.agents.update('sales', { forceRedeploy: true });
    expect(forced.desiredDeploymentId).not.toBe(created.desiredDeploymentId);
    expect(await cloud.agents.list({ region: 'us-west' })).toMatchObject([{ name: 'sales', region: 'us-west' }]);
    await cloud.agents.delete('sales');
    expect(await cloud.agents.list()).toEqual([]);
  });

  test('that crashes says how, while the version before serves', async () => {
    fake.agents.add('sales');
    fake.agents.script = CRASHES;
    await cloud.agents.update('sales', { image: 'r.example/sales:2' });
    for (let looks = 0; looks < 2; looks++) await cloud.agents.get('sales');
    expect(await cloud.agents.get('sales')).toMatchObject({
      available: true,
      currentRevision: { phase: 'Failed', health: { reason: 'CrashLoopBackOff', lastExitCode: 1 } },
      previousRevision: { phase: 'Active' },
    });
  });

  test('has a log that is read from either end, and by session', async () => {
    fake.agents.add('sales');
    for (const [i, log] of ['one', 'two', 'three'].entries()) fake.agents.log('sales', log, { atMs: 1000 * i, ...(i === 1 ? { sessionId: 's' } : {}) });
    const texts = async (query: Parameters<typeof cloud.agents.logs>[1]): Promise<string[]> => (await cloud.agents.logs('sales', query)).logs.map(({ log }) => log);
    expect(await texts({ limit: 2 })).toEqual(['three', 'two']);
    expect(await texts({ order: 'asc', offset: 1 })).toEqual(['two', 'three']);
    expect(await texts({ sessionId: 's' })).toEqual(['two']);
    expect(await texts({ startTime: 1, order: 'asc' })).toEqual(['two', 'three']);
  });
});

describe('a session', () => {
  beforeEach(() => void fake.agents.add('sales', { image: 'i:1', autoScaling: { maxAgents: 1 }, maxSessionDuration: 900 }));

  test('is started with its body, asked, listed and stopped', async () => {
    const { sessionId } = await cloud.sessions.start('sales', { body: { room_url: 'https://a.example/room', token: 't' } });
    expect(await cloud.sessions.read('sales', sessionId, '/metrics/summary')).toEqual({ turns: 0 });
    expect(fake.standIns[0]?.asked).toMatchObject({
      body: { room_url: 'https://a.example/room', token: 't' },
      headers: { 'x-daily-session-id': sessionId, 'x-pcc-max-session-seconds': '900' },
    });
    expect(await cloud.sessions.list('sales', { status: 'active' })).toMatchObject({ total_count: 1, sessions: [{ sessionId, endedAt: undefined }] });
    expect(await cloud.sessions.stop('sales', sessionId)).toBe('stopped');
    expect(await cloud.sessions.stop('sales', sessionId)).toBe('over');
    expect(await cloud.sessions.get('sales', sessionId)).toMatchObject({ sessionId, endedAt: expect.any(String) as string });
    expect((await refusalOf(cloud.sessions.read('sales', sessionId, '/metrics'))).message).toBe(`session ${sessionId} is over (404)`);
  });

  test('that ends by itself makes room for the next', async () => {
    const first = await cloud.sessions.start('sales', {});
    const full = await refusalOf(cloud.sessions.start('sales', {}));
    expect(full).toMatchObject({ kind: 'rate_limited', message: 'every instance of sales is in use; stop a session, or deploy it with more --max-agents (429)' });
    fake.standIns[0]?.end(500);
    await fake.sessions.all.get(first.sessionId)?.gone;
    expect(await cloud.sessions.get('sales', first.sessionId)).toMatchObject({ completionStatus: '500' });
    await cloud.sessions.start('sales', {});
    expect(lines().filter((line) => line === 'POST /public/sales/start')).toHaveLength(3);
  });

  test('that is too large is refused', async () => {
    const error = await refusalOf(cloud.sessions.start('sales', { body: { prompt: 'x'.repeat(1_000_001) } }));
    expect(error).toMatchObject({ kind: 'bad_request', status: 413, message: 'starting a session of sales was refused: it is larger than Pipecat Cloud takes (413)' });
  });

  test('of an agent that serves nothing yet is refused', async () => {
    await cloud.agents.create({ serviceName: 'young', image: 'i:1' });
    expect(await refusalOf(cloud.sessions.start('young', {}))).toMatchObject({
      code: 'PCC-1001',
      message: 'the agent has no version that is ready; `bottalk status` says why (400 PCC-1001)',
    });
  });

  test.each([
    [402, 'SPEND_LIMIT_REACHED', "the account's spend limit is reached; raise it in Pipecat Cloud's dashboard (402 SPEND_LIMIT_REACHED)"],
    [402, '402', "the account may spend no more (402); look at its billing in Pipecat Cloud's dashboard"],
    [400, 'PCC-1002', "the account has no public key; make one in Pipecat Cloud's dashboard (400 PCC-1002)"],
    [400, 'PCC-1004', "the account has no billing set up; do that in Pipecat Cloud's dashboard (400 PCC-1004)"],
    [429, 'PCC-AGENT-AT-CAPACITY', 'every instance of the agent is in use; stop a session, or deploy with more --max-agents (429 PCC-AGENT-AT-CAPACITY)'],
    [401, 'UNAUTHORIZED', 'the public key was refused (401 UNAUTHORIZED); check PCC_PUBLIC_KEY'],
    [503, 'x', "starting a session of sales failed on Pipecat Cloud's side (503 x)"],
  ])('that is refused with %s %s says what to do, and is not asked for again', async (status, code, line) => {
    fake.prepare({ status, body: { error: `token t of ${fake.publicKey}`, code }, headers: { 'retry-after': '0' } });
    const error = await refusalOf(cloud.sessions.start('sales', { body: { token: 't' } }));
    // Whatever ends with it leaves with 3.
    expect(error).toBeInstanceOf(ProviderError);
    expect(error.message).toBe(line);
    expect(lines()).toEqual(['POST /public/sales/start']);
  });

  test('whose start takes too long or breaks off is not started twice', async () => {
    fake.prepare('say_nothing');
    const slow = await refusalOf(client({ startMs: 20 }).sessions.start('sales', {}));
    expect(slow).toMatchObject({ kind: 'timeout', message: 'starting a session of sales was not answered within 0.02 s' });
    fake.prepare('hang_up');
    const broken = await refusalOf(cloud.sessions.start('sales', {}));
    expect(broken.kind).toBe('network');
    expect(broken.message).toMatch(/^the connection to 127\.0\.0\.1:\d+ failed \(\w+\)$/);
    expect(lines()).toHaveLength(2);
  });
});

describe('secret sets', () => {
  test('take values one way, and are ready later', async () => {
    await cloud.secrets.put('sales-keys', { values: new Map([['OPENAI_API_KEY', 'sk-planted']]), region: 'us-east' });
    expect(await cloud.secrets.list()).toEqual([{ name: 'sales-keys', type: 'secret', region: 'us-east', status: 'pending' }]);
    expect(await cloud.secrets.get('sales-keys')).toEqual({ region: 'us-east', status: 'ready', secrets: [{ fieldName: 'OPENAI_API_KEY' }] });
    await cloud.secrets.put('sales-keys', { values: new Map([['DAILY_API_KEY', 'd']]) });
    await cloud.secrets.delete('sales-keys', 'OPENAI_API_KEY');
    expect([...(fake.secrets.sets.get('sales-keys')?.values ?? [])]).toEqual([['DAILY_API_KEY', 'd']]);
    await cloud.secrets.delete('sales-keys');
    expect((await refusalOf(cloud.secrets.get('sales-keys'))).message).toBe('there is no secret set sales-keys (404 NOT_FOUND)');
  });

  test('whose deletion went through though its answer was lost are deleted', async () => {
    fake.prepare('hang_up', /^DELETE/);
    await cloud.secrets.delete('sales-keys');
    expect((await refusalOf(cloud.secrets.delete('sales-keys'))).message).toBe('there is no secret set sales-keys (404 NOT_FOUND)');
  });

  test('for pulling images hold a name and a token in the form that registries want', async () => {
    await cloud.secrets.putImagePull('registry', { host: 'https://registry.example', username: 'me', token: 'ghp_planted' });
    expect(fake.requests[0]?.body).toEqual({ isImagePullSecret: true, host: 'https://registry.example', secretValue: 'bWU6Z2hwX3BsYW50ZWQ=' });
    expect(await cloud.secrets.list()).toMatchObject([{ type: 'imagePullSecret' }]);
  });

  test('that somebody else is changing are tried again', async () => {
    fake.prepare({ status: 409, body: { error: "Secret set 'sales-keys' was modified concurrently. Please retry.", code: 'CONFLICT' } });
    await cloud.secrets.put('sales-keys', { values: new Map([['A', 'b']]) });
    expect(failures).toMatchObject([{ error: { message: 'somebody else is changing secret set sales-keys (409 CONFLICT)' }, retryInMs: 1 }]);
  });

  test('are refused without a word of what they hold', async () => {
    fake.prepare({ status: 400, body: { error: "value 'sk-planted' of OPENAI_API_KEY is bad", code: 'GENERIC_BAD_REQUEST' } });
    const error = await refusalOf(cloud.secrets.put('sales-keys', { values: new Map([['OPENAI_API_KEY', 'sk-planted']]) }));
    expect(error.message).toBe('storing secret set sales-keys was refused (400 GENERIC_BAD_REQUEST)');
  });
});

describe('a deployment', () => {
  test('with a set of another region, a set that is not ready, or a name that is taken says so', async () => {
    fake.secrets.add('far', {}, { region: 'us-east' });
    fake.secrets.add('young', {}).pendingLooks = 2;
    fake.agents.add('sales');
    const create = (settings: object): Promise<CloudError> => refusalOf(cloud.agents.create({ serviceName: 'new', image: 'i:1', region: 'us-west', ...settings }));
    expect((await create({ secretSet: 'far' })).message).toBe(
      "creating agent new was refused (400 GENERIC_BAD_REQUEST): Secret set 'far' is in region 'us-east' but service will be created in region 'us-west'.",
    );
    const conflict = /^the agent cannot be deployed now, for a secret set that it uses is not ready or it is being changed \(409 CONFLICT\): Secret set 'young' is not ready$/;
    expect((await create({ secretSet: 'young' })).message).toMatch(conflict);
    expect((await create({ secretSet: 'none' })).message).toBe('creating agent new failed: there is no such thing (404 NOT_FOUND): Secret set not found');
    expect((await create({ serviceName: 'sales' })).message).toBe('creating agent sales was refused (400 GENERIC_BAD_REQUEST): Service already exists');
    expect(failures.map(({ retryInMs }) => retryInMs)).toEqual([null, null, null, null]);
  });

  test('is not made twice by a broken connection, an update is, unless it is forced', async () => {
    fake.agents.add('sales');
    fake.prepare('hang_up');
    await refusalOf(cloud.agents.create({ serviceName: 'new', image: 'i:1' }));
    fake.prepare('hang_up');
    await cloud.agents.update('sales', { image: 'i:2' });
    fake.prepare({ status: 502, body: '<html>bad gateway' });
    expect((await refusalOf(cloud.agents.update('sales', { forceRedeploy: true }))).message).toBe("updating agent sales failed on Pipecat Cloud's side (502)");
    expect(lines()).toEqual(['POST /agents', 'POST /agents/sales', 'POST /agents/sales', 'POST /agents/sales']);
  });

  test('of what was built in the cloud goes from the upload to the agent', async () => {
    const place = await cloud.builds.uploadPlace('us-west');
    await cloud.builds.upload(place, new Uint8Array([31, 139, 8]));
    const { build, cached } = await cloud.builds.create({ uploadId: place.uploadId, region: 'us-west' });
    expect([build.status, cached]).toEqual(['pending', false]);
    const states = [];
    for (let looks = 0; looks < 3; looks++) states.push((await cloud.builds.get(build.id)).status);
    expect(states).toEqual(['pending', 'building', 'success']);
    expect(await cloud.builds.logs(build.id, 100)).toHaveLength(3);
    expect(await cloud.builds.list({ region: 'us-west', status: 'success' })).toMatchObject([{ id: build.id }]);
    fake.agents.script = AT_ONCE;
    expect(await cloud.agents.create({ serviceName: 'built', buildId: build.id })).toMatchObject({ ready: true });
    const refused = await refusalOf(cloud.builds.upload(place, new Uint8Array([1])));
    expect(refused.message).toBe('uploading what is to be built was refused (403)');
  });
});

describe('trouble', () => {
  test('is tried again where that does no harm, as long after as was asked for', async () => {
    fake.prepare({ status: 429, body: { message: 'slow down' }, headers: { 'retry-after': '0.01' } });
    fake.prepare({ status: 503, body: { error: 5, code: 503 } });
    fake.prepare('hang_up');
    expect(await cloud.regions.list()).toHaveLength(4);
    expect(failures.map(({ error: { kind, status }, retryInMs }) => ({ kind, status, retryInMs }))).toEqual([
      { kind: 'rate_limited', status: 429, retryInMs: 10 },
      { kind: 'server', status: 503, retryInMs: 2 },
      { kind: 'network', status: undefined, retryInMs: 4 },
    ]);
    expect(await cloud.regions.defaultRegion()).toBe('us-west');
  });

  test('with a key is told at once, by the name of the variable it came from, and never quoted', async () => {
    const stranger = pipecatCloud({ wall, keys: cloudKeys({ ...fake.env, PCC_PRIVATE_KEY: '', PIPECAT_CLOUD_PRIVATE_API_KEY: 'planted-wrong-key' }) });
    const error = await refusalOf(stranger.agents.list());
    expect(error).toMatchObject({ kind: 'unauthorized', message: 'the private key was refused (401 UNAUTHORIZED); check PIPECAT_CLOUD_PRIVATE_API_KEY' });
    const nobody = pipecatCloud({ wall, keys: cloudKeys({ PCC_BASE_URL: fake.url }) });
    expect((await refusalOf(nobody.agents.list())).message).toBe(
      'listing agents needs PCC_PRIVATE_KEY or PIPECAT_CLOUD_PRIVATE_API_KEY (put it into .env.local or the environment)',
    );
    expect(fake.requests).toHaveLength(1);
    const swapped = pipecatCloud({ wall, keys: cloudKeys({ ...fake.env, PCC_PRIVATE_KEY: fake.publicKey }) });
    expect((await refusalOf(swapped.agents.list())).message).toBe('the private key was refused (401 UNAUTHORIZED); check PCC_PRIVATE_KEY, which holds a public key');
    fake.prepare({ status: 400, body: { error: `no such key ${fake.privateKey}`, code: 'GENERIC_BAD_REQUEST' } });
    expect((await refusalOf(cloud.agents.list())).message).toBe('listing agents was refused (400 GENERIC_BAD_REQUEST)');
  });

  test('with an answer that cannot be read says where; what may be missing may also be null', async () => {
    fake.prepare({ status: 200, body: { services: [{ region: 'us-west' }] } });
    expect((await refusalOf(cloud.agents.list())).message).toBe('listing agents was answered with what cannot be read (services.0.name)');
    fake.prepare({ status: 200, body: '<html>' });
    expect((await refusalOf(cloud.agents.list())).message).toBe('listing agents was answered with what cannot be read');
    fake.prepare({ status: 200, body: { services: [{ name: 'sales', region: null, createdAt: 7, more: [] }] } });
    expect(await cloud.agents.list()).toEqual([{ name: 'sales' }]);
  });

  test('that sends elsewhere is not followed', async () => {
    fake.prepare({ status: 307, body: {}, headers: { location: 'http://127.0.0.1:1/v1/agents' } });
    expect((await refusalOf(cloud.agents.list())).message).toBe('listing agents was refused (307)');
  });

  test('ends with the signal', async () => {
    fake.prepare('say_nothing');
    const stop = new AbortController();
    const listing = cloud.agents.list({}, stop.signal);
    stop.abort(new Error('enough'));
    await expect(listing).rejects.toThrow('enough');
  });
});
