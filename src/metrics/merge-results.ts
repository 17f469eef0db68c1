/** Several machines' results as one: cases by their ids, times of what ran side by side. */
import { RESULTS_SCHEMA, type Shard, type SuiteResult, totalsOf } from './suite-result.ts';

export type Merged = {
  readonly merged: SuiteResult;
  /** Cases that are in more than one. */
  readonly twice: readonly string[];
  /** Parts of a test run of which others are there. */
  readonly missing: readonly Shard[];
};

/** At least one. Cases are dealt out to shards in turn, and taken back from them in turn. */
export function mergeResults(results: readonly SuiteResult[]): Merged {
  const longest = Math.max(...results.map(({ cases }) => cases.length));
  const cases = Array.from({ length: longest }, (_, i) => results.flatMap((result) => result.cases[i] ?? [])).flat();
  const ids = cases.map(({ id }) => id);
  const notRun = results.flatMap(({ not_run: left = [] }) => left);
  const [first] = results.toSorted((a, b) => a.started_at.localeCompare(b.started_at));
  const merged: SuiteResult = {
    schema: RESULTS_SCHEMA,
    bottalk: [...new Set(results.map(({ bottalk }) => bottalk))].join(', '),
    started_at: first?.started_at ?? '',
    wall_secs: Math.max(...results.map(({ wall_secs }) => wall_secs)),
    stopped: results.some(({ stopped }) => stopped),
    totals: totalsOf(cases),
    cases,
    ...(notRun.length > 0 && { not_run: notRun }),
  };
  return { merged, twice: ids.filter((id, i) => ids.indexOf(id) !== i), missing: missingShards(results.flatMap(({ shard }) => shard ?? [])) };
}

/** Several test runs may have been dealt out alike, and then each part is there as often as the others. */
function missingShards(shards: readonly Shard[]): Shard[] {
  return [...Map.groupBy(shards, ({ of }) => of)].flatMap(([of, parts]) => {
    const counts = Array.from({ length: of }, (_, i) => parts.filter(({ index }) => index === i + 1).length);
    return counts.flatMap((count, i) => (count < Math.max(...counts) ? [{ index: i + 1, of }] : []));
  });
}
