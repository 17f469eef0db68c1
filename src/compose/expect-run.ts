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
import { doubted, type RecordedTracks, recordingFaults } from '../metrics/recording-check.ts';
import { foldAll, type RunFold } from '../metrics/run-fold.ts';
import type { RunMetrics } from '../metrics/run-metrics.ts';
import { type ExpectedOf, mistakesIn } from '../scenarios/expect-checks.ts';
import { type Expectation, expectSchema } from '../scenarios/expect-schema.ts';

export type ExpectedRun = {
  /** Every expectation of the scenario's own file held, there is one that had to, and the simulation did not break. Throws an AssertionError. */
  toPass(): void;
  /** These hold too, written as in a scenario file. Throws an AssertionError, or a UsageError for what cannot be read. */
  toHold(...expectations: readonly Expectation[]): void;
};

/** What came of a run; without its sound nobody can say whether that is whole. */
type Ran = { readonly events: readonly BottalkEvent[]; readonly metrics: RunMetrics; readonly tracks?: RecordedTracks };

export function expectRun({ events, metrics: measured, tracks }: Ran): ExpectedRun {
  const fold = foldAll(events);
  const metrics = tracks ? doubted(measured, recordingFaults(fold, tracks)) : measured;
  const sound = (): void => {
    const { verdict, invalid, ended_reason: reason, ended_by: endedBy } = metrics;
    if (invalid.length > 0) fail(`the run is invalid: ${invalid.map(({ text }) => text).join('; ')}`);
    if (verdict === 'errored' || verdict === 'cancelled') fail(`the run was ${verdict}: ${reason ?? endedBy ?? 'it has no end'}`);
  };
  return {
    toPass() {
      sound();
      if (metrics.verdict === 'ran') fail('the scenario expects nothing that must hold, so the run has passed nothing');
      held(metrics.checks);
    },
    toHold(...expectations) {
      if (expectations.length === 0) throw new UsageError('toHold is asked for nothing', 'toPass asks for what the scenario expects');
      const checks = expectations.map((expectation) => read(expectation, fold));
      sound();
      held(checkRun(checks, fold, metrics));
    },
  };
}

function read(expectation: Expectation, { roster: { started, agents: names } }: RunFold): Check {
  const parsed = expectSchema.safeParse([expectation]);
  const [check] = parsed.data ?? [];
  if (check?.kind === 'criterion' || check?.kind === 'kpis') {
    throw new UsageError(`${JSON.stringify(expectation)} is asked while the run lasts`, 'write it under expect: in the scenario, and ask toPass');
  }
  const agents = (started?.scenario['agents'] ?? names.map(({ name }) => ({ name, tools: [] }))) as ExpectedOf['agents'];
  // A log without a beginning says nothing of anybody, and is invalid.
  const [mistake] = check && started ? mistakesIn(check, { agents, room: started.room }) : [];
  if (mistake) throw new UsageError(formatMistake({ ...mistake, message: `${JSON.stringify(expectation)}: ${mistake.message}` }));
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
