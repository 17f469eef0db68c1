import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findDeployFile, readDeployFile } from './deploy-file.ts';

/** As bottalk's Python agents have it. */
const PYTHON_FILE = `agent_name = "bottalk-agent"
image = "acme/bottalk-agent:latest"
image_credentials = "dockerhub-access"
secret_set = "bottalk-secrets"
agent_profile = "agent-1x"
node_type = "arm"

# enable_managed_keys = true

[scaling]
min_agents = 2
max_agents = 50
`;

/** Every key there is. */
const WHOLE_FILE = `${PYTHON_FILE.replace('# enable', 'enable')}
[krisp_viva]
audio_filter = "tel"
[build]
context_dir = "agents"
dockerfile = "Dockerfile.agent"
[build.exclude]
patterns = ["*.wav"]
[docker]
registry = "custom"
registry_username = "acme"
registry_url = "https://registry.example"
auto_latest = false
`;

function mistakesIn(text: string): readonly string[] {
  try {
    readDeployFile('pcc-deploy.toml', text);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').map((line) => line.replace('pcc-deploy.toml:', ''));
  }
}

describe('a deploy file', () => {
  test("of bottalk's Python agents is read as it is", () => {
    expect(readDeployFile('pcc-deploy.toml', PYTHON_FILE)).toEqual({
      agent_name: 'bottalk-agent',
      image: 'acme/bottalk-agent:latest',
      image_credentials: 'dockerhub-access',
      secret_set: 'bottalk-secrets',
      agent_profile: 'agent-1x',
      node_type: 'arm',
      scaling: { min_agents: 2, max_agents: 50 },
    });
  });

  test('may hold every key there is', () => {
    const says = readDeployFile('pcc-deploy.toml', WHOLE_FILE);
    expect(says).toMatchObject({ build: { exclude: { patterns: ['*.wav'] } }, docker: { auto_latest: false }, enable_managed_keys: true });
    expect(mistakesIn('resources = { cpu = "500m", memory = "1Gi" }\nwebsocket_auth = "token"\nmax_session_duration = 900\nregion = "us-west"')).toEqual([]);
    expect(mistakesIn('build_id = "0c9b1f5e-6a53-4b1e-9f59-1d6a8a2f7c11"')).toEqual([]);
    expect(mistakesIn('')).toEqual([]);
  });

  test('with mistakes has all of them told at once, each with its line and column', () => {
    const text = `agent_name = "Bot Talk"
image = "registry.example:5000/bottalk"
build_id = "latest"
secret_sets = "bottalk-secrets"
max_session_duration = 30
min_agents = 2
enable_krisp = true

[scaling]
min_agents = 5
max_agents = 2.5
min_instances = 1

[krisp_viva]
audio_filter = "phone"
[docker]
auto_latest = "no"
[build]
exclude = { patterns = "*.wav" }
`;
    expect(mistakesIn(text)).toEqual([
      '1:14: agent_name: expected 2 to 54 lower-case letters, digits and hyphens inside, got "Bot Talk"',
      '2:9: image: expected an image with a tag or digest, such as "registry.example/acme/bottalk:4f2a91c", got "registry.example:5000/bottalk"',
      '3:1: build_id stands beside image: keep one of them',
      '3:12: build_id: expected the id of a build: a UUID, got "latest"',
      '4:1: unknown key secret_sets (did you mean secret_set?)',
      '5:24: max_session_duration: expected seconds, 60 to 14400, got 30',
      '6:1: unknown key min_agents (it belongs under [scaling])',
      '7:1: enable_krisp is no longer read (write audio_filter = "tel" or "pro" under [krisp_viva])',
      '10:1: scaling.min_agents is more than max_agents (2.5)',
      '11:14: scaling.max_agents: expected a whole number, 1 to 50, got 2.5',
      '12:1: scaling.min_instances is no longer read (write min_agents)',
      '15:16: krisp_viva.audio_filter: expected "tel" or "pro", got "phone"',
      '17:15: docker.auto_latest: expected true or false, got "no"',
      '19:24: build.exclude.patterns: expected a list of patterns, got "*.wav"',
    ]);
  });

  test.each([
    ['image = "a:1"\nagent_name = bottalk\n', /^2:14: not valid TOML: \S/],
    ['[scaling\nmin_agents = 1', /^1:\d+: not valid TOML: \S/],
    ['a = 1\na = 2', /^2:1: not valid TOML: \S/],
  ])('that is no TOML is refused with line and column: %j', (text, expected) => {
    expect(mistakesIn(text)).toEqual([expect.stringMatching(expected)]);
  });

  test.each([
    ['scaling = 3', '1:11: scaling: expected a table, got 3'],
    ['[resources]\ncpu = "1"', '1:1: the key resources.memory is missing: expected a quantity, such as "1Gi"'],
    ['region = 1979-05-27', '1:10: region: expected a region, such as "us-west", got a date'],
    ['[scaling]\nagent_name = "a-b"', '2:1: unknown key scaling.agent_name (it belongs under no table: move it above the first [table])'],
    ['resources = { cpu = "1", memory = "1Gi" }\nagent_profile = "agent-1x"', '1:1: resources stands beside agent_profile: keep one of them'],
    ['colour = "red"', '1:1: unknown key colour (valid keys here: agent_name, image, '],
  ])('%j: %s', (text, expected) => {
    expect(mistakesIn(text)).toEqual([expect.stringContaining(expected)]);
  });
});

describe('the deploy file is looked for', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bottalk-deploy-file-'));
    for (const name of ['pcc-deploy.toml', 'named.toml', 'env.toml']) await writeFile(join(folder, name), `region = "${name}"`);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each([
    [undefined, {}, 'pcc-deploy.toml'],
    [undefined, { PIPECAT_DEPLOY_CONFIG_PATH: 'env.toml' }, 'env.toml'],
    ['named.toml', { PIPECAT_DEPLOY_CONFIG_PATH: 'env.toml' }, 'named.toml'],
    [undefined, { PIPECAT_DEPLOY_CONFIG_PATH: '' }, 'pcc-deploy.toml'],
  ])('by flag, by environment, in the folder: %j %j', async (named, env, expected) => {
    expect(await findDeployFile({ named, env, folder })).toEqual({ path: expected, says: { region: expected } });
  });

  test('none is no fault, unless somebody names one', async () => {
    const empty = join(folder, 'none');
    expect(await findDeployFile({ named: undefined, env: {}, folder: empty })).toEqual({ path: undefined, says: {} });
    await expect(findDeployFile({ named: 'gone.toml', env: {}, folder })).rejects.toThrow('gone.toml: there is no such file');
    const env = { PIPECAT_DEPLOY_CONFIG_PATH: 'gone.toml' };
    await expect(findDeployFile({ named: undefined, env, folder })).rejects.toThrow('gone.toml: there is no such file (PIPECAT_DEPLOY_CONFIG_PATH names it)');
  });
});
