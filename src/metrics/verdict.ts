/**
 * What a run comes to. A broken simulation is neither a pass nor a failure of its agents, a run of which nothing was
 * expected has only run, and what the user cancelled is not judged.
 */
import type { CheckResult } from './checks/check.ts';
import type { RunFigures } from './run-figures.ts';

export type Verdict = 'passed' | 'failed' | 'ran' | 'invalid' | 'errored' | 'cancelled';

/** Worst first, as several runs are told: what was cancelled or broke says more than what was found. */
export const VERDICTS: readonly Verdict[] = ['cancelled', 'errored', 'invalid', 'failed', 'ran', 'passed'];

export function verdictOf({ ended_by, invalid }: Pick<RunFigures, 'ended_by' | 'invalid'>, checks: readonly CheckResult[]): Verdict {
  if (ended_by === 'cancelled') return 'cancelled';
  if (ended_by === 'error' || ended_by === 'budget') return 'errored';
  if (invalid.length > 0) return 'invalid';
  // Wishes change no verdict, so where there is nothing else nothing was passed.
  if (!checks.some(({ severity }) => severity === 'must')) return 'ran';
  // What was never reached was not shown to hold.
  return checks.some(({ severity, outcome }) => severity === 'must' && outcome !== 'held') ? 'failed' : 'passed';
}
