import { describe, expect, it } from 'vitest';
import { SAMPLE_RATE_HZ } from '../audio/format.ts';
import { meanSquare } from '../audio/level.ts';
import { HighPass } from './high-pass.ts';

describe('HighPass', () => {
  it.each([
    { hz: 50, db: -14 },
    { hz: 100, db: -6 },
    { hz: 200, db: -1.9 },
    { hz: 500, db: -0.3 },
    { hz: 3000, db: 0 },
  ])('passes $hz Hz at $db dB', ({ hz, db }) => {
    const sound = tone(hz);
    const heard = new HighPass().filter(sound);
    // Whole periods, after it has settled.
    const gainDb = 10 * Math.log10(meanSquare(heard, SAMPLE_RATE_HZ / 2) / meanSquare(sound, SAMPLE_RATE_HZ / 2));
    expect(gainDb).toBeCloseTo(db, 0);
  });

  it('passes a track in pieces as it does in one', () => {
    const sound = tone(150);
    const highPass = new HighPass();
    const pieces = [0, 320, 7777].map((from, n, all) => highPass.filter(sound.subarray(from, all[n + 1])));
    expect(pieces.flatMap((piece) => [...piece])).toEqual([...new HighPass().filter(sound)]);
  });

  it('remembers nothing once it was reset', () => {
    const highPass = new HighPass();
    highPass.filter(tone(150).subarray(0, 777));
    highPass.reset();
    expect([...highPass.filter(new Int16Array(80))]).toEqual([...new Float64Array(80)]);
  });
});

function tone(hz: number): Int16Array {
  return Int16Array.from({ length: SAMPLE_RATE_HZ }, (_, i) => 8000 * Math.sin((2 * Math.PI * hz * i) / SAMPLE_RATE_HZ));
}
