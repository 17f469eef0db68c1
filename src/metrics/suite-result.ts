/** What a whole test run came to: its cases, and what follows from them. This is what results.json holds. */
import type { CaseIdentity, CaseResult } from './case-result.ts';
import { VERDICTS, type Verdict } from './verdict.ts';

/** Raised whenever a field changes its meaning or goes; new fields may come without. */
export const RESULTS_SCHEMA = 1;

export type SuiteResult = {
  readonly schema: typeof RESULTS_SCHEMA;
  readonly bottalk: string;
  /** ISO 8601. */
  readonly started_at: string;
  readonly wall_secs: number;
  /** True when it was stopped before every case had run. */
  readonly stopped: boolean;
  readonly totals: Readonly<Record<Verdict, number>>;
  /** In the order of the plan, whoever finished first. */
  readonly cases: readonly CaseResult[];
  /** There where it was stopped: whose turn never came. */
  readonly not_run?: readonly CaseIdentity[];
  /** There where it was one part of so many, counted from 1. */
  readonly shard?: Shard;
};

export type Shard = { readonly index: number; readonly of: number };

export function totalsOf(cases: readonly Pick<CaseResult, 'verdict'>[]): Readonly<Record<Verdict, number>> {
  const totals = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0])) as Record<Verdict, number>;
  for (const { verdict } of cases) totals[verdict] += 1;
  return totals;
}

/** One word for all of it, the weightiest first: a failure was found, whatever else was broken. */
export function suiteVerdict({ totals }: Pick<SuiteResult, 'totals'>): Verdict {
  if (totals.cancelled > 0) return 'cancelled';
  if (totals.failed > 0) return 'failed';
  if (totals.errored > 0) return 'errored';
  if (totals.invalid > 0) return 'invalid';
  return totals.passed > 0 ? 'passed' : 'ran';
}
