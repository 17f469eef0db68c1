import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemWallClock as wall } from '../../clock/wall-clock.ts';
import { FakePipecatCloud } from '../../testing/pipecat-cloud/fake-pipecat-cloud.ts';
import { cloudKeys } from '../api/keys.ts';
import { pipecatCloud } from '../api/pipecat-cloud.ts';
import { type Stored, storeSecrets, type WhatToStore } from './store-secrets.ts';

let fake: FakePipecatCloud;
let waits: string[];
beforeEach(async () => {
  fake = await FakePipecatCloud.start({ defaultRegion: 'eu-central' });
  waits = [];
});
afterEach(() => fake.close());

function store({ region, ...more }: Partial<WhatToStore> = {}, readyMs = 60_000): Promise<Stored> {
  const cloud = pipecatCloud({ wall, keys: cloudKeys(fake.env), firstWaitMs: 1 });
  const what = { kind: 'secret', set: 'sales-keys', values: new Map([['A', 'sk-planted']]), region, ...more } as WhatToStore;
  return storeSecrets(what, { cloud, wall, signal: new AbortController().signal, onWait: (wait) => waits.push(wait), firstPollMs: 1, readyMs });
}

test('a new set goes where the account is at home, and is waited for', async () => {
  fake.secrets.pendingLooks = 2;
  expect(await store()).toEqual({ region: 'eu-central', isNew: true });
  expect(waits).toEqual(['storing sales-keys', 'waiting until sales-keys is ready', 'waiting until sales-keys is ready']);
});

test('or where it was told to', async () => {
  expect(await store({ region: 'us-east' })).toEqual({ region: 'us-east', isNew: true });
});

test('an old one stays where it lives and keeps what else it holds', async () => {
  fake.secrets.add('sales-keys', { B: 'b' }, { region: 'us-east' });
  expect(await store()).toEqual({ region: 'us-east', isNew: false });
  expect([...(fake.secrets.sets.get('sales-keys')?.values.keys() ?? [])]).toEqual(['B', 'A']);
  await expect(store({ region: 'us-west' })).rejects.toThrow('sales-keys lives in us-east and cannot move to us-west');
});

test('a set of the other kind is not touched', async () => {
  fake.secrets.add('sales-keys', {}, { type: 'imagePullSecret' });
  await expect(store()).rejects.toThrow('sales-keys is an image pull secret already');
  expect(fake.requests.map(({ line }) => line)).toEqual(['GET /secrets']);
});

test('one that fails or is not ready in time says so, and nothing of what it holds', async () => {
  fake.secrets.failure = 'value sk-planted is bad';
  await expect(store()).rejects.toThrow(/^sales-keys was taken, but Pipecat Cloud could not store it; try again$/);
  fake.secrets.pendingLooks = 100;
  await expect(store({ set: 'slow' }, 0)).rejects.toThrow(/^slow was taken, but is not ready after 0 s; bottalk secrets list tells when it is$/);
});

test.each(['ab', 'Sales', 'a_b', '-ab', 'a..b', 'x'.repeat(64)])('%j is no name for a set', async (set) => {
  await expect(store({ set })).rejects.toThrow('is no name for a set');
});
