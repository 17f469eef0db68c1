import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemWallClock as wall } from '../../clock/wall-clock.ts';
import { tinyTurnModel } from '../../testing/tiny-turn-model.ts';
import { modelFolder } from '../cache-folders.ts';
import { pullNamedModel } from '../models.ts';
import { type Check, isFine } from './check.ts';
import { checkMachine, type MachineOptions } from './machine-checks.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bottalk-doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function examine(options: Partial<MachineOptions> = {}): Promise<(name: string) => Partial<Check>> {
  const cacheFolder = join(folder, 'cache');
  const checks = await checkMachine({ wall, env: { PATH: folder }, secrets: {}, cacheFolder, folder, nodeVersion: '24.1.0', ...options });
  expect(isFine(checks)).toBe(checks.every(({ needed, state }) => !needed || state === 'works'));
  return (name) => {
    const { state, detail, advice } = checks.find((check) => check.name === name) ?? {};
    return { ...(state && { state }), ...(detail !== undefined && { detail }), ...(advice !== undefined && { advice }) };
  };
}

function program(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('what an offline run needs', () => {
  test('is tried, and leaves nothing behind', async () => {
    const found = await examine();
    expect(found('Node')).toEqual({ state: 'works', detail: '24.1.0' });
    expect(found('voice activity')).toEqual({ state: 'works', detail: expect.stringMatching(/^Silero VAD on onnxruntime \d/) as unknown });
    expect(found('offline voice')).toEqual({ state: 'works', detail: expect.stringMatching(/^flite says "Ready\." in 0\.\d s$/) as unknown });
    expect(found('runs')).toEqual({ state: 'works', detail: join(folder, 'runs') });
    expect(found('cache')).toEqual({ state: 'works', detail: join(folder, 'cache') });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is broken where Node is too old, or runs cannot be written', async () => {
    expect((await examine({ nodeVersion: '22.19.0' }))('Node')).toEqual({ state: 'broken', detail: '22.19.0', advice: 'install Node 24 or newer' });
    writeFileSync(join(folder, 'runs'), '');
    expect((await examine())('runs')).toEqual({
      state: 'broken',
      detail: `${join(folder, 'runs')} cannot be written (ENOTDIR)`,
      advice: 'run bottalk where you may write, or with --out',
    });
  });

  test('does not include a cache', async () => {
    writeFileSync(join(folder, 'cache'), '');
    expect((await examine())('cache')).toMatchObject({ state: 'broken', detail: `${join(folder, 'cache')} cannot be written (ENOTDIR)` });
  });
});

describe('Smart Turn', () => {
  const advice = 'bottalk models pull smart-turn';
  test('is missing until it is pulled, and broken when its file is no longer the same', async () => {
    expect((await examine())('Smart Turn')).toEqual({ state: 'missing', detail: 'the last words decide when a turn is over', advice });
    const from = join(folder, 'tiny.onnx');
    writeFileSync(from, tinyTurnModel());
    const { path } = await pullNamedModel('smart-turn', {
      folder: modelFolder(join(folder, 'cache')),
      wall,
      fromFile: from,
      url: undefined,
      onProgress: () => {},
      onRetry: () => {},
      signal: new AbortController().signal,
    });
    expect((await examine())('Smart Turn')).toEqual({ state: 'works', detail: path });
    writeFileSync(path, 'other bytes');
    expect((await examine())('Smart Turn')).toEqual({ state: 'broken', detail: `${path} is damaged`, advice });
  });
});

describe('Chromium', () => {
  test('is asked for its version', async () => {
    const path = program('browser', 'echo Chromium 150.0');
    expect((await examine({ secrets: { BOTTALK_CHROMIUM: path } }))('Chromium')).toEqual({ state: 'works', detail: `Chromium 150.0, ${path}` });
  });

  test('is told no keys', async () => {
    const path = program('browser', 'echo "${OPENAI_API_KEY:-no key}, ${PATH:-no path}"');
    const env = { PATH: folder, OPENAI_API_KEY: 'sk-planted' };
    expect((await examine({ env, secrets: { BOTTALK_CHROMIUM: path } }))('Chromium')).toMatchObject({ detail: `no key, ${folder}, ${path}` });
  });

  test('that does not start is broken, and one that is not there is told with what to do', async () => {
    const path = program('browser', 'exit 7');
    expect((await examine({ secrets: { BOTTALK_CHROMIUM: path } }))('Chromium')).toMatchObject({ state: 'broken', detail: `${path} does not tell its version (7)` });
    expect((await examine({ secrets: { BOTTALK_CHROMIUM: '/nowhere' } }))('Chromium')).toEqual({
      state: 'broken',
      detail: 'BOTTALK_CHROMIUM names /nowhere, and no program is there',
      advice: 'unset it to search the usual places',
    });
  });
});

test('sound is there if a player is', async () => {
  expect((await examine())('sound')).toMatchObject({ state: 'missing' });
  program('aplay', '');
  expect((await examine())('sound')).toEqual({ state: 'works', detail: 'aplay' });
});
