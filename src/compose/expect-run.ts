/**
 * Expectations as assertions, for test runners that drive bottalk themselves: what a scenario file says under
 * `expect:`, said in code, and thrown where it does not hold.
 */
import { AssertionError } from 'node:assert';
import { formatMistake, UsageError } from '../base/errors.ts';
import type { BottalkEvent } from '../events/event.ts';
import type { Check } from '../metrics/checks/check.ts';
import { checkRun } from '../metrics/checks/check-run.ts';
import { findingText } from '../metrics/checks/finding-text.ts';
import { foldAll } from '../metrics/run-fold.ts';
import type { RunMetrics } from '../metrics/run-metrics.ts';
import { type Expectation, expectSchema } from '../scenarios/expect-schema.ts';

export type ExpectedRun = {
  /** Every expectation of the scenario's own file held, and the simulation did not break. Throws an AssertionError. */
  toPass(): void;
  /** These hold too, written as in a scenario file. Throws an AssertionError, or a UsageError for what cannot be read. */
  toHold(...expectations: readonly Expectation[]): void;
};

export function expectRun({ events, metrics }: { readonly events: readonly BottalkEvent[]; readonly metrics: RunMetrics }): ExpectedRun {
  const sound = (): void => {
    const { verdict, invalid, ended_reason: reason, ended_by: endedBy } = metrics;
    if (invalid.length > 0) fail(`the run is invalid: ${invalid.map(({ text }) => text).join('; ')}`);
    if (verdict === 'errored' || verdict === 'cancelled') fail(`the run was ${verdict}: ${reason ?? endedBy ?? 'it has no end'}`);
  };
  return {
    toPass() {
      sound();
      held(metrics.checks);
    },
    toHold(...expectations) {
      sound();
      held(checkRun(expectations.map(read), foldAll(events), metrics));
    },
  };
}

function read(expectation: Expectation): Check {
  const parsed = expectSchema.safeParse([expectation]);
  const [check] = parsed.data ?? [];
  if (check?.kind === 'criterion' || check?.kind === 'kpis') {
    throw new UsageError(`${JSON.stringify(expectation)} is asked while the run lasts`, 'write it under expect: in the scenario, and ask toPass');
  }
  if (check) return { ...check, line: null };
  const message = parsed.error?.issues[0]?.message ?? 'it cannot be read';
  throw new UsageError(formatMistake({ message: `${JSON.stringify(expectation)}: ${message}` }));
}

function held(results: RunMetrics['checks']): void {
  const missed = results.filter(({ severity, outcome }) => severity === 'must' && outcome !== 'held');
  if (missed.length > 0) fail(missed.map(findingText).join('\n'));
}

function fail(message: string): never {
  throw new AssertionError({ message, stackStartFn: fail });
}
