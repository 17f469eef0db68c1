import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ImageRegistry } from '../../testing/image-registry.ts';
import { SkippingWall } from '../../testing/skipping-wall.ts';
import { checkImage, type CheckedImage } from './check-image.ts';

let registry: ImageRegistry;
let folder: string;
beforeEach(async () => {
  registry = await ImageRegistry.start();
  folder = await mkdtemp(join(tmpdir(), 'bottalk-docker-config-'));
});
afterEach(async () => {
  await registry.close();
  await rm(folder, { recursive: true });
});

const USER = 'acme:planted-password';

function check(image: string, signal = new AbortController().signal): Promise<CheckedImage> {
  return checkImage(image, { wall: new SkippingWall(), signal, env: { DOCKER_CONFIG: folder } });
}

async function logIn(host: string): Promise<void> {
  await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: { [host]: { auth: Buffer.from(USER).toString('base64') } } }));
}

test('an image of several platforms fits if arm64 is one of them, and its digest is told', async () => {
  const image = registry.push('acme/bottalk:1', 'linux/amd64', 'linux/arm64/v8');
  const checked = await check(image);
  expect(checked).toEqual({ kind: 'fits', digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as unknown, platforms: ['linux/amd64', 'linux/arm64'] });
  const byDigest = `${registry.host}/acme/bottalk@${(checked as { digest: string }).digest}`;
  expect(await check(byDigest)).toEqual(checked);
});

test('an image for other machines does not fit', async () => {
  expect(await check(registry.push('acme/bottalk:1', 'linux/amd64', 'linux/arm/v7'))).toEqual({ kind: 'wrong-platform', platforms: ['linux/amd64', 'linux/arm/v7'] });
  expect(await check(registry.pushSingle('acme/bottalk:2', 'linux/amd64'))).toEqual({ kind: 'wrong-platform', platforms: ['linux/amd64'] });
});

test('the platform of a single image is read from its configuration', async () => {
  expect(await check(registry.pushSingle('acme/bottalk:1', 'linux/arm64'))).toMatchObject({ kind: 'fits', platforms: ['linux/arm64'] });
});

test('an image that is not there is missing', async () => {
  expect(await check(`${registry.host}/acme/bottalk:none`)).toEqual({ kind: 'missing' });
});

test('a registry that asks for nothing gets no token', async () => {
  registry.access = { kind: 'open' };
  expect(await check(registry.push('acme/bottalk:1', 'linux/arm64'))).toMatchObject({ kind: 'fits' });
  expect(registry.requests).toEqual(['GET /v2/acme/bottalk/manifests/1']);
});

test.each(['token', 'password'] as const)('a private image (%s) cannot be checked, unless the docker config holds its password', async (by) => {
  registry.access = { kind: 'private', user: USER, by };
  const image = registry.push('acme/bottalk:1', 'linux/arm64');
  const why = 'it is private, and the docker config of this machine holds no password for its registry';
  expect(await check(image)).toEqual({ kind: 'unchecked', why, isPrivate: true });
  await logIn('registry.example');
  expect(await check(image)).toEqual({ kind: 'unchecked', why, isPrivate: true });
  await logIn(registry.host);
  expect(await check(image)).toMatchObject({ kind: 'fits' });
  registry.access = { ...registry.access, user: 'acme:another' };
  expect(await check(image)).toEqual({ kind: 'unchecked', why: 'its registry refuses what the docker config of this machine has for it', isPrivate: true });
});

test('a registry in trouble is asked again, and not for ever', async () => {
  const image = registry.push('acme/bottalk:1', 'linux/arm64');
  registry.faults.push(502, 429);
  expect(await check(image)).toMatchObject({ kind: 'fits' });
  registry.faults.push(500, 500, 500);
  expect(await check(image)).toEqual({ kind: 'unchecked', why: `${registry.host} answered with 500`, isPrivate: false });
});

test('a registry that is not there leaves the image unchecked', async () => {
  const image = registry.push('acme/bottalk:1', 'linux/arm64');
  const { host } = registry;
  await registry.close();
  expect(await check(image)).toEqual({ kind: 'unchecked', why: `the connection to ${host} failed (ECONNREFUSED)`, isPrivate: false });
  registry = await ImageRegistry.start();
});

test('whoever gives up gets the reason', async () => {
  await expect(check(registry.push('acme/bottalk:1', 'linux/arm64'), AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
});
