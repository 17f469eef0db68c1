/**
 * Which case of one test run is held against which of another: the same scenario and seed, whatever its latencies were
 * drawn from. Seeds that only one side has are strangers to each other, so two of them from one scenario differ by
 * chance alone if nothing changed, and are held against each other in turn.
 */
import type { CaseIdentity } from './case-result.ts';

export type CasePair<B, A> = {
  readonly before: B;
  readonly after: A;
  /** Whether they are the same scenario and seed. */
  readonly same: boolean;
  /** Pairs of one group share a draw of latencies, so that one of them says nothing that the others do not. */
  readonly group: number;
};

type Named = Pick<CaseIdentity, 'id'>;
type Pair<B, A> = Pick<CasePair<B, A>, 'before' | 'after'>;
type Matched<B, A> = Omit<CasePair<B, A>, 'group'>;

export function pairCases<B extends Named, A extends Named>(before: readonly B[], after: readonly A[]): readonly CasePair<B, A>[] {
  let left: { readonly before: readonly B[]; readonly after: readonly A[] } = { before, after };
  const matched = (keyOf: (id: string) => string): Pair<B, A>[] => {
    const found = match(left.before, left.after, keyOf);
    const [used, taken] = [new Set(found.map((pair) => pair.before)), new Set(found.map((pair) => pair.after))];
    left = { before: left.before.filter((each) => !used.has(each)), after: left.after.filter((each) => !taken.has(each)) };
    return found;
  };
  // The same latencies first: held against others, two cases would count for less.
  const same = [...matched((id) => id), ...matched(contentOf)];
  return grouped([...same.map((pair) => ({ ...pair, same: true })), ...matched(scenarioOf).map((pair) => ({ ...pair, same: false }))]);
}

function match<B extends Named, A extends Named>(before: readonly B[], after: readonly A[], keyOf: (id: string) => string): Pair<B, A>[] {
  const partners = Map.groupBy(after, ({ id }) => keyOf(id));
  return before.flatMap((each) => {
    const partner = partners.get(keyOf(each.id))?.shift();
    return partner ? [{ before: each, after: partner }] : [];
  });
}

/** Two pairs are of one group if a draw of latencies is in both, or if others connect them. Held latencies differ in nothing. */
function grouped<B extends Named, A extends Named>(pairs: readonly Matched<B, A>[]): CasePair<B, A>[] {
  const groupOf = new Map<string, number>();
  const groups = pairs.map((_, i) => i);
  const find = (i: number): number => (groups[i] === i ? i : find(groups[i] as number));
  for (const [i, { before, after }] of pairs.entries()) {
    const draws = [drawOf(before.id), drawOf(after.id)];
    if (draws[0] === draws[1]) continue;
    for (const draw of draws) {
      const known = groupOf.get(draw);
      if (known === undefined) groupOf.set(draw, i);
      else groups[find(i)] = find(known);
    }
  }
  return pairs.map((pair, i) => ({ ...pair, group: find(i) }));
}

/** What a case is whatever its latencies were drawn from: those are what a comparison lets vary. */
function contentOf(id: string): string {
  return id.replace(/ ~\d+$/, '');
}

/** What it is whatever its seeds. */
function scenarioOf(id: string): string {
  return contentOf(id).replace(/ @\d+$/, '');
}

/** What its latencies are drawn from: a seed of their own, or the case's. */
function drawOf(id: string): string {
  return /[@~](\d+)$/.exec(id)?.[1] ?? id;
}
