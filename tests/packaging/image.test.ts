/** The container image, as far as it can be looked at without a container engine; `npm run check:image` looks closer. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { copyFaults, layOut, nativeFaults, startFrom } from '../../scripts/check-image.ts';
import { isLoaded } from '../../scripts/prune-packages.ts';
import { readDeployFile } from '../../src/cloud/deploy/deploy-file.ts';
import { program } from '../../src/commands/program.ts';

const root = join(import.meta.dirname, '../..');

test('everything that the Dockerfile copies is there', () => {
  expect(copyFaults()).toEqual([]);
});

test('every native module of the production packages has a binary for linux/arm64 with glibc', () => {
  const found: string[] = [];
  expect(nativeFaults((path) => found.push(path))).toEqual([]);
  expect(found).toContainEqual(expect.stringMatching(/^onnxruntime-node\/bin\/[^/]+\/linux\/arm64\/onnxruntime_binding\.node$/));
});

test.each([
  ['openai/index.mjs', true],
  ['openai/index.d.mts', false],
  ['openai/index.mjs.map', false],
  ['onnxruntime-node/bin/napi-v6/linux/arm64/onnxruntime_binding.node', true],
  ['onnxruntime-node/bin/napi-v6/linux/x64/onnxruntime_binding.node', false],
  ['onnxruntime-node/bin/napi-v6/darwin/arm64/onnxruntime_binding.node', false],
  ['.bin/node', false],
  ['node24', false],
])('the packages of the image hold %s: %s', (path, loaded) => {
  expect(isLoaded(path, 'arm64')).toBe(loaded);
});

test('the workflow deploys with flags that bottalk deploy takes, and a deploy file that it reads', () => {
  const workflow = parse(readFileSync(join(root, '.github/workflows/deploy.yml'), 'utf8')) as { readonly jobs: { readonly deploy: { readonly steps: readonly { readonly run?: string }[] } } };
  const command = workflow.jobs.deploy.steps.map(({ run }) => run ?? '').find((run) => run.includes('bottalk.js deploy')) ?? '';
  const known = program().commands.find((each) => each.name() === 'deploy')?.options.map(({ long }) => long);
  expect(command.match(/--[\w-]+/g)).toEqual(['--image', '--yes', '--timeout']);
  expect(known).toEqual(expect.arrayContaining(command.match(/--[\w-]+/g) ?? []));
  expect(readDeployFile('pcc-deploy.toml', readFileSync(join(root, 'pcc-deploy.toml'), 'utf8'))).toMatchObject({ agent_name: 'bottalk-agent', scaling: { min_agents: 0 } });
});

test('bottalk serve starts, answers and ends with the files of the image alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bottalk-image-'));
  try {
    layOut(folder);
    const { status, exitCode, output } = await startFrom(folder);
    expect(output).not.toMatch(/Error|Cannot find/);
    expect({ status, exitCode }).toEqual({ status: 200, exitCode: 0 });
  } finally {
    await rm(folder, { recursive: true });
  }
});
