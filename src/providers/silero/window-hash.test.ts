import { describe, expect, it } from 'vitest';
import { WindowHash } from './window-hash.ts';

describe('WindowHash', () => {
  it('gives the same name to the same history, wherever in memory it lies', () => {
    const elsewhere = Int16Array.from([0, ...ramp(1)]).subarray(1);
    expect(hashOf(ramp(0), elsewhere)).toBe(hashOf(ramp(0), ramp(1)));
  });

  it('tells the last window apart by all that came before', () => {
    expect(hashOf(ramp(0), ramp(2))).not.toBe(hashOf(ramp(1), ramp(2)));
    expect(hashOf(ramp(0), ramp(1))).not.toBe(hashOf(ramp(1), ramp(0)));
    expect(hashOf(new Int16Array(512))).not.toBe(hashOf(new Int16Array(1024)));
  });

  it('starts over at a reset', () => {
    const hash = new WindowHash();
    hash.add(ramp(3));
    hash.reset();
    hash.add(ramp(4));
    expect(String(hash)).toBe(hashOf(ramp(4)));
  });

  it('changes about half of its bits with any single bit of the audio', () => {
    const changedBits: number[] = [];
    for (let place = 0; place < 512; place += 5) {
      for (const bit of [0, 7, 15]) {
        const changed = ramp(0);
        changed[place] = (changed[place] as number) ^ (1 << bit);
        changedBits.push(differingBits(hashOf(changed, ramp(9)), hashOf(ramp(0), ramp(9))));
      }
    }
    expect(Math.min(...changedBits)).toBeGreaterThan(8);
    expect(changedBits.reduce((sum, bits) => sum + bits, 0) / changedBits.length).toBeCloseTo(32, -1);
  });

  it('makes no two alike of many windows that differ little', () => {
    const names = new Set<string>();
    const window = new Int16Array(512);
    for (let place = 0; place < 512; place++) {
      for (let value = 1; value <= 100; value++) {
        window[place] = value;
        names.add(hashOf(window));
      }
      window[place] = 0;
    }
    expect(names.size).toBe(51_200);
  });
});

function hashOf(...windows: readonly Int16Array[]): string {
  const hash = new WindowHash();
  for (const window of windows) hash.add(window);
  return String(hash);
}

function ramp(start: number): Int16Array {
  return Int16Array.from({ length: 512 }, (_, i) => start * 100 + i * 3);
}

function differingBits(a: string, b: string): number {
  const difference = BigInt(`0x${a}`) ^ BigInt(`0x${b}`);
  return difference.toString(2).replaceAll('0', '').length;
}
