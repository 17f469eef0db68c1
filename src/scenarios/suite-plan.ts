/** Which cases a test run has, in which order, and what each is called: files, their matrices, and the seeds. */
import type { Case } from './scenario.ts';

export type PlanOptions = {
  /** Instead of each file's own seed. */
  readonly seeds?: readonly number[] | undefined;
  /** Each case once for every one of these; latencies alone are drawn from them. */
  readonly jitterSeeds?: readonly number[] | undefined;
  /** Each case so often, with seeds that count up from its own. */
  readonly repeat?: number | undefined;
  /** Only cases whose id or title matches. */
  readonly grep?: RegExp | undefined;
  /** Only scenarios that have one of these tags. */
  readonly tags?: readonly string[] | undefined;
  /** The so-manieth part of so many, counted from 1: cases are dealt out in turn. */
  readonly shard?: { readonly index: number; readonly of: number } | undefined;
};

export type PlannedCase = { readonly id: string; readonly of: Case };

export function planSuite(cases: readonly Case[], options: PlanOptions = {}): readonly PlannedCase[] {
  const { grep, tags, shard } = options;
  const planned = cases
    .filter(({ scenario }) => !tags || scenario.tags.some((tag) => tags.includes(tag)))
    .flatMap((of) => seeded(of, options))
    .map((of) => ({ id: idOf(of), of }))
    .filter(({ id, of }) => !grep || grep.test(id) || grep.test(of.scenario.title));
  // `--seeds 1,2 --repeat 2` has seed 2 twice, which would only be the same again.
  return [...new Map(planned.map((each) => [each.id, each])).values()].filter((_, i) => !shard || i % shard.of === shard.index - 1);
}

function seeded(of: Case, { seeds, jitterSeeds, repeat = 1 }: PlanOptions): Case[] {
  const first = seeds ?? [of.seed];
  const content = repeat === 1 ? first : first.flatMap((seed) => Array.from({ length: repeat }, (_, i) => seed + i));
  return content.flatMap((seed) => (jitterSeeds ?? [undefined]).map((jitterSeed) => withSeeds(of, seed, jitterSeed)));
}

export function withSeeds(of: Case, seed: number, jitterSeed: number | undefined): Case {
  return { ...of, scenario: { ...of.scenario, seed }, seed, ...(jitterSeed !== undefined && { jitterSeed }) };
}

/** `calls/sales.yaml [mood=calm] @7 ~3`: the seed behind the @, the one of latencies behind the ~. */
function idOf({ file = '-', variant = {}, seed, jitterSeed }: Case): string {
  const values = Object.entries(variant).map(([key, value]) => `${key}=${value}`);
  return [file, ...(values.length > 0 ? [`[${values.join(', ')}]`] : []), `@${seed}`, ...(jitterSeed === undefined ? [] : [`~${jitterSeed}`])].join(' ');
}
