import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scenarioText } from '../testing/scenario.ts';
import { loadScenario } from './load.ts';
import { unreadable } from './read-text.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bottalk-read-'));
  await mkdir(join(folder, 'calls'));
  await writeFile(join(folder, 'calls', 'sales.yaml'), scenarioText());
  await symlink('nowhere', join(folder, 'gone.yaml'));
  await writeFile(join(folder, 'latin.yaml'), Buffer.from('title: Gr\xfc\xdfe\n', 'latin1'));
  await writeFile(join(folder, 'wide.yaml'), Buffer.from(`\uFEFF${scenarioText()}`, 'utf16le'));
  await writeFile(join(folder, 'marked.yaml'), `\uFEFF${scenarioText()}`);
  await writeFile(join(folder, 'huge.yaml'), Buffer.alloc(1_000_001, ' '));
});
afterAll(() => rm(folder, { recursive: true }));

test.each<[string, string]>([
  ['calls', '<calls> is a folder, not a scenario file (give a file, such as <calls/sales.yaml>)'],
  ['calls/sales', 'no such file: <calls/sales> (did you mean <calls/sales.yaml>?)'],
  ['calls/slaes.yaml', 'no such file: <calls/slaes.yaml> (did you mean <calls/sales.yaml>?)'],
  ['calls/sales.yaml/x', 'no such file: <calls/sales.yaml/x>'],
  ['elsewhere/unlike.yml', 'no such file: <elsewhere/unlike.yml>'],
  ['gone.yaml', 'no such file: <gone.yaml>'],
  ['latin.yaml', '<latin.yaml> is not UTF-8 text (save it as UTF-8)'],
  ['wide.yaml', '<wide.yaml> is not UTF-8 text (save it as UTF-8)'],
  ['huge.yaml', '<huge.yaml> is too large for a scenario (at most 1 MB)'],
])('%s is refused in one line', async (path, message) => {
  const expected = message.replace(/<(.*?)>/g, (_, inner: string) => join(folder, inner));
  await expect(loadScenario(join(folder, path))).rejects.toMatchObject({ name: 'UsageError', message: expected });
});

test('a file with a byte order mark is read', async () => {
  expect((await loadScenario(join(folder, 'marked.yaml'))).scenario.title).toBe('Test');
});

test('every code of the system has its line', () => {
  const because = (code: string): string => unreadable('x.yaml', Object.assign(new Error(`${code}: low words`), { code }));
  expect(['ENOENT', 'EISDIR', 'EACCES', 'EIO'].map(because)).toEqual([
    'no such file: x.yaml',
    'x.yaml is a folder, not a scenario file',
    'x.yaml may not be read: permission denied',
    'x.yaml could not be read: EIO: low words',
  ]);
});
