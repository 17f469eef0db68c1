/** `--listen`, with the real command and a program that stands where a sound player would. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { FRAME_SAMPLES } from '../../src/audio/format.ts';
import { decodeWav } from '../../src/audio/wav.ts';
import { bottalk, type CommandResult } from '../../src/testing/command-process.ts';
import { listeningMix } from '../../src/tui/listening-mix.ts';

const cwd = mkdtempSync(join(tmpdir(), 'bottalk-listen-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const QUICK = 'llm: { first_token_ms: 50 }, tts: { first_byte_ms: 20 }';
writeFileSync(
  join(cwd, 'short.yaml'),
  `title: Short
turn: { profile: responsive }
agents:
  - { name: Ann, prompt: Greet., ${QUICK}, script: { lines: [Hi Ben., { say: Bye., end: true }] } }
  - { name: Ben, prompt: Answer., ${QUICK}, script: { lines: [Hi Ann.] } }
`,
);

/** A folder with a player of this name in it, that does this with its input. */
function player(name: string, script: string): string {
  const folder = join(cwd, `with-${name}-${script.length}`);
  mkdirSync(folder);
  writeFileSync(join(folder, name), `#!${process.execPath}\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
  return folder;
}

function listen(path: string, ...words: readonly string[]): Promise<CommandResult> {
  return bottalk(['run', 'short.yaml', '--listen', ...words], { cwd, env: { PATH: path } });
}

/** The frames in which something sounds, because a player that was late is spared some silence. */
function loudFrames(tracks: readonly Int16Array[]): string[] {
  const [left = new Int16Array(), right = new Int16Array()] = tracks;
  const frames = Array.from({ length: Math.ceil(left.length / FRAME_SAMPLES) }, (_, i) => i * FRAME_SAMPLES);
  const bytesOf = (track: Int16Array, from: number) => Buffer.from(track.slice(from, from + FRAME_SAMPLES).buffer).toString('base64');
  const silence = bytesOf(new Int16Array(FRAME_SAMPLES), 0);
  return frames.map((from) => `${bytesOf(left, from)} ${bytesOf(right, from)}`).filter((frame) => frame !== `${silence} ${silence}`);
}

describe.concurrent('a run that is listened to', () => {
  test('sounds as its recording does, at real speed, and its player has ended when it ends', async () => {
    const heard = join(cwd, 'heard.wav');
    const path = player('aplay', `require('node:fs').writeFileSync(${JSON.stringify(heard)}, require('node:fs').readFileSync(0))`);
    const { status, errors } = await listen(path, '--out', 'heard', '--quiet');
    expect({ status, errors }).toEqual({ status: 0, errors: '' });
    const recorded = decodeWav(readFileSync(join(cwd, 'heard', 'audio.wav')))?.tracks ?? [];
    const [left = new Int16Array(), right = new Int16Array()] = recorded;
    const played = decodeWav(readFileSync(heard))?.tracks ?? [];
    expect(loudFrames(played)).toEqual(loudFrames(listeningMix(left, right)));
    expect(loudFrames(played).length).toBeGreaterThan(50);
    const { wall_seconds: wallSeconds } = JSON.parse(readFileSync(join(cwd, 'heard', 'run.json'), 'utf8')) as { wall_seconds: number };
    expect(wallSeconds).toBeGreaterThanOrEqual(left.length / 16_000 - 0.02);
  });

  test('goes on unheard when its player dies, and says so once', async () => {
    const path = player('ffplay', 'process.stdin.once("data", () => process.exit(3))');
    const { status, errors } = await listen(path, '--out', 'died', '--json');
    expect({ status, errors }).toEqual({ status: 0, errors: 'warning: ffplay could not play; the call went on unheard\n' });
    expect(existsSync(join(cwd, 'died', 'audio.wav'))).toBe(true);
  });

  test('needs a player that takes sound as it comes, and real speed: else nothing is begun', async () => {
    const afplay = player('afplay', '');
    expect(await listen(afplay, '--out', 'never')).toMatchObject({ status: 2, output: '', errors: expect.stringMatching(/^--listen finds no program that plays sound as it comes \(.*ffplay.*\)\n$/) as string });
    expect(await listen(player('aplay', 'process.exit(1)'), '--out', 'never', '--pace', '20')).toMatchObject({
      status: 2,
      errors: 'a call is listened to at real speed (leave out --pace, or leave out --listen)\n',
    });
    expect(existsSync(join(cwd, 'never'))).toBe(false);
  });
});
