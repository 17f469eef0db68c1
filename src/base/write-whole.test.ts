import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
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

test('keeps the mode of a file, and a link to it', () => {
  const [path, link] = [join(folder, 'a.txt'), join(folder, 'b.txt')];
  writeFileSync(path, 'old');
  chmodSync(path, 0o440);
  symlinkSync('a.txt', link);
  writeWhole(link, 'new');
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(statSync(path).mode & 0o777).toBe(0o440);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
});

test('leaves what is there when it cannot be replaced', () => {
  const path = join(folder, 'in the way');
  mkdirSync(path);
  expect(() => writeWhole(path, 'new')).toThrow('in the way is a folder');
  expect(existsSync(path)).toBe(true);
  expect(readdirSync(folder)).toEqual(['in the way']);
});
