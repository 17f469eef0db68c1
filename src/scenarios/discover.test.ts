import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { discoverScenarios } from './discover.ts';

let folder = '';
const inside = (...paths: readonly string[]): string[] => paths.map((path) => join(folder, path));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bottalk-discover-'));
  for (const path of ['b.yaml', 'a.yml', 'notes.txt', 'deep/er/c.yaml', 'node_modules/x/d.yaml', '.hidden/e.yaml', 'empty/readme.md']) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), '');
  }
});
afterAll(() => rm(folder, { recursive: true }));

test('a folder gives every YAML file below it, sorted', async () => {
  expect(await discoverScenarios([folder])).toEqual(inside('a.yml', 'b.yaml', 'deep/er/c.yaml'));
});

test('a file is taken whatever it is called, and each only once', async () => {
  expect(await discoverScenarios(inside('notes.txt', 'b.yaml', 'b.yaml', 'deep'))).toEqual(inside('b.yaml', 'deep/er/c.yaml', 'notes.txt'));
});

test('nothing found is said with where it was looked for', async () => {
  const [empty = ''] = inside('empty');
  await expect(discoverScenarios([empty])).rejects.toMatchObject({ name: 'UsageError', message: `no scenario found in ${empty} (\`bottalk init\` writes one)` });
});

test('a pattern gives the files that it matches, as a shell would', async () => {
  expect(await discoverScenarios(inside('*.y*ml'))).toEqual(inside('a.yml', 'b.yaml'));
  expect(await discoverScenarios(inside('**/*.yaml'))).toEqual(inside('b.yaml', 'deep/er/c.yaml'));
  await expect(discoverScenarios(inside('*.json'))).rejects.toThrow('no such file');
});

test('a file below the working folder has one name however it is pointed at', async () => {
  const wanted = await discoverScenarios(['scenarios']);
  expect(wanted).toContain('scenarios/sales.yaml');
  for (const path of ['./scenarios', join(process.cwd(), 'scenarios'), 'scenarios/*.yaml']) expect(await discoverScenarios([path])).toEqual(wanted);
});

test.each([
  ['scenarios/slaes.yaml', 'scenarios/sales.yaml'],
  ['sales', 'scenarios/sales.yaml'],
  ['scenaros', 'scenarios'],
])('%s, mistyped, is told with the file or folder that is most like it', async (typo, meant) => {
  await expect(discoverScenarios([typo])).rejects.toMatchObject({ name: 'UsageError', message: `no such file: ${typo} (did you mean ${meant}?)` });
});

test('every missing path is told', async () => {
  const [x, y] = inside('x', 'y');
  await expect(discoverScenarios(inside('x', 'b.yaml', 'y'))).rejects.toMatchObject({ name: 'UsageError', message: `no such file: ${x}\nno such file: ${y}` });
});
