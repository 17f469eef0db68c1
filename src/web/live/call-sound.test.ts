import { describe, expect, test } from 'vitest';
import { CallSound } from './call-sound.ts';

const BLOCK = 128;

/** Plays so many blocks; what the left and the right ear heard. */
function play(sound: CallSound, blocks: number): [Float32Array, Float32Array] {
  const sides: [Float32Array, Float32Array] = [new Float32Array(blocks * BLOCK), new Float32Array(blocks * BLOCK)];
  for (let i = 0; i < blocks; i++) sound.render(sides[0].subarray(i * BLOCK, (i + 1) * BLOCK), sides[1].subarray(i * BLOCK, (i + 1) * BLOCK));
  return sides;
}

function tone({ hz, samples }: { readonly hz: number; readonly samples: number }): Int16Array {
  return Int16Array.from({ length: samples }, (_, i) => 10_000 * Math.sin((2 * Math.PI * hz * i) / 16_000));
}

/** How often a wave crosses zero upwards in a second. */
function pitchHz(samples: Float32Array): number {
  const crossings = samples.filter((sample, i) => sample >= 0 && (samples[i - 1] ?? 0) < 0).length;
  return (crossings * 16_000) / samples.length;
}

describe('the sound of a call', () => {
  test('is the very samples that came, each speaker mostly in its own ear', () => {
    const sound = new CallSound();
    const first = Int16Array.from({ length: 8_000 }, (_, i) => i + 1);
    sound.tell({ kind: 'sound', order: 0, callMs: 0, samples: first });
    sound.tell({ kind: 'sound', order: 1, callMs: 100, samples: new Int16Array(320).fill(-8_192) });
    sound.tell({ kind: 'known', callMs: 500 });
    const [left, right] = play(sound, 20);
    for (let i = 0; i < 1_600; i++) expect(left[i]).toBeCloseTo((0.85 * (i + 1)) / 32_768, 6);
    expect(right[1_600]).toBeCloseTo((0.5 * 1_601) / 32_768 - 0.85 / 4, 6);
  });

  test('is silence where nothing was told, and what comes too late is left out', () => {
    const sound = new CallSound();
    sound.tell({ kind: 'known', callMs: 2_500 });
    play(sound, 250);
    sound.tell({ kind: 'sound', order: 0, callMs: 0, samples: new Int16Array(1_600).fill(9_000) });
    const [left] = play(sound, 10);
    expect(left.every((sample) => sample === 0)).toBe(true);
  });

  test('keeps its pitch at twice the speed', () => {
    const sound = new CallSound();
    sound.tell({ kind: 'pace', speed: 2, paused: false });
    sound.tell({ kind: 'sound', order: 0, callMs: 0, samples: tone({ hz: 220, samples: 32_000 }) });
    sound.tell({ kind: 'known', callMs: 2_000 });
    const [left] = play(sound, 100);
    expect(pitchHz(left.subarray(1_000))).toBeGreaterThan(210);
    expect(pitchHz(left.subarray(1_000))).toBeLessThan(230);
    expect(sound.played().callMs).toBeCloseTo((2 * 100 * BLOCK) / 16, 0);
  });

  test('tells how loud each speaker was since it was last asked', () => {
    const sound = new CallSound();
    sound.tell({ kind: 'sound', order: 1, callMs: 0, samples: new Int16Array(8_000).fill(16_384) });
    sound.tell({ kind: 'known', callMs: 500 });
    play(sound, 10);
    const { levels } = sound.played();
    expect(levels[0]).toBe(0);
    expect(levels[1]).toBeCloseTo(0.5, 3);
    sound.tell({ kind: 'pace', speed: 1, paused: true });
    play(sound, 10);
    expect(sound.played().levels.every((level) => level === undefined || level === 0)).toBe(true);
  });

  test('goes on at the place where another player was', () => {
    const sound = new CallSound();
    sound.tell({ kind: 'call', call: 2, fromMs: 5_000 });
    expect(sound.played()).toMatchObject({ call: 2, callMs: 5_000 });
  });
});
