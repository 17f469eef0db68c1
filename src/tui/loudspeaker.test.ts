import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { audioFrame, SILENCE } from '../audio/frame.ts';
import { FRAME_MS, FRAME_SAMPLES } from '../audio/format.ts';
import { decodeWav } from '../audio/wav.ts';
import { ManualWallClock } from '../testing/manual-wall-clock.ts';
import { isAlive, until } from '../testing/until.ts';
import { Loudspeaker } from './loudspeaker.ts';
import type { SoundCommand } from './sound-player.ts';

const folder = mkdtempSync(join(tmpdir(), 'bottalk-loudspeaker-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program that stands where a sound player would; its file `heard` has what it was given. */
function player(name: string, script: string): SoundCommand & { readonly heard: string } {
  const command = join(folder, name);
  const heard = `${command}.heard`;
  writeFileSync(command, `#!/bin/sh\n${script.replaceAll('HEARD', heard)}\n`);
  chmodSync(command, 0o755);
  return { command, args: [], input: 'pipe', heard };
}

const constant = (value: number) => audioFrame(new Int16Array(FRAME_SAMPLES).fill(value));

/** The level of each frame on both sides, with how often it came. */
function levels({ heard }: { readonly heard: string }): string[] {
  const [left = new Int16Array(), right = new Int16Array()] = decodeWav(readFileSync(heard))?.tracks ?? [];
  const frames = Array.from({ length: left.length / FRAME_SAMPLES }, (_, i) => `${left[i * FRAME_SAMPLES]}/${right[i * FRAME_SAMPLES]}`);
  return frames.reduce<string[]>((runs, level) => {
    const [last, count] = runs.at(-1)?.split(' x ') ?? [];
    return last === level ? [...runs.slice(0, -1), `${level} x ${Number(count) + 1}`] : [...runs, `${level} x 1`];
  }, []);
}

function open(sound: SoundCommand, onFailed: (message: string) => void = expect.unreachable, wall = new ManualWallClock()) {
  const speaker = new Loudspeaker({ player: sound, wall, left: 'Ann', right: 'Ben', onFailed });
  /** The frames of a moment, in a call that keeps to real time. */
  const tick = (n: number, frames: Readonly<Record<string, number>>): void => {
    for (const [name, level] of Object.entries(frames)) speaker.hear(name, level === 0 ? SILENCE : constant(level), n);
    wall.advance(FRAME_MS);
  };
  return { speaker, wall, tick };
}

describe('a call that is heard while it runs', () => {
  test('comes as it was sent, each voice mostly in its own ear and a guest in both', async () => {
    const listener = player('all', 'cat > HEARD');
    const { speaker, tick } = open(listener);
    for (let n = 0; n < 20; n += 1) tick(n, { Ann: n < 10 ? 1000 : 0, Ben: n < 10 ? 0 : 2000, Guest: n < 5 ? 100 : 0 });
    await speaker.finish();
    expect(levels(listener)).toEqual(['985/635 x 5', '850/500 x 5', '1000/1700 x 10']);
  });

  test('has its voices side by side although they come a little apart', async () => {
    const listener = player('apart', 'cat > HEARD');
    const { speaker, tick } = open(listener);
    for (let n = 0; n < 30; n += 1) tick(n, { Ann: 1000 });
    for (let n = 21; n < 30; n += 1) speaker.hear('Ben', constant(2000), n);
    await speaker.finish();
    expect(levels(listener)).toEqual(['850/500 x 21', '1850/2200 x 9']);
  });

  test('has its short gaps, but not the time in which nothing was recorded', async () => {
    const listener = player('gaps', 'cat > HEARD');
    const { speaker, tick } = open(listener);
    tick(100, { Ann: 1000 });
    tick(103, { Ann: 1000 });
    tick(3000, { Ann: 1000 });
    await speaker.finish();
    expect(levels(listener)).toEqual(['850/500 x 1', '0/0 x 2', '850/500 x 2']);
  });

  test('catches up after it stood still: silence is left out first', async () => {
    const listener = player('late', 'cat > HEARD');
    const { speaker, tick, wall } = open(listener);
    const burst = 200;
    for (let n = 0; n < burst; n += 1) speaker.hear('Ann', n < 100 ? constant(1000) : SILENCE, n);
    wall.advance(burst * FRAME_MS);
    for (let n = burst; n < burst + 20; n += 1) tick(n, { Ann: 1000 });
    await speaker.finish();
    expect(levels(listener)).toEqual(['850/500 x 100', '0/0 x 10', '850/500 x 20']);
  });

  test('is bounded in what waits for a player that takes nothing', async () => {
    const { speaker, tick } = open(player('deaf', 'exec sleep 60'));
    for (let n = 0; n < 3000; n += 1) tick(n, { Ann: 1000 });
    expect(speaker.waitingBytes).toBeLessThan(300_000);
    speaker.stop();
  });

  test('goes on unheard when the player dies, which is told once', async () => {
    const told = Promise.withResolvers<string>();
    const dying = player('dying', 'head -c 1000 > HEARD; exit 3');
    const { speaker, tick } = open(dying, told.resolve);
    for (let n = 0; n < 100; n += 1) tick(n, { Ann: 1000 });
    expect(await told.promise).toBe(`${dying.command} could not play`);
    tick(100, { Ann: 1000 });
    await speaker.finish();
    const early = Promise.withResolvers<string>();
    const leaving = player('leaving', 'exit 0');
    const again = open(leaving, early.resolve);
    for (let n = 0; n < 20; n += 1) again.tick(n, { Ann: 1 });
    expect(await early.promise).toBe(`${leaving.command} ended before the call`);
  });

  test('does not wait for a player that never comes to its end', async () => {
    const stuck = player('stuck', 'echo $$ > HEARD.part; mv HEARD.part HEARD; exec sleep 60');
    const { speaker, tick, wall } = open(stuck);
    for (let n = 0; n < 20; n += 1) tick(n, { Ann: 1 });
    await until(() => existsSync(stuck.heard));
    const finished = speaker.finish();
    wall.advance(10_000);
    await finished;
    expect(isAlive(Number(readFileSync(stuck.heard, 'utf8')))).toBe(false);
  });

  test('makes no process for a call in which nothing was recorded', async () => {
    const never = player('never', 'touch HEARD');
    const { speaker } = open(never);
    await speaker.finish();
    speaker.stop();
    expect(existsSync(never.heard)).toBe(false);
  });
});
