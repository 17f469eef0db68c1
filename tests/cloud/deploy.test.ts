/** `bottalk deploy` against a Pipecat Cloud and a registry of this machine: what the user sees, what is sent, the exit code. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { registerDeploy } from '../../src/commands/deploy.ts';
import { commandLine } from '../../src/testing/command-line.ts';
import { bottalk, type CommandResult } from '../../src/testing/command-process.ts';
import { DeployBench } from '../../src/testing/deploy-bench.ts';
import * as scripts from '../../src/testing/pipecat-cloud/deploy-scripts.ts';

let bench: DeployBench;
beforeEach(async () => {
  bench = await DeployBench.open();
  await bench.write(`agent_name = "sales"\nsecret_set = "bottalk-secrets"\nimage = "${bench.image}"\n`);
});
afterEach(() => bench.close());

const OLD = 'registry.example/acme/bottalk:1.0.0';
const WITH_SECRETS = { image: OLD, secretSet: 'bottalk-secrets' };

describe('a deployment that goes well', () => {
  test('makes an agent where there is none, and waits until its version serves', async () => {
    const { exitCode, output, errors } = await bench.run({ minAgents: 0, profile: 'agent-2x' });
    expect(exitCode).toBe(0);
    expect(output).toEqual([
      `image ${bench.image} is there for linux/arm64`,
      expect.stringMatching(/^ {2}sha256:[0-9a-f]{64}$/),
      'sales will be made in us-west',
      `  image         ${bench.image}`,
      '  profile       agent-2x',
      '  least agents  0',
      '  secret set    bottalk-secrets',
      'note: no warm instances: whoever calls first waits for a cold start, ten seconds or more',
      'note: a session that nobody stops is billed for up to 120 minutes; max_session_duration = 900 is enough for most calls',
      expect.stringMatching(/^sales is ready after 20 s: version [0-9a-f-]{36} serves$/),
      'call it: bottalk run scenarios/sales.yaml --cloud',
    ]);
    expect(errors).toEqual([
      `looking at ${bench.image}`,
      'looking at regions, secrets and the agent',
      'creating sales',
      'waiting for Pipecat Cloud to take the version up',
      'the version is coming up: creating',
      'the version is coming up: validating',
    ]);
    const body = { serviceName: 'sales', region: 'us-west', image: bench.image, agentProfile: 'agent-2x', autoScaling: { minAgents: 0 }, secretSet: 'bottalk-secrets' };
    expect(bench.posted).toEqual([{ line: 'POST /agents', body }]);
    expect(bench.wall.sleptMs).toEqual([5000, 5000, 5000, 5000]);
  });

  test('updates an agent that is there, shows what that changes, and leaves alone what nobody said', async () => {
    bench.cloud.agents.add('sales', { ...WITH_SECRETS, autoScaling: { minAgents: 2, maxAgents: 8 } });
    const { exitCode, output } = await bench.run({ maxAgents: 10 });
    expect(exitCode).toBe(0);
    expect(output).toContain('sales will be updated in us-west; calls that run go on with the version that they began with');
    expect(output).toContain(`  image        ${OLD} -> ${bench.image}`);
    expect(output).toContain('  most agents  8 -> 10');
    expect(output).toContain('  secret set   bottalk-secrets (as it is)');
    expect(output).toContain(
      'note: agent-1x is enough to talk, but its half CPU is used up while a call begins: runs that measure latencies may be invalid; agent-2x has enough',
    );
    expect(output).toContain('note: cost: 2 warm instances of agent-1x are billed day and night, 2880 minutes a day; --min-agents 0 keeps none');
    expect(bench.posted).toEqual([{ line: 'POST /agents/sales', body: { image: bench.image, autoScaling: { maxAgents: 10 }, secretSet: 'bottalk-secrets' } }]);
  });

  test('makes the agent when it disappears between the look and the update', async () => {
    bench.cloud.agents.add('sales', WITH_SECRETS);
    const writeOut = (text: string): void => {
      if (text.includes('will be updated')) bench.cloud.agents.all.delete('sales');
    };
    expect((await bench.run({ world: { writeOut } })).exitCode).toBe(0);
    expect(bench.posted.map(({ line }) => line)).toEqual(['POST /agents/sales', 'POST /agents']);
  });

  test('waits for a secret set that is not stored yet', async () => {
    (bench.cloud.secrets.sets.get('bottalk-secrets') as { pendingLooks: number }).pendingLooks = 3;
    const { exitCode, errors } = await bench.run();
    expect(exitCode).toBe(0);
    expect(errors).toContain('secret set bottalk-secrets is not ready yet');
    expect(bench.wall.sleptMs.length).toBeGreaterThan(4);
  });

  test('posts again while Pipecat Cloud finds the secret set not ready after all', async () => {
    const conflict = { status: 409, body: { error: "Secret set 'bottalk-secrets' is not ready", code: 'CONFLICT' } };
    bench.cloud.prepare(conflict, /^POST/);
    bench.cloud.prepare(conflict, /^POST/);
    const { exitCode, errors } = await bench.run();
    expect(exitCode).toBe(0);
    expect(errors).toContain('Pipecat Cloud is not ready to deploy: a secret set is not stored yet, or the agent is being changed');
    expect(bench.posted).toHaveLength(3);
  });

  test('lives with a Pipecat Cloud that stumbles for a while', async () => {
    bench.wall.onSleep = (count) => {
      if (count === 1) for (let i = 0; i < 6; i++) bench.cloud.prepare({ status: 502, body: '<html>planted</html>' }, /^GET \/agents\/sales/);
    };
    const { exitCode, errors } = await bench.run();
    expect(exitCode).toBe(0);
    expect(errors).toContain("looking at agent sales failed on Pipecat Cloud's side (502); asking again in 0.5 s");
    expect(errors).toContain("Pipecat Cloud cannot be asked: looking at agent sales failed on Pipecat Cloud's side (502)");
  });

  test('that changes nothing says so, and --force replaces what runs', async () => {
    bench.cloud.agents.add('sales', { image: bench.image, secretSet: 'bottalk-secrets' });
    const unchanged = await bench.run();
    expect(unchanged.exitCode).toBe(0);
    expect(unchanged.errors).toContain('warning: Pipecat Cloud made no new version of it: warm instances go on with what they run; --force replaces them');
    expect(unchanged.output.at(-2)).toMatch(/^sales is ready after 0 s: version \S+ serves, as before$/);
    const forced = await bench.run({ force: true });
    expect(forced.output.at(-2)).toMatch(/^sales is ready after 20 s: version \S+ serves$/);
    expect(bench.posted.at(-1)?.body).toMatchObject({ forceRedeploy: true });
  });

  test('asks first, and a no changes nothing', async () => {
    for (const answers of ['n\n', '\n', '']) {
      expect(await bench.run({ answers })).toMatchObject({ exitCode: 130, output: expect.arrayContaining(['nothing was deployed']) as unknown });
    }
    expect(bench.posted).toEqual([]);
    expect((await bench.run({ answers: 'y\n' })).exitCode).toBe(0);
  });

  test('can be told as JSON alone on stdout', async () => {
    const { exitCode, output, errors } = await bench.run({ json: true });
    expect(exitCode).toBe(0);
    const told = JSON.parse(output.join('\n')) as Record<string, unknown>;
    expect(told).toMatchObject({ outcome: 'ready', exitCode: 0, agentName: 'sales', region: 'us-west', isNew: true, isUnchanged: false, tookMs: 20_000 });
    expect(told['image']).toEqual({ digest: expect.stringMatching(/^sha256:/) as unknown });
    expect(errors).toContain('sales will be made in us-west');
  });
});

describe('a dry run', () => {
  test('prints the request as it would be sent and what it would change, and sends nothing', async () => {
    bench.cloud.agents.add('sales', WITH_SECRETS);
    const { exitCode, output } = await bench.run({ dryRun: true, yes: false, force: true });
    expect(exitCode).toBe(0);
    expect(output).toContain(`  image       ${OLD} -> ${bench.image}`);
    const from = output.indexOf('POST /v1/agents/sales');
    expect(JSON.parse(output.slice(from + 1, -1).join('\n'))).toEqual({ secretSet: 'bottalk-secrets', image: bench.image, forceRedeploy: true });
    expect(output.at(-1)).toBe('nothing was deployed: this was a dry run');
    expect(bench.posted).toEqual([]);
  });

  test('as JSON holds request and differences', async () => {
    const { output } = await bench.run({ dryRun: true, json: true });
    expect(JSON.parse(output.join('\n'))).toMatchObject({
      outcome: 'planned',
      request: { method: 'POST', path: '/v1/agents', body: { serviceName: 'sales', region: 'us-west' } },
      diff: [{ setting: 'image', next: bench.image, changes: true }, { setting: 'secret set' }],
    });
  });
});

describe('what can be seen before is told before, all at once, and nothing is sent', () => {
  afterEach(() => bench.expectNothingPosted());

  test('a wrong image, a wrong region and a set that is not there', async () => {
    const image = bench.registry.push('acme/bottalk:amd', 'linux/amd64');
    bench.cloud.agents.add('sales', { image: OLD }, 'us-east');
    await bench.write('agent_name = "sales"\nsecret_set = "bottalk-secrets"\nimage_credentials = "docker-access"\n');
    const { exitCode, errors } = await bench.run({ image, region: 'eu-central' });
    expect(exitCode).toBe(2);
    expect(errors.slice(-4)).toEqual([
      `${image} is for linux/amd64, and Pipecat Cloud has linux/arm64 only (build it with --platform linux/arm64)`,
      'sales lives in us-east and cannot move to eu-central (leave the region out, or deploy under another --agent-name)',
      'secret set bottalk-secrets lives in us-west, the agent in us-east (`bottalk secrets set` makes one in us-east, under another name)',
      'there is no image pull secret docker-access (`bottalk secrets image-pull` makes one in us-east)',
    ]);
  });

  test('an image and a region that are not there', async () => {
    const image = `${bench.registry.host}/acme/bottalk:none`;
    const { exitCode, errors } = await bench.run({ image, region: 'mars' });
    expect(exitCode).toBe(2);
    expect(errors.slice(2)).toEqual([
      `there is no image ${image} (push it first, or check its name and tag)`,
      'there is no region mars (Pipecat Cloud has us-west, us-east, eu-central, ap-south)',
    ]);
  });

  test('a secret set without the keys that agents need, or of the wrong type, or that failed', async () => {
    bench.cloud.secrets.add('empty', { PORT: '1' });
    bench.cloud.secrets.add('pull', {}, { type: 'imagePullSecret' });
    bench.cloud.secrets.add('broken', {}).failure = 'planted reason';
    const last = async (set: string): Promise<readonly string[]> => {
      await bench.write(`secret_set = "${set}"\n`);
      const { exitCode, errors } = await bench.run({ image: bench.image });
      expect(exitCode).toBe(2);
      return errors.slice(2);
    };
    expect(await last('empty')).toEqual([
      'warning: secret set empty holds no DAILY_API_KEY: agents cannot start transcription or tell their room what they measure',
      'warning: secret set empty holds PORT, a name that Pipecat Cloud uses itself',
      'secret set empty holds no OPENAI_API_KEY and no ELEVENLABS_API_KEY, which the agents need (`bottalk secrets set empty OPENAI_API_KEY ELEVENLABS_API_KEY` adds what the environment holds)',
    ]);
    expect(await last('pull')).toEqual(['pull is an image pull secret, not a secret set (`bottalk secrets set` makes one)']);
    expect(await last('broken')).toEqual(['secret set broken could not be stored (`bottalk secrets set` stores it anew)']);
  });

  test('a set that never becomes ready ends the wait', async () => {
    (bench.cloud.secrets.sets.get('bottalk-secrets') as { pendingLooks: number }).pendingLooks = 1000;
    const { exitCode, errors } = await bench.run();
    expect(exitCode).toBe(3);
    expect(errors.at(-1)).toBe('pipecat-cloud: secret set bottalk-secrets is still not ready after 60 s; try again later');
    expect(bench.wall.sleptMs).toHaveLength(12);
  });

  test('mistakes of flags and file, without asking anybody', async () => {
    await bench.write('agent_name = "Sales"\nscalings = 2\n');
    expect(await bench.run()).toEqual({
      exitCode: 2,
      output: [],
      errors: ['pcc-deploy.toml:1:14: agent_name: expected 2 to 54 lower-case letters, digits and hyphens inside, got "Sales"', 'pcc-deploy.toml:2:1: unknown key scalings (did you mean scaling?)'],
    });
    await bench.write('');
    const { errors } = await bench.run({ agentName: 'X', minAgents: 3, maxAgents: 2 });
    expect(errors).toEqual([
      '--agent-name: expected 2 to 54 lower-case letters, digits and hyphens inside, got "X"',
      'nothing says which image to deploy (name one with --image, or have one built with --build or --cloud-build)',
      'the least number of agents (3) is more than the most (2) (--min-agents, --max-agents, or [scaling] in pcc-deploy.toml)',
    ]);
    expect(bench.cloud.requests).toEqual([]);
  });

  test('a missing key, and nobody to ask', async () => {
    expect((await bench.run({ env: { PCC_PRIVATE_KEY: '' } })).errors).toEqual([
      'deploying needs PCC_PRIVATE_KEY or PIPECAT_CLOUD_PRIVATE_API_KEY (put it into .env.local or the environment)',
    ]);
    expect(await bench.run({ yes: false })).toMatchObject({ exitCode: 2, errors: ['nobody can be asked here whether to deploy (pass --yes, or --dry-run to see what would change)'] });
  });

  test('a key that Pipecat Cloud refuses', async () => {
    const { exitCode, errors } = await bench.run({ env: { PCC_PRIVATE_KEY: 'planted-wrong-key' } });
    expect(exitCode).toBe(3);
    expect(errors.at(-1)).toBe('pipecat-cloud: the private key was refused (401 UNAUTHORIZED); check PCC_PRIVATE_KEY');
  });
});

describe('an image that cannot be looked at is no reason to refuse it', () => {
  test('a private one', async () => {
    bench.registry.access = { kind: 'private', user: 'acme:planted-password', by: 'token' };
    const { exitCode, errors } = await bench.run();
    expect(exitCode).toBe(0);
    const why = 'it is private, and the docker config of this machine holds no password for its registry';
    expect(errors).toContain(`warning: image ${bench.image} could not be checked: ${why}`);
    expect(errors).toContain('warning: no image_credentials are named: Pipecat Cloud has no password for it either');
  });

  test('one whose tag may be another image tomorrow', async () => {
    const { exitCode, output } = await bench.run({ image: bench.registry.push('acme/bottalk:latest', 'linux/arm64') });
    expect(exitCode).toBe(0);
    expect(output).toContain(
      "note: latest is a tag that moves: Pipecat Cloud notices no new image under it, and warm instances keep the old one; deploy a commit's tag or a digest",
    );
  });
});

describe('a deployment that fails', () => {
  beforeEach(() => {
    bench.cloud.agents.add('sales', { ...WITH_SECRETS, autoScaling: { minAgents: 1, maxAgents: 4 } });
  });
  const AFTER = [
    'the version before still answers calls',
    `to go back to it: bottalk deploy --agent-name sales --image ${OLD} --profile agent-1x --min-agents 1 --max-agents 4`,
    'more: bottalk status sales, bottalk logs sales',
  ];
  const end = (output: readonly string[]): readonly string[] => output.slice(output.findIndex((line) => line.startsWith('the deployment of')));

  test('by crashing is given up at once, with its last lines, and the way back', async () => {
    bench.cloud.agents.script = scripts.CRASHES;
    bench.wall.onSleep = (count) => {
      if (count !== 1) return;
      for (let i = 0; i < 25; i++) bench.cloud.agents.log('sales', `line ${i} \u001b[31m${bench.cloud.privateKey}`, { atMs: i });
      bench.cloud.agents.log('sales', 'of another version', { atMs: 99, deploymentId: 'another' });
    };
    const { exitCode, output } = await bench.run();
    expect(exitCode).toBe(1);
    expect(end(output)).toEqual([
      'the deployment of sales failed:',
      '  the version is in phase Failed: CrashLoopBackOff, last ended with Error, exit code 1, 4 restarts',
      '  Error: OPENAI_API_KEY is missing',
      'its last lines:',
      ...Array.from({ length: 20 }, (_, i) => `  line ${i + 5} ***`),
      ...AFTER,
    ]);
    expect(bench.wall.sleptMs).toHaveLength(2);
  });

  test.each([
    [scripts.WRONG_PLATFORM, '  the image is not for linux/arm64; build it with --platform linux/arm64 (PCC_INVALID_IMAGE_PLATFORM)'],
    [scripts.NO_IMAGE, '  the image is not in its registry; check its name and tag (PCC_IMAGE_NOT_FOUND)'],
  ])('by its image says why in words', async (script, line) => {
    bench.cloud.agents.script = script;
    const { exitCode, output } = await bench.run();
    expect(exitCode).toBe(1);
    expect(end(output)).toEqual(['the deployment of sales failed:', line, ...AFTER]);
  });

  test.each([
    [scripts.DEGRADED, '  not ready after 60 s: the version is coming up: validating, readiness probe failed'],
    [scripts.STUCK, '  not ready after 60 s: the version is coming up: creating, pulling the image'],
  ])('to be ready in time while the version before serves exits with 4', async (script, line) => {
    bench.cloud.agents.script = script;
    const { exitCode, output } = await bench.run({ timeout: 60 });
    expect(exitCode).toBe(4);
    expect(end(output)).toEqual(['the deployment of sales is not ready in time:', line, ...AFTER]);
    expect(bench.wall.sleptMs).toHaveLength(12);
  });

  test('with another secret set names the one before beside the way back, for which there is no flag', async () => {
    bench.cloud.secrets.add('other-secrets', { OPENAI_API_KEY: 'planted-openai', ELEVENLABS_API_KEY: 'planted-elevenlabs' });
    await bench.write(`agent_name = "sales"\nsecret_set = "other-secrets"\nmax_session_duration = 900\nimage = "${bench.image}"\n`);
    bench.cloud.agents.script = scripts.WRONG_PLATFORM;
    const { output } = await bench.run();
    expect(output.at(-2)).toBe('and in the deploy file as before: secret set bottalk-secrets, session limit 7200 s');
  });

  test('to be ready in time while nothing serves exits with 1', async () => {
    bench.cloud.agents.all.clear();
    bench.cloud.agents.script = scripts.STUCK;
    const { exitCode, output } = await bench.run({ timeout: 30 });
    expect(exitCode).toBe(1);
    expect(end(output)).toEqual(['the deployment of sales failed:', '  not ready after 30 s: the version is coming up: creating, pulling the image', 'more: bottalk status sales, bottalk logs sales']);
  });

  test('because somebody else deployed meanwhile says so', async () => {
    bench.wall.onSleep = (count) => {
      if (count === 2) bench.cloud.agents.all.get('sales')?.deploy(scripts.AT_ONCE, new Date(0).toISOString());
    };
    const { exitCode, output } = await bench.run();
    expect(exitCode).toBe(1);
    expect(end(output)[1]).toMatch(/^ {2}somebody else deployed version \S+ while this one was coming up$/);
  });

  test.each([
    [402, 'SPEND_LIMIT_REACHED', "  the account's spend limit is reached; raise it in Pipecat Cloud's dashboard (402 SPEND_LIMIT_REACHED)"],
    [400, 'GENERIC_BAD_REQUEST', '  updating agent sales was refused (400 GENERIC_BAD_REQUEST): no such profile'],
    [400, 'PCC_INVALID_IMAGE_PLATFORM', '  the image is not for linux/arm64; build it with --platform linux/arm64 (400 PCC_INVALID_IMAGE_PLATFORM)'],
    [413, 'PAYLOAD_TOO_LARGE', '  updating agent sales was refused: it is larger than Pipecat Cloud takes (413 PAYLOAD_TOO_LARGE)'],
  ])('because Pipecat Cloud refuses it (%i %s) exits with 1', async (status, code, line) => {
    bench.cloud.prepare({ status, body: { error: 'no such profile', code } }, /^POST/);
    const { exitCode, output } = await bench.run();
    expect(exitCode).toBe(1);
    expect(end(output)).toEqual(['the deployment of sales failed:', line, 'the version before still answers calls', 'more: bottalk status sales, bottalk logs sales']);
  });

  test('because a secret set is never ready for Pipecat Cloud exits with 1', async () => {
    for (let i = 0; i < 20; i++) bench.cloud.prepare({ status: 409, body: { error: 'not ready', code: 'CONFLICT' } }, /^POST/);
    const { exitCode, output } = await bench.run();
    expect(exitCode).toBe(1);
    expect(end(output)[1]).toMatch(/^ {2}the agent cannot be deployed now, .* \(409 CONFLICT\): not ready$/);
  });

  test('as JSON tells why, the last lines and the way back', async () => {
    bench.cloud.agents.script = scripts.NO_IMAGE;
    const { exitCode, output } = await bench.run({ json: true });
    expect(exitCode).toBe(1);
    const why = [expect.stringContaining('PCC_IMAGE_NOT_FOUND') as unknown];
    const rollback = expect.stringContaining(OLD) as unknown;
    expect(JSON.parse(output.join('\n'))).toMatchObject({ outcome: 'failed', exitCode: 1, why, log: [], servesBefore: true, rollback });
  });
});

describe('a world that fails', () => {
  const TRIED = 'warning: the deployment was asked for before this: `bottalk status sales` shows what became of it';

  test.each([
    [429, 'TOO_MANY', 'pipecat-cloud: Pipecat Cloud is asked too often (429 TOO_MANY)'],
    [500, 'INTERNAL_SERVER_ERROR', "pipecat-cloud: creating agent sales failed on Pipecat Cloud's side (500 INTERNAL_SERVER_ERROR)"],
  ])('%i to the deployment exits with 3, and what may have become of it is said', async (status, code, line) => {
    bench.cloud.prepare({ status, body: { error: 'planted', code } }, /^POST/);
    const { exitCode, errors } = await bench.run();
    expect(exitCode).toBe(3);
    expect(errors.slice(-2)).toEqual([TRIED, line]);
    expect(bench.posted).toHaveLength(1);
  });

  test('no answer in time, and connections that break', async () => {
    bench.cloud.prepare('say_nothing', /^POST/);
    const quick = { cloudOptions: { timeouts: { deployMs: 50 } } };
    expect((await bench.run({ world: quick })).errors.at(-1)).toBe('pipecat-cloud: creating agent sales was not answered within 0.05 s');
    bench.cloud.prepare('hang_up', /^POST/);
    const { exitCode, errors } = await bench.run();
    expect(exitCode).toBe(3);
    expect(errors.at(-1)).toMatch(/^pipecat-cloud: the connection to 127\.0\.0\.1:\d+ failed \(\w+\)$/);
  });

  test('a Pipecat Cloud that fails for ever while the version is waited for', async () => {
    bench.wall.onSleep = (count) => {
      if (count === 1) for (let i = 0; i < 40; i++) bench.cloud.prepare({ status: 503, body: 'down' }, /^GET \/agents\/sales/);
    };
    const { exitCode, errors } = await bench.run();
    expect(exitCode).toBe(3);
    expect(errors.slice(-2)).toEqual([TRIED, "pipecat-cloud: looking at agent sales failed on Pipecat Cloud's side (503)"]);
  });

  test('Ctrl-C says whether anything was sent', async () => {
    const early = new AbortController();
    early.abort();
    expect(await bench.run({ world: { signal: early.signal } })).toMatchObject({ exitCode: 130, errors: expect.arrayContaining(['cancelled; nothing was deployed']) as unknown });
    const late = new AbortController();
    bench.wall.onSleep = () => late.abort();
    const { exitCode, errors } = await bench.run({ world: { signal: late.signal } });
    expect(exitCode).toBe(130);
    expect(errors.at(-1)).toBe('cancelled; the deployment may go on by itself: `bottalk status sales` shows what became of it');
  });
});

describe('the command itself', () => {
  const command = (...words: readonly string[]): Promise<CommandResult> =>
    bottalk(['deploy', ...words], { cwd: bench.folder, env: { ...bench.cloud.env, PCC_AGENT_NAME: 'from-env' }, cacheFolder: bench.folder });

  test('passes flags on and leaves with what came of it', async () => {
    const { status, output, errors } = await command('--dry-run', '--json', '--min-agents', '0', '--timeout', '5');
    expect(status).toBe(0);
    expect(errors).toMatch(/\nlooking at regions, secrets and the agent\n/);
    expect(JSON.parse(output)).toMatchObject({ outcome: 'planned', agentName: 'from-env', request: { body: { autoScaling: { minAgents: 0 } } } });
    expect(output + errors).not.toContain('planted');
    const refused = await command('--yes', '--image', `${bench.registry.host}/acme/bottalk:none`);
    expect(refused.status).toBe(2);
    expect(refused.errors).toMatch(/\nthere is no image \S+ \(push it first, or check its name and tag\)\n$/);
  });

  test.each([
    ['--min-agents', 'two', 'Expected a whole number.'],
    ['--timeout', '0', 'Expected a number of seconds.'],
  ])('refuses %s %s', async (flag, value, words) => {
    const { error, errors } = await commandLine(registerDeploy, 'deploy', flag, value);
    expect(error).toMatchObject({ exitCode: 1 });
    expect(errors).toContain(words);
  });
});

describe('what wins', () => {
  const FILE = `agent_name = "from-file"\nsecret_set = "bottalk-secrets"\nregion = "us-west"\n[scaling]\nmin_agents = 2\nmax_agents = 9\n`;
  const planned = async (run: Parameters<DeployBench['run']>[0]): Promise<Record<string, unknown>> => {
    await bench.write(`image = "${bench.image}"\n${FILE}`);
    const { output } = await bench.run({ dryRun: true, json: true, ...run });
    return (JSON.parse(output.join('\n')) as { request: { body: Record<string, unknown> } }).request.body;
  };

  test('a flag over the environment, that over the file', async () => {
    const env = { PCC_AGENT_NAME: 'from-env', PCC_DEPLOY_IMAGE: bench.registry.push('acme/bottalk:env', 'linux/arm64') };
    expect(await planned({})).toMatchObject({ serviceName: 'from-file', image: bench.image, autoScaling: { minAgents: 2, maxAgents: 9 } });
    expect(await planned({ env })).toMatchObject({ serviceName: 'from-env', image: env.PCC_DEPLOY_IMAGE });
    expect(await planned({ env, local: true })).toMatchObject({ serviceName: 'bottalk-agent-local' });
    const flags = { local: true, agentName: 'from-flag', image: bench.image, minAgents: 0 };
    expect(await planned({ env, ...flags })).toMatchObject({ serviceName: 'from-flag', image: bench.image, autoScaling: { minAgents: 0, maxAgents: 9 } });
  });
});
