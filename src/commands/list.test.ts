import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine } from '../testing/command-line.ts';
import { scenarioText } from '../testing/scenario.ts';
import { registerList } from './list.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bottalk-list-'));
  await writeFile(join(folder, 'a.yaml'), scenarioText({ top: 'tags: [one, two]\nmax_turns: 8\n' }));
  await writeFile(join(folder, 'bad.yaml'), 'title: 5\n');
  await writeFile(join(folder, 'longer.yaml'), scenarioText());
});
afterAll(() => rm(folder, { recursive: true }));

test('scenarios stand in columns, and a bad file says how to look at it', async () => {
  const { output } = await commandLine(registerList, 'list', folder);
  expect(output.replaceAll(folder, 'x').replace(/ {3,}/g, '   ')).toBe(
    `FILE   TITLE  AGENTS    TAGS      MAX TURNS
x/a.yaml   Test   Ann, Ben  one, two  8
x/bad.yaml   (2 mistakes: bottalk validate x/bad.yaml)
x/longer.yaml  Test   Ann, Ben  -   20
`.replace(/ {3,}/g, '   '),
  );
});

test('as JSON each has its agents', async () => {
  const { output, error } = await commandLine(registerList, 'list', folder, '--json');
  expect(error).toBeUndefined();
  expect(JSON.parse(output)).toMatchObject([
    { valid: true, title: 'Test', tags: ['one', 'two'], max_turns: 8, agents: [{ name: 'Ann', role: 'system', goes_first: true }, { name: 'Ben', role: 'user', goes_first: false }] },
    { valid: false, mistakes: 2 },
    { valid: true },
  ]);
});
