/**
 * Summaries of many values. Percentiles are taken as Pipecat's dashboards take them, sorted[floor(n * p)], so that a
 * figure means the same there and here; at n = 20 the 95th percentile is the maximum.
 */
import { round2, roundShare } from './rounding.ts';

/** Two decimals, in the unit of the values; all null when there are none. */
export type Summary = {
  readonly n: number;
  readonly avg: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly min: number | null;
  readonly max: number | null;
};

/** A share with the counts that it comes from; null when nothing was counted. */
export type Rate = { readonly rate: number | null; readonly count: number; readonly of: number };

/** With fewer values than this a 95th percentile says little; reports warn. */
export const TAIL_NEEDS_VALUES = 20;

/** Summarises what is known; unknown values (null) do not count, zeros do. */
export function summarize(values: readonly (number | null)[]): Summary {
  const known = values.filter((value) => value !== null).toSorted((a, b) => a - b);
  if (known.length === 0) return { n: 0, avg: null, p50: null, p90: null, p95: null, min: null, max: null };
  return {
    n: known.length,
    avg: round2(known.reduce((sum, value) => sum + value, 0) / known.length),
    p50: round2(median(known)),
    p90: round2(percentile(known, 0.9)),
    p95: round2(percentile(known, 0.95)),
    min: round2(known[0] as number),
    max: round2(known.at(-1) as number),
  };
}

/** sorted[floor(n * share)], never past the end; the list must be sorted and not empty. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] as number;
}

/** The true median, the mean of the two middle values when there is no middle one; the list must be sorted and not empty. */
export function median(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** `count` of `of`. */
export function rateOf(count: number, of: number): Rate {
  return { rate: of === 0 ? null : roundShare(count / of), count, of };
}
