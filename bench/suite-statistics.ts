/**
 * How often a comparison with a baseline cries wolf, and how often it sees what is there. Comparisons are made of a
 * pool of runs: whatever two sides of one comparison are made of, no run is in both.
 */
import { type Random, seededRandom } from '../src/base/random.ts';
import { baselineOf, compareToBaseline } from '../src/metrics/baseline.ts';
import type { CaseResult } from '../src/metrics/case-result.ts';
import { RESULTS_SCHEMA, totalsOf } from '../src/metrics/suite-result.ts';
import { range, RunPool, suiteCall } from './suite-runs.ts';

const PAIRS = [10, 30, 100];
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

/** Lines of rates, one for each number of pairs. */
export function falseAlarms({ usual }: Pools, size: StatisticsSize): string[] {
  const same: Draw = (pairs, random) => {
    const chosen = shuffled(range(1, size.contents), random).slice(0, pairs);
    const draws = chosen.map(() => shuffled(range(1, size.draws), random));
    const side = (which: 0 | 1): Side => chosen.map((content, i) => usual.of(content, draws[i]?.[which] as number));
    return [side(0), side(1)];
  };
  const disjoint: Draw = (pairs, random) => {
    const chosen = shuffled(range(1, size.contents), random).slice(0, 2 * pairs);
    const side = (from: number): Side => chosen.slice(from, from + pairs).map((content) => usual.of(content, 1 + random.int(size.draws)));
    return [side(0), side(pairs)];
  };
  return [
    ...rates('A/A, same seeds, latencies drawn anew', { draw: same, most: size.contents, size }),
    ...rates('A/A, other seeds on each side', { draw: disjoint, most: size.contents / 2, size }),
  ];
}

export function detection({ usual, slower }: Pools, size: StatisticsSize): string[] {
  return SLOWER_MS.flatMap((slowerMs) => {
    const pool = slower.get(slowerMs) as RunPool;
    const anew: Draw = (pairs, random) => {
      const chosen = shuffled(range(1, size.contents), random).slice(0, pairs);
      return [chosen.map((content) => usual.of(content, 1 + SLOWER_DRAWS + random.int(size.draws - SLOWER_DRAWS))), chosen.map((content) => pool.of(content, 1 + random.int(SLOWER_DRAWS)))];
    };
    const held: Draw = (pairs, random) => {
      const chosen = shuffled(range(1, size.contents), random).slice(0, pairs).map((content) => ({ content, draw: 1 + random.int(SLOWER_DRAWS) }));
      return [chosen.map(({ content, draw }) => usual.of(content, draw)), chosen.map(({ content, draw }) => pool.of(content, draw))];
    };
    return [
      ...rates(`+${slowerMs} ms in one voice, latencies held`, { draw: held, most: size.contents, size }),
      ...rates(`+${slowerMs} ms in one voice, latencies drawn anew`, { draw: anew, most: size.contents, size }),
    ];
  });
}

function rates(what: string, { draw, most, size }: { readonly draw: Draw; readonly most: number; readonly size: StatisticsSize }): string[] {
  const parts = PAIRS.filter((pairs) => pairs <= most).map((pairs) => {
    let found = 0;
    for (let i = 0; i < size.comparisons; i++) if (getsWorse(...draw(pairs, seededRandom(`${what} ${pairs}`).fork(i)))) found += 1;
    return `${pairs}: ${((100 * found) / size.comparisons).toFixed(1)} %`.padStart(14);
  });
  return [`${what.padEnd(52)}${parts.join('')}`];
}

function getsWorse(before: Side, after: Side): boolean {
  const baseline = baselineOf({ schema: RESULTS_SCHEMA, bottalk: 'bench', started_at: '', wall_secs: 0, stopped: false, totals: totalsOf(before), cases: before });
  return compareToBaseline(baseline, { cases: after }).changes.some(({ judgement }) => judgement === 'worse');
}

function shuffled(values: readonly number[], random: Random): number[] {
  const left = [...values];
  return values.map(() => left.splice(random.int(left.length), 1)[0] as number);
}
