/** Several machines' results as one: cases by their ids, times of what ran side by side. */
import { RESULTS_SCHEMA, type SuiteResult, totalsOf } from './suite-result.ts';

export type Merged = { readonly merged: SuiteResult; /** Cases that are in more than one. */ readonly twice: readonly string[] };

/** At least one. Cases are dealt out to shards in turn, and taken back from them in turn. */
export function mergeResults(results: readonly SuiteResult[]): Merged {
  const longest = Math.max(...results.map(({ cases }) => cases.length));
  const cases = Array.from({ length: longest }, (_, i) => results.flatMap((result) => result.cases[i] ?? [])).flat();
  const ids = cases.map(({ id }) => id);
  const [first] = results.toSorted((a, b) => a.started_at.localeCompare(b.started_at));
  const merged: SuiteResult = {
    schema: RESULTS_SCHEMA,
    bottalk: [...new Set(results.map(({ bottalk }) => bottalk))].join(', '),
    started_at: first?.started_at ?? '',
    wall_secs: Math.max(...results.map(({ wall_secs }) => wall_secs)),
    stopped: results.some(({ stopped }) => stopped),
    totals: totalsOf(cases),
    cases,
  };
  return { merged, twice: ids.filter((id, i) => ids.indexOf(id) !== i) };
}
