/**
 * How often a comparison with a baseline cries wolf, and how often it sees what is there. Comparisons are made of a
 * pool of runs: whatever two sides of one comparison are made of, no run is in both.
 */
import { type Random, seededRandom } from '../src/base/random.ts';
import { baselineOf, compareToBaseline } from '../src/metrics/baseline.ts';
import type { CaseResult } from '../src/metrics/case-result.ts';
import { RESULTS_SCHEMA, totalsOf } from '../src/metrics/suite-result.ts';
import { wilsonInterval } from '../src/metrics/statistics/rates.ts';
import { range, RunPool, suiteCall } from './suite-runs.ts';

const PAIRS = [10, 12, 30, 100];
const SLOWER_MS = [20, 50, 100];
/** The slower voice is run with the first draws only: those can be held against the same ones, or against the others. */
const SLOWER_DRAWS = 2;

export type StatisticsSize = { readonly comparisons: number; readonly contents: number; readonly draws: number };
export const FULL: StatisticsSize = { comparisons: 200, contents: 200, draws: 10 };
export const SMALL: StatisticsSize = { comparisons: 40, contents: 20, draws: 6 };

export type Pools = { readonly usual: RunPool; readonly slower: ReadonlyMap<number, RunPool> };

export async function runPools({ contents, draws }: StatisticsSize, cacheFolder: string): Promise<Pools> {
  const usual = await RunPool.run(suiteCall({ slowerMs: 0 }), { contents, draws }, cacheFolder);
  const slower = new Map<number, RunPool>();
  for (const slowerMs of SLOWER_MS) {
    slower.set(slowerMs, await RunPool.run(suiteCall({ slowerMs }), { contents, draws: SLOWER_DRAWS }, cacheFolder));
  }
  return { usual, slower };
}

/** Two sides of one comparison: for each pair, which content and latencies each side has. */
type Side = readonly CaseResult[];
type Draw = (pairs: number, random: Random) => readonly [before: Side, after: Side];

/** One row of a table: how often something got worse, for each number of pairs that there are runs for. */
export type Rates = { readonly what: string; readonly found: readonly number[]; readonly comparisons: number };

export function falseAlarms({ usual }: Pools, size: StatisticsSize): Rates[] {
  const same: Draw = (pairs, random) => {
    const chosen = contentsFor(pairs, size, random);
    const draws = chosen.map(() => shuffled(range(1, size.draws), random));
    const side = (which: 0 | 1): Side => chosen.map((content, i) => usual.of(content, draws[i]?.[which] as number));
    return [side(0), side(1)];
  };
  const disjoint: Draw = (pairs, random) => {
    const chosen = contentsFor(2 * pairs, size, random);
    const side = (from: number): Side => chosen.slice(from, from + pairs).map((content) => usual.of(content, 1 + random.int(size.draws)));
    return [side(0), side(pairs)];
  };
  return [
    rates('A/A: same seeds, latencies drawn anew', same, { most: size.contents, size }),
    rates('A/A: other seeds on each side', disjoint, { most: size.contents / 2, size }),
  ];
}

export function detection({ usual, slower }: Pools, size: StatisticsSize): Rates[] {
  return [...slower].flatMap(([slowerMs, pool]) => {
    const anew: Draw = (pairs, random) => {
      const chosen = contentsFor(pairs, size, random);
      const before = chosen.map((content) => usual.of(content, 1 + SLOWER_DRAWS + random.int(size.draws - SLOWER_DRAWS)));
      return [before, chosen.map((content) => pool.of(content, 1 + random.int(SLOWER_DRAWS)))];
    };
    const held: Draw = (pairs, random) => {
      const chosen = contentsFor(pairs, size, random).map((content) => ({ content, draw: 1 + random.int(SLOWER_DRAWS) }));
      return [chosen.map(({ content, draw }) => usual.of(content, draw)), chosen.map(({ content, draw }) => pool.of(content, draw))];
    };
    return [
      rates(`+${slowerMs} ms in one voice, same latencies otherwise`, held, { most: size.contents, size }),
      rates(`+${slowerMs} ms in one voice, latencies drawn anew`, anew, { most: size.contents, size }),
    ];
  });
}

export function tableOf(rows: readonly Rates[]): string[] {
  const head = PAIRS.map((pairs) => `${pairs} pairs`.padStart(11)).join('');
  return [`${''.padEnd(WIDE)}${head}`, ...rows.map(({ what, found, comparisons }) => `${what.padEnd(WIDE)}${found.map((count) => `${((100 * count) / comparisons).toFixed(1)} %`.padStart(11)).join('')}`)];
}

/** All of them together, and what the rate may be. */
export function totalOf(rows: readonly Rates[]): string {
  const found = rows.flatMap((row) => row.found).reduce((sum, count) => sum + count, 0);
  const of = rows.reduce((sum, row) => sum + row.found.length * row.comparisons, 0);
  const [low, high] = wilsonInterval(found, of).map((share) => (100 * share).toFixed(1));
  return `${'A/A in all (aim: at most 1 %)'.padEnd(WIDE)}${`${((100 * found) / of).toFixed(2)} %`.padStart(11)}  ${found} of ${of}, 95 %: ${low} to ${high} %`;
}

const WIDE = 50;

function rates(what: string, draw: Draw, { most, size }: { readonly most: number; readonly size: StatisticsSize }): Rates {
  const { comparisons } = size;
  const worseOf = (pairs: number): number => range(1, comparisons).filter((i) => getsWorse(...draw(pairs, seededRandom(`${what} ${pairs}`).fork(i)))).length;
  const found = PAIRS.filter((pairs) => pairs <= most).map(worseOf);
  return { what, found, comparisons };
}

function contentsFor(count: number, { contents }: StatisticsSize, random: Random): number[] {
  return shuffled(range(1, contents), random).slice(0, count);
}

function getsWorse(before: Side, after: Side): boolean {
  const baseline = baselineOf({ schema: RESULTS_SCHEMA, bottalk: 'bench', started_at: '', wall_secs: 0, stopped: false, totals: totalsOf(before), cases: before });
  return compareToBaseline(baseline, { cases: after }).changes.some(({ judgement }) => judgement === 'worse');
}

function shuffled(values: readonly number[], random: Random): number[] {
  const left = [...values];
  return values.map(() => left.splice(random.int(left.length), 1)[0] as number);
}
