import { describe, expect, it } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { mishear } from './mishearing.ts';

const WORDS = ['two', 'fifteen', "can't", 'the', 'machine', 'constructor', 'and', 'you'];

function misheard(errorRate: number, seed: number): readonly string[] {
  const random = seededRandom(seed);
  return Array.from({ length: 8000 }, (_, n) => mishear(WORDS[n % WORDS.length] as string, errorRate, random));
}

describe('mishear', () => {
  it.each([0.05, 0.3, 0.9])('gets words wrong at a rate of %s, some of them left out', (rate) => {
    const heard = misheard(rate, 1);
    const wrong = heard.filter((word, n) => word !== WORDS[n % WORDS.length]);
    expect(Math.abs(wrong.length / heard.length - rate)).toBeLessThan(0.015);
    const dropped = wrong.filter((word) => word === '').length / wrong.length;
    expect(dropped).toBeGreaterThan(0.3);
    expect(dropped).toBeLessThan(0.5);
  });

  it('makes the same mistakes from the same seed, and others from another', () => {
    expect(misheard(0.3, 5)).toEqual(misheard(0.3, 5));
    expect(misheard(0.3, 5)).not.toEqual(misheard(0.3, 6));
  });

  it('leaves every word alone at a rate of 0', () => {
    expect(misheard(0, 1).every((word, n) => word === WORDS[n % WORDS.length])).toBe(true);
  });
});
