import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import { openFile } from './open-file.ts';

const before = process.env['PATH'];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bottalk-open-'));
  process.env['PATH'] = folder;
});
afterEach(() => {
  process.env['PATH'] = before;
  rmSync(folder, { recursive: true, force: true });
});

function opener(script: string): void {
  writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'xdg-open'), 0o755);
}

const open = (file: string): Promise<string | undefined> => openFile(file, { wall, platform: 'linux', patienceMs: 30_000 });

test.skipIf(process.platform === 'win32')('the desktop is given the file by its whole name', async () => {
  opener(`echo "$1" > ${folder}/asked`);
  expect(await open('report.html')).toBeUndefined();
  expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe(`${join(process.cwd(), 'report.html')}\n`);
});

test.skipIf(process.platform === 'win32')('a desktop that refuses, or is not there, is told of', async () => {
  expect(await open('report.html')).toBe('xdg-open could not be started');
  opener('exit 3');
  expect(await open('report.html')).toBe('xdg-open could not open it');
});
