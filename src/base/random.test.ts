import { describe, expect, test } from 'vitest';
import { BugError } from './errors.ts';
import { type Random, seededRandom } from './random.ts';

const DRAWS = 20_000;

describe('one seed', () => {
  test('always gives this stream: a change would change every run ever recorded', () => {
    const random = seededRandom(7);
    expect([random.next(), random.int(1000), random.chance(0.5), random.pick(['a', 'b', 'c']), random.hex(12)]).toMatchInlineSnapshot(`
      [
        0.15986893000081182,
        996,
        false,
        "a",
        "5c6fdc4bf471",
      ]
    `);
    expect(seededRandom(7).fork('agent').fork('Sarah').hex(32)).toMatchInlineSnapshot(`"78bfd145d33f473f479c6f516a9ac82e"`);
  });

  test('is the same as a number and as its digits', () => {
    expect(seededRandom(7).hex(64)).toBe(seededRandom('7').hex(64));
    expect(seededRandom(1).fork(2).hex(64)).toBe(seededRandom(1).fork('2').hex(64));
  });

  test('gives another stream than its neighbours', () => {
    const streams = [-1, 0, 1, 2, 7, 8, 70, 77, '', ' ', 'a', 'A', 1.5].map((seed) => seededRandom(seed).hex(32));
    expect(new Set(streams).size).toBe(streams.length);
  });
});

describe('a fork', () => {
  test('hangs on the seed and its labels alone, never on how many draws were made', () => {
    const used = seededRandom(7);
    for (let i = 0; i < 100; i++) used.next();
    used.fork('other').next();
    expect(used.fork('Sarah').hex(64)).toBe(seededRandom(7).fork('Sarah').hex(64));
  });

  test('moves nothing in its parent', () => {
    const [parent, other] = [seededRandom(7), seededRandom(7)];
    parent.fork('Sarah').next();
    expect(parent.hex(64)).toBe(other.hex(64));
  });

  test('of each path of labels is a stream of its own', () => {
    const root = seededRandom(1);
    const forks = [root, root.fork('ab').fork('c'), root.fork('a').fork('bc'), root.fork('abc'), root.fork('abc').fork(''), root.fork(''), seededRandom('1abc'), seededRandom(11)];
    expect(new Set(forks.map((random) => random.hex(32))).size).toBe(forks.length);
  });

  test('is as good as a draw: the first numbers of neighbouring labels are even and unrelated', () => {
    const root = seededRandom(3);
    const firsts = Array.from({ length: DRAWS }, (_, i) => root.fork('latency').fork(`reply-${i}/0`).next());
    expectEven(firsts);
    const products = firsts.slice(1).map((x, i) => (x - 0.5) * ((firsts[i] as number) - 0.5) * 12);
    expect(Math.abs(meanOf(products))).toBeLessThan(0.03);
  });
});

describe('draws', () => {
  test('are even in [0, 1)', () => {
    const draws = many((random) => random.next());
    expect(draws.every((x) => x >= 0 && x < 1)).toBe(true);
    expectEven(draws);
  });

  test('of whole numbers are even below the bound', () => {
    const draws = many((random) => random.int(10));
    expect(new Set(draws)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    expectEven(draws.map((n) => (n + 0.5) / 10), 10);
    expect(many((random) => random.int(1)).every((n) => n === 0)).toBe(true);
  });

  test('of chances come as often as they should, and always take one number', () => {
    expect(meanOf(many((random) => Number(random.chance(0.3))))).toBeCloseTo(0.3, 1);
    expect(many((random) => random.chance(0)).some(Boolean)).toBe(false);
    expect(many((random) => random.chance(1)).every(Boolean)).toBe(true);
    const [sure, unsure] = [seededRandom(1), seededRandom(1)];
    sure.chance(1);
    unsure.chance(0.5);
    expect(sure.next()).toBe(unsure.next());
  });

  test('from a list take every item; from an empty list they are a bug of ours', () => {
    expect(new Set(many((random) => random.pick(['x', 'y', 'z'])))).toEqual(new Set(['x', 'y', 'z']));
    expect(() => seededRandom(1).pick([])).toThrow(BugError);
  });

  test('of hexadecimal digits are as many as asked for', () => {
    const random = seededRandom(1);
    for (const digits of [0, 1, 6, 8, 9, 32]) expect(random.hex(digits)).toMatch(new RegExp(`^[0-9a-f]{${digits}}$`));
  });

  test('of the normal distribution have mean 0, deviation 1 and its quantiles', () => {
    const draws = many((random) => random.normal());
    const share = (isIn: (x: number) => boolean): number => draws.filter(isIn).length / DRAWS;
    expect(meanOf(draws)).toBeCloseTo(0, 1);
    expect(Math.sqrt(meanOf(draws.map((x) => x * x)))).toBeCloseTo(1, 1);
    expect(share((x) => Math.abs(x) < 1)).toBeCloseTo(0.6827, 1);
    expect(share((x) => x > 1.6449)).toBeCloseTo(0.05, 2);
    expect(share((x) => x < -1.6449)).toBeCloseTo(0.05, 2);
    expect(draws.every(Number.isFinite)).toBe(true);
  });
});

function many<T>(draw: (random: Random) => T): T[] {
  const random = seededRandom('many');
  return Array.from({ length: DRAWS }, () => draw(random));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Chi-squared over the bins stays below what chance exceeds once in a million; the seeds are fixed, so it never flickers. */
function expectEven(values: readonly number[], bins = 64): void {
  const counts = new Uint32Array(bins);
  for (const value of values) counts[Math.floor(value * bins)] = (counts[Math.floor(value * bins)] as number) + 1;
  const expected = values.length / bins;
  const chiSquared = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // Wilson and Hilferty's approximation of that quantile.
  const freedom = bins - 1;
  expect(chiSquared).toBeLessThan(freedom * (1 - 2 / (9 * freedom) + 4.75 * Math.sqrt(2 / (9 * freedom))) ** 3);
}
