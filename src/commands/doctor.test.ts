import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commandLine } from '../testing/command-line.ts';
import { SECRET_NAMES } from '../compose/secrets.ts';
import { registerDoctor } from './doctor.ts';

const here = process.cwd();
const before = process.env;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bottalk-doctor-'));
  // Away from the keys of whoever runs the tests.
  process.chdir(folder);
  process.env = { ...before, ...Object.fromEntries(SECRET_NAMES.map((name) => [name, ''])), BOTTALK_CACHE_DIR: join(folder, 'cache') };
});
afterEach(() => {
  process.chdir(here);
  process.env = before;
  process.exitCode = undefined;
  rmSync(folder, { recursive: true });
});

const doctor = (...words: readonly string[]) => commandLine(registerDoctor, 'doctor', ...words);

test('what works, what is missing and what to do about it stand in a table', async () => {
  process.env['OPENAI_API_KEY'] = 'sk-secret';
  const { output, error } = await doctor();
  expect(error).toBeUndefined();
  expect(process.exitCode).toBeUndefined();
  const lines = output.split('\n');
  expect(lines[0]).toBe('This machine');
  expect(lines).toContain(`  works    Node                ${process.versions.node}`);
  expect(output).toMatch(/\n {2}missing {2}Smart Turn {10}the last words decide when a turn is over\n {31}bottalk models pull smart-turn\n/);
  expect(lines.slice(lines.indexOf('Keys and addresses'))).toEqual([
    'Keys and addresses',
    '  set      OPENAI_API_KEY      from the environment',
    '  missing  ELEVENLABS_API_KEY  for voices of ElevenLabs',
    '  missing  DAILY_API_KEY       for rooms of Daily, which people can join',
    '                               put it into .env.local or the environment',
    '',
    'Offline runs work.',
    '',
  ]);
  expect(output).not.toContain('sk-secret');
});

test('with --json it is the same as data', async () => {
  const { ok, checks } = JSON.parse((await doctor('--json')).output) as { ok: boolean; checks: object[] };
  expect(ok).toBe(true);
  expect(checks).toContainEqual({ group: 'machine', name: 'Node', state: 'works', needed: true, detail: process.versions.node });
});

test('with --online and no key there is nobody to ask', async () => {
  expect((await doctor('--online')).output).toMatch(/\n\nOffline runs work\. There is no key to try online\.\n$/);
  expect(process.exitCode).toBeUndefined();
});

test('a key that fails online is a failure, because somebody asked', async () => {
  process.env['OPENAI_BASE_URL'] = 'nowhere';
  const { output } = await doctor('--online');
  expect(output).toMatch(/\nTried online\n {2}broken {3}OpenAI {14}the address of the chat server cannot be read\n/);
  expect(output).toMatch(/\n\nOffline runs work\. Online: OpenAI failed\.\n$/);
  expect(process.exitCode).toBe(3);
});

test('a cache that cannot be written is no failure', async () => {
  writeFileSync(join(folder, 'cache'), '');
  expect((await doctor()).output).toMatch(/\n {2}broken {3}cache {15}.*ENOTDIR/);
  expect(process.exitCode).toBeUndefined();
});
