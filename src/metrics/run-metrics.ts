/** What metrics.json holds: every figure of a run, and what the run comes to when it is held against its scenario. */
import type { BottalkEvent } from '../events/event.ts';
import type { Check, CheckResult } from './checks/check.ts';
import { checkRun } from './checks/check-run.ts';
import { figuresOf, type RunFigures } from './run-figures.ts';
import { foldAll, type RunFold } from './run-fold.ts';
import { type Verdict, verdictOf } from './verdict.ts';

export type RunMetrics = RunFigures & {
  readonly verdict: Verdict;
  /** One per expectation of the scenario, in its order. */
  readonly checks: readonly CheckResult[];
};

/** Computes everything from a whole log. */
export function runMetrics(events: Iterable<BottalkEvent>): RunMetrics {
  return metricsOf(foldAll(events));
}

/** The same from a fold that was shown the events already. */
export function metricsOf(fold: RunFold): RunMetrics {
  const figures = figuresOf(fold);
  const checks = checkRun(expectedOf(fold), fold, figures);
  const { schema, scenario, seed, ...rest } = figures;
  return { schema, scenario, seed, verdict: verdictOf(figures, checks), checks, ...rest };
}

/** Logs that were written before there were expectations have none. */
function expectedOf({ roster }: RunFold): readonly Check[] {
  return (roster.started?.scenario['expect'] ?? []) as readonly Check[];
}
