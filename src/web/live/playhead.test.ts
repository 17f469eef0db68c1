import { describe, expect, test } from 'vitest';
import { Playhead } from './playhead.ts';

const BLOCK = 128;
const never = (): boolean => false;
const always = (): boolean => true;

/** Plays so many blocks, and says how many samples of the call that were. */
function play(playhead: Playhead, blocks: number, isQuiet = never): number {
  let samples = 0;
  for (let i = 0; i < blocks; i++) samples += playhead.step(BLOCK, isQuiet).samples;
  return samples;
}

describe('the playhead', () => {
  test('waits until it has something in hand, then goes on sample by sample', () => {
    const playhead = new Playhead();
    playhead.know(1_600);
    expect(play(playhead, 10)).toBe(0);
    playhead.know(8_000);
    expect(playhead.step(BLOCK, never)).toEqual({ from: 0, samples: BLOCK });
    expect(playhead.step(BLOCK, never)).toEqual({ from: BLOCK, samples: BLOCK });
  });

  test('stops where nothing is known any more, and begins again with as much in hand as at first', () => {
    const playhead = new Playhead();
    playhead.know(6_400);
    expect(play(playhead, 100)).toBe(6_400);
    playhead.know(8_000);
    expect(play(playhead, 10)).toBe(0);
    playhead.know(11_200);
    expect(play(playhead, 10)).toBe(10 * BLOCK);
  });

  test('plays to the very end when the call is over', () => {
    const playhead = new Playhead();
    playhead.know(1_000);
    playhead.finish();
    expect(play(playhead, 20)).toBe(1_000);
    expect(playhead.position).toBe(1_000);
  });

  test('is twice as fast when asked to be, and stands while it is paused', () => {
    const playhead = new Playhead();
    playhead.know(64_000);
    playhead.pace(2, false);
    expect(play(playhead, 10)).toBe(2 * 10 * BLOCK);
    playhead.pace(2, true);
    expect(play(playhead, 10)).toBe(0);
  });

  test('is where the call is at full speed, and plays nothing', () => {
    const playhead = new Playhead();
    playhead.pace('max', false);
    playhead.know(1_000_000);
    expect(play(playhead, 1)).toBe(0);
    expect(playhead.position).toBe(1_000_000);
  });

  test('catches up in silence after a stall, and never in the midst of speech', () => {
    const playhead = new Playhead();
    playhead.know(32_000);
    play(playhead, 1, never);
    expect(playhead.position).toBe(BLOCK);
    play(playhead, 1, always);
    expect(playhead.position).toBeGreaterThan(20_000);
    expect(playhead.position).toBeLessThan(32_000);
  });

  test('leaves speech out when it is seconds late', () => {
    const playhead = new Playhead();
    playhead.know(160_000);
    play(playhead, 1, never);
    expect(playhead.position).toBe(160_000 - 4_800 + BLOCK);
  });
});
