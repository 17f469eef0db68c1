/** What several runs of one scenario say together: how often it passes, and which scenarios cannot be relied on. */
import type { CaseResult } from './case-result.ts';
import { passAtK, passHatK, wilsonInterval } from './statistics/rates.ts';

export type RepeatedScenario = {
  readonly file: string;
  readonly variant: Readonly<Record<string, string>>;
  /** Runs with a verdict; broken ones are counted apart. */
  readonly runs: number;
  readonly passes: number;
  readonly broken: number;
  /** Wilson, 95 %. */
  readonly interval: readonly [low: number, high: number];
  /** The chance that one of k runs passes, and that all of them do, for k = 3; null with fewer runs. */
  readonly pass_at_3: number | null;
  readonly pass_hat_3: number | null;
  /** It passed and it failed. */
  readonly flaky: boolean;
  /** The seeds with which it failed, as its cases' ids have them: `@3`, `@3 ~7`. */
  readonly failed_with: readonly string[];
};

const K = 3;

/** Scenarios that were run more than once and have expectations, in the order of their first run. */
export function repeatedScenarios(cases: readonly CaseResult[]): readonly RepeatedScenario[] {
  const groups = Map.groupBy(cases.filter(({ verdict }) => verdict !== 'ran'), ({ file, variant }) => JSON.stringify([file, variant]));
  return [...groups.values()].filter((group) => group.length > 1).map(repeated);
}

function repeated(group: readonly CaseResult[]): RepeatedScenario {
  const { file, variant } = group[0] as CaseResult;
  const passes = group.filter(({ verdict }) => verdict === 'passed').length;
  const failed = group.filter(({ verdict }) => verdict === 'failed');
  const runs = passes + failed.length;
  return {
    file,
    variant,
    runs,
    passes,
    broken: group.length - runs,
    interval: wilsonInterval(passes, runs),
    pass_at_3: passAtK(passes, runs, K),
    pass_hat_3: passHatK(passes, runs, K),
    flaky: passes > 0 && failed.length > 0,
    failed_with: failed.map(({ seed, jitter_seed: draw }) => (draw === null ? `@${seed}` : `@${seed} ~${draw}`)),
  };
}
