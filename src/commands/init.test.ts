import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCase } from '../compose/load-case.ts';
import { commandLine } from '../testing/command-line.ts';
import { registerInit, writeStarter } from './init.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bottalk-init-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('the starter is a scenario without mistakes', async () => {
  const file = await writeStarter(join(folder, 'calls', 'my-first_call.yaml'), join(folder, 'schema', 's.json'));
  const { scenario } = await loadCase(file);
  expect(scenario.title).toBe('my first call');
  expect(scenario.agents.map(({ name }) => name)).toEqual(['Anna', 'Jonas']);
  expect(await readFile(file, 'utf8')).toMatch(/^# yaml-language-server: \$schema=\.\.\/schema\/s\.json\n/);
});

test('a variable of the starter can be given on the command line', async () => {
  const file = await writeStarter(join(folder, 'var.yaml'), undefined);
  expect((await loadCase(file, { variables: { caller: 'Rosa' } })).scenario.agents[1].name).toBe('Rosa');
  expect(await readFile(file, 'utf8')).toMatch(/^title: /);
});

test('a file that is there is left alone', async () => {
  const file = join(folder, 'mine.yaml');
  await writeFile(file, 'mine');
  await expect(writeStarter(file, undefined)).rejects.toMatchObject({ name: 'UsageError', message: `${file} is there already (give another name: bottalk init <name>)` });
  expect(await readFile(file, 'utf8')).toBe('mine');
});

test('a file in the place of the folder is told', async () => {
  await writeFile(join(folder, 'plain'), '');
  const file = join(folder, 'plain', 'x.yaml');
  await expect(writeStarter(file, undefined)).rejects.toMatchObject({ name: 'UsageError', message: `${file} could not be written: ${join(folder, 'plain')} is not a folder` });
});

test.each(['../elsewhere', 'a/b', '.hidden', ''])('%j is no name', async (name) => {
  expect((await commandLine(registerInit, 'init', name)).error).toMatchObject({ code: 'commander.invalidArgument' });
});
