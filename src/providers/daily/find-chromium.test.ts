import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findChromium } from './find-chromium.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bottalk-machine-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('the headless shell is preferred to the whole browser, and the program to the wrapper on the PATH', () => {
  install('usr/bin/chromium');
  const env = { PATH: join(root, 'usr/bin') };
  expect(findChromium({ env, platform: 'linux', root })).toBe(join(root, 'usr/bin/chromium'));
  install('usr/lib/chromium/chromium');
  expect(findChromium({ env, platform: 'linux', root })).toBe(join(root, 'usr/lib/chromium/chromium'));
  install('usr/lib/chromium/chromium-headless-shell');
  expect(findChromium({ env, platform: 'linux', root })).toBe(join(root, 'usr/lib/chromium/chromium-headless-shell'));
});

test('BOTTALK_CHROMIUM wins, and has to name a program', () => {
  install('usr/lib/chromium/chromium');
  const own = install('home/me/my-browser');
  expect(findChromium({ env: { BOTTALK_CHROMIUM: own }, platform: 'linux', root })).toBe(own);
  expect(() => findChromium({ env: { BOTTALK_CHROMIUM: join(root, 'nowhere') }, platform: 'linux', root })).toThrow(
    `BOTTALK_CHROMIUM names ${join(root, 'nowhere')}, and no program is there (unset it to search the usual places)`,
  );
});

test('where there is none, one command that installs it is named', () => {
  const search = (platform: NodeJS.Platform) => () => findChromium({ env: { PATH: join(root, 'bin') }, platform, root });
  const sentence = 'a Daily room needs Chromium, and there is none on this machine';
  expect(search('linux')).toThrow(`${sentence} (sudo apt-get install --no-install-recommends chromium-headless-shell)`);
  install('bin/dnf');
  expect(search('linux')).toThrow(`${sentence} (sudo dnf install chromium-headless)`);
  expect(search('darwin')).toThrow(`${sentence} (brew install --cask chromium)`);
  expect(search('win32')).toThrow('a Daily room needs Linux or macOS');
});

function install(path: string): string {
  const program = join(root, path);
  mkdirSync(dirname(program), { recursive: true });
  writeFileSync(program, '#!/bin/sh\n');
  chmodSync(program, 0o755);
  return program;
}
