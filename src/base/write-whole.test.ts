import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeWhole } from './write-whole.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bottalk-write-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('replaces a file and leaves nothing beside it', () => {
  const path = join(folder, 'a.txt');
  writeFileSync(path, 'old');
  writeWhole(path, 'new');
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(readdirSync(folder)).toEqual(['a.txt']);
});

test('leaves what is there when it cannot be replaced', () => {
  const path = join(folder, 'in the way');
  mkdirSync(path);
  expect(() => writeWhole(path, 'new')).toThrow('EISDIR');
  expect(existsSync(path)).toBe(true);
  expect(readdirSync(folder)).toEqual(['in the way']);
});
