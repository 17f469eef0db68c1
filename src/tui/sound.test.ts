import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { decodeWav, encodeWav } from '../audio/wav.ts';
import { isAlive, until } from '../testing/until.ts';
import { Sound } from './sound.ts';
import { findSoundCommand, type SoundCommand } from './sound-player.ts';

const folder = mkdtempSync(join(tmpdir(), 'bottalk-sound-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program that stands where a sound player would. */
function program(name: string, script: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

const audioFile = join(folder, 'audio.wav');
writeFileSync(audioFile, encodeWav([Int16Array.from({ length: 32_000 }, (_, i) => (i < 16_000 ? 1000 : 0)), new Int16Array(32_000).fill(-2000)]));

test('the first player that is installed is taken, and none is no fault', () => {
  expect(findSoundCommand(folder)).toBeUndefined();
  program('ffplay', 'true');
  expect(findSoundCommand(`/nowhere:${folder}`)?.command).toBe('ffplay');
  program('aplay', 'true');
  expect(findSoundCommand(folder)?.command).toBe('aplay');
});

test('a player is given the call from that moment on, each voice mostly in its own ear', async () => {
  const heard = join(folder, 'heard.wav');
  const player: SoundCommand = { command: program('listen', `cat > ${heard}.part && mv ${heard}.part ${heard}`), args: [], input: 'pipe' };
  const sound = new Sound({ audioFile, player, onFailed: expect.unreachable });
  sound.start(1500);
  await until(() => existsSync(heard));
  const tracks = decodeWav(readFileSync(heard))?.tracks;
  expect(tracks?.map((track) => [track.length, track[0]])).toEqual([
    [8000, -1000],
    [8000, -1700],
  ]);
  sound.stop();
});

test('a player that wants a file gets one, and it is gone when the sound stops', async () => {
  const told = join(folder, 'told');
  const player: SoundCommand = { command: program('show', `printf %s "$1" > ${told}.part && mv ${told}.part ${told}; exec sleep 60`), args: [], input: 'file' };
  const sound = new Sound({ audioFile, player, onFailed: expect.unreachable });
  sound.start(0);
  await until(() => existsSync(told));
  const file = readFileSync(told, 'utf8');
  expect(decodeWav(readFileSync(file))?.tracks[0]).toHaveLength(32_000);
  sound.stop();
  expect(existsSync(file)).toBe(false);
});

test('a player is told no keys', async () => {
  process.env['ELEVENLABS_API_KEY'] = 'planted-key';
  const told = join(folder, 'environment');
  const player: SoundCommand = { command: program('tell', `env > ${told}.part && mv ${told}.part ${told}`), args: [], input: 'pipe' };
  const sound = new Sound({ audioFile, player, onFailed: expect.unreachable });
  sound.start(0);
  await until(() => existsSync(told));
  delete process.env['ELEVENLABS_API_KEY'];
  expect(readFileSync(told, 'utf8')).toMatch(/^PATH=/m);
  expect(readFileSync(told, 'utf8')).not.toMatch(/planted|_KEY=/);
  sound.stop();
});

test('stopping ends the player for good', async () => {
  const pidFile = join(folder, 'pid');
  const player: SoundCommand = { command: program('forever', `echo $$ > ${pidFile}.part && mv ${pidFile}.part ${pidFile}; exec sleep 60`), args: [], input: 'pipe' };
  const sound = new Sound({ audioFile, player, onFailed: expect.unreachable });
  sound.start(0);
  await until(() => existsSync(pidFile));
  const pid = Number(readFileSync(pidFile, 'utf8'));
  sound.stop();
  await until(() => !isAlive(pid));
  expect(isAlive(pid)).toBe(false);
});

test('a player that fails, or a recording that is none, is told once', async () => {
  const messages: string[] = [];
  const onFailed = (message: string): void => void messages.push(message);
  new Sound({ audioFile, player: { command: program('broken', 'exit 1'), args: [], input: 'pipe' }, onFailed }).start(0);
  await until(() => messages.length === 1);
  new Sound({ audioFile: join(folder, 'nothing.wav'), player: { command: 'true', args: [], input: 'pipe' }, onFailed }).start(0);
  expect(messages).toEqual([`${join(folder, 'broken')} could not play`, 'the recording cannot be read']);
});
