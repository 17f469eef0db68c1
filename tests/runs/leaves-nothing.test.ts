/** What a run puts on a machine besides its folder: bottalk's own cache, and nothing of any library that it uses. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { COMMAND, nodeProcess } from '../../src/testing/command-process.ts';
import { shippedFile } from '../../src/testing/whole-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'bottalk-leaves-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a first run on a machine leaves its folder and the cache of bottalk, and nothing else', async () => {
  const places = { HOME: 'home', TMPDIR: 'tmp', XDG_CACHE_HOME: 'cache', XDG_CONFIG_HOME: 'config', XDG_DATA_HOME: 'data', XDG_STATE_HOME: 'state' };
  const env = Object.fromEntries(Object.entries(places).map(([name, place]) => [name, join(folder, place)]));
  for (const place of [...Object.values(places), 'work']) mkdirSync(join(folder, place));
  const words = [COMMAND, 'run', shippedFile('quickstart'), '--exit'];
  // Whatever these tests were started with counts for nothing; above all, onnxruntime is silent by itself wherever there is a CI.
  const run = await nodeProcess(words, { cwd: join(folder, 'work'), env: { ...env, CI: '', BOTTALK_CACHE_DIR: '', ORT_DISABLE_TELEMETRY: '' } });
  expect(run.errors).toBe('');
  expect(run.status).toBe(0);
  const left = [...Object.values(places), 'work'].flatMap((place) => readdirSync(join(folder, place)).map((name) => `${place}/${name}`));
  expect(left).toEqual(['cache/bottalk', 'work/runs']);
});
