import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualWallClock } from '../../testing/manual-wall-clock.ts';
import { EntryLog, logLevel } from './entry-log.ts';

let folder: string;
let written: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bottalk-log-'));
  written = '';
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (options: { readonly level?: string; readonly mostFileBytes?: number; readonly folder?: string } = {}): EntryLog =>
  new EntryLog({ wall: new ManualWallClock(), write: (text) => void (written += text), folder, ...options, level: logLevel(options.level) });
const kept = (name = 'bot.jsonl'): string[] => {
  const lines = readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
  return lines.map((line) => (JSON.parse(line) as { line: string }).line.split(' - ').at(-1) ?? '');
};

test('a line that is less than the level asks for is not written', () => {
  const log = open({ level: 'warning' });
  log.debug('here', 'one');
  log.info('here', 'two');
  log.warn('here', 'three');
  log.error('here', 'four');
  expect(kept()).toEqual(['three', 'four']);
  open({ level: 'NONE' }).error('here', 'five');
  expect(written.split('\n')).toHaveLength(3);
});

test('a level that nobody knows counts as not given', () => {
  expect(['TRACE', 'error', 'LOUD', '', undefined].map(logLevel)).toEqual(['TRACE', 'ERROR', 'DEBUG', 'DEBUG', 'DEBUG']);
});

test('a file that becomes too large is set aside once, and goes on where an earlier process left it', () => {
  const log = open({ mostFileBytes: 400 });
  for (const text of ['one', 'two', 'three', 'four', 'five', 'six']) log.info('here', text);
  const files = [...kept('bot.jsonl.1'), ...kept()];
  expect(files).toEqual(['one', 'two', 'three', 'four', 'five', 'six'].slice(-files.length));
  expect(files.length).toBeGreaterThan(2);
  open({ mostFileBytes: 4_000 }).info('here', 'seven');
  expect(kept().at(-1)).toBe('seven');
});

test('a folder that cannot be written is told once, and lines go to stderr all the same', () => {
  writeFileSync(join(folder, 'file'), '');
  const log = open({ folder: join(folder, 'file') });
  log.info('here', 'one');
  expect(written).toMatch(/PCC_LOG_DIR cannot be written: \w+\n.* - one\n$/);
});

test('what others write shows no secret, neither in the file nor on the stream', () => {
  const log = open();
  log.hide('planted-token');
  expect(log.stray('stdout', 'a library\nprints planted-token\n')).toBe('a library\nprints ***\n');
  expect(readFileSync(join(folder, 'bot.jsonl'), 'utf8')).not.toContain('planted');
});

test('what others write to a stream is kept by line, under the name of the stream', () => {
  expect(open().stray('stderr', 'one\n\ntwo\n')).toBe('one\n\ntwo\n');
  expect(written).toBe('');
  expect(readFileSync(join(folder, 'bot.jsonl'), 'utf8')).toBe(
    ['one', 'two'].map((line) => `{"@timestamp":"1970-01-01T00:00:00.000Z","stream":"stderr","line":"${line}"}\n`).join(''),
  );
});
