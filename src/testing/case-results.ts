/** Results of cases made by hand, for tests of everything that reads them. */
import type { CaseResult } from '../metrics/case-result.ts';
import type { CheckResult } from '../metrics/checks/check.ts';
import { RESULTS_SCHEMA, type SuiteResult, totalsOf } from '../metrics/suite-result.ts';

export function caseOf(changes: Partial<CaseResult> = {}): CaseResult {
  const { file = 'calls/refund.yaml', seed = 1 } = changes;
  return {
    id: `${file} @${seed}`,
    file,
    title: 'Refund',
    tags: [],
    seed,
    jitter_seed: null,
    variant: {},
    verdict: 'passed',
    ended_by: 'end_conversation',
    call_secs: 61.5,
    turns: 9,
    checks: [],
    invalid: [],
    error: null,
    attempts: 1,
    earlier: [],
    cost_usd: 0,
    figures: {},
    gaps: { first: null, ms: [] },
    warnings: [],
    wall_secs: 0.25,
    folder: null,
    ...changes,
  };
}

export function checkOf(changes: Partial<CheckResult> = {}): CheckResult {
  return {
    index: 1,
    severity: 'must',
    line: 12,
    expected: 'Sarah says "refund"',
    outcome: 'failed',
    saw: 'not said in 4 turns of Sarah',
    place: null,
    note: null,
    ...changes,
  };
}

export function suiteOf(...cases: readonly CaseResult[]): SuiteResult {
  return { schema: RESULTS_SCHEMA, bottalk: '0.1.0', started_at: '2026-01-05T09:00:00.000Z', wall_secs: 1.5, stopped: false, totals: totalsOf(cases), cases };
}
