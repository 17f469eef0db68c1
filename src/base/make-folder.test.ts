import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeFolder } from './make-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'bottalk-folders-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('makes a folder with all that are missing above it, and leaves one that is there', () => {
  const path = join(root, 'a/b/c');
  makeFolder(path);
  makeFolder(path);
  makeFolder(join(path, '..'));
  expect(statSync(path).isDirectory()).toBe(true);
});

it('says so when a file is in the way, of the folder or of one above it', () => {
  writeFileSync(join(root, 'file'), '');
  expect(() => makeFolder(join(root, 'file'))).toThrow('EEXIST');
  expect(() => makeFolder(join(root, 'file/below/that'))).toThrow('ENOTDIR');
});

it('gives up where nothing can be made', () => {
  expect(() => makeFolder('')).toThrow('ENOENT');
});

it.runIf(existsSync('/proc/self'))('gives up where the system pretends that the parent is missing', () => {
  expect(() => makeFolder('/proc/nope')).toThrow(/ENOENT|EACCES|EPERM/);
  expect(() => makeFolder('/proc/nope/below')).toThrow(/ENOENT|EACCES|EPERM/);
});
