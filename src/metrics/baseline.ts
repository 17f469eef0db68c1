/**
 * Whether it got worse: a test run held against one that was kept. Cases are paired by what they are, scenario and
 * seed; what cannot be paired is counted and compared with nothing.
 */
import { seededRandom } from '../base/random.ts';
import type { CaseResult } from './case-result.ts';
import { type Effect, effectOf } from './compared-figures.ts';
import { type CasePair, pairCases } from './pair-cases.ts';
import { bootstrapInterval, detectableDifference, mean, signFlipP, smallestP } from './statistics/differences.ts';
import { holm, testable } from './statistics/several-tests.ts';
import type { SuiteResult } from './suite-result.ts';
import { type ComparedPair, type TellingCase, tellingCase } from './telling-turn.ts';
import type { Verdict } from './verdict.ts';

/** Raised whenever a field changes its meaning or goes. */
export const BASELINE_SCHEMA = 1;

/** What is kept of a test run, small enough for a repository. */
export type Baseline = {
  readonly schema: typeof BASELINE_SCHEMA;
  readonly bottalk: string;
  readonly cases: readonly KeptCase[];
};

type KeptCase = Pick<CaseResult, 'id' | 'verdict' | 'figures' | 'gaps'>;

export function baselineOf({ bottalk, cases }: SuiteResult): Baseline {
  return { schema: BASELINE_SCHEMA, bottalk, cases: cases.filter(isTrusted).map(({ id, verdict, figures, gaps }) => ({ id, verdict, figures, gaps })) };
}

export type FigureChange = {
  readonly figure: string;
  readonly pairs: number;
  readonly before: number;
  readonly after: number;
  /** Mean of the paired differences, and its 95 % interval. */
  readonly difference: number;
  readonly interval: readonly [low: number, high: number];
  /** By sign flips, and corrected for how many figures could have come out. */
  readonly p: number;
  readonly adjusted_p: number;
  /** The smallest difference that so many pairs would show four times in five; null for a single one. */
  readonly detectable: number | null;
  /** `worse` and `better` are significant and larger than the figure's smallest effect that matters. */
  readonly judgement: 'worse' | 'better' | 'same';
  /** Where it shows most, if it got worse. */
  readonly most: TellingCase | null;
};

export type Comparison = {
  readonly pairs: number;
  /** Pairs of one scenario whose seeds differ, because neither side has the other's. */
  readonly strangers: number;
  /** Pairs that have no draw of latencies in common with another one; with fewer of them than pairs, some tell the same. */
  readonly independent: number;
  /** Cases of which only one side has a trusted result. */
  readonly unpaired: number;
  /** With fewer independent pairs no difference, however large, could be told from chance; grows with the figures that differ. */
  readonly pairs_needed: number;
  readonly can_tell: boolean;
  readonly changes: readonly FigureChange[];
  /** Figures that no pair has on both sides, such as a latency of answers that nobody gives any more. */
  readonly one_sided: readonly string[];
  /** Cases whose verdict is another one now. */
  readonly turned: readonly { readonly id: string; readonly before: Verdict; readonly after: Verdict }[];
};

/**
 * The level of all figures together, two-sided. Half of what chance brings is for the worse, so a comparison in which
 * nothing changed fails at most one time in two hundred. A gate that cries wolf is soon switched off, and what it
 * costs to be stricter than usual is a pair or two.
 */
const LEVEL = 0.01;

export function compareToBaseline(baseline: Baseline, { cases }: Pick<SuiteResult, 'cases'>): Comparison {
  const now = cases.filter(isTrusted);
  const pairs = pairCases(baseline.cases, now);
  const figures = [...new Set(pairs.flatMap(({ before, after }) => Object.keys({ ...before.figures, ...after.figures })))];
  const compared = figures.flatMap((figure) => comparedIn(figure, pairs) ?? []);
  const moved = compared.filter(couldMatter);
  const able = testable(moved.map(({ effects }) => smallestP(effects)), LEVEL);
  const tested = moved.filter((_, i) => able[i]);
  const ps = new Map(tested.map((each) => [each, signFlipP(each.effects, randomFor(each).fork('flips'))]));
  const adjusted = holm([...ps.values()]);
  const level = LEVEL / Math.max(1, tested.length);
  const needed = pairsNeeded(moved.length);
  const independent = new Set(pairs.map(({ group }) => group)).size;
  return {
    pairs: pairs.length,
    strangers: pairs.filter(({ same }) => !same).length,
    unpaired: baseline.cases.length + now.length - 2 * pairs.length,
    independent,
    pairs_needed: needed,
    can_tell: independent >= needed,
    changes: compared.map((each) => changeOf(each, { level, p: ps.get(each) ?? 1, adjusted_p: adjusted[tested.indexOf(each)] ?? 1 })),
    one_sided: figures.filter((name) => !compared.some(({ figure }) => figure === name)),
    turned: pairs
      .filter(({ before, after, same }) => same && before.verdict !== after.verdict)
      .map(({ before, after }) => ({ id: before.id, before: before.verdict, after: after.verdict })),
  };
}

/** Whether any figure did, which is what a test run that is held against a baseline fails by. */
export function gotWorse({ changes }: Comparison): boolean {
  return changes.some(({ judgement }) => judgement === 'worse');
}

type Compared = {
  readonly figure: string;
  readonly effect: Effect;
  readonly both: readonly ComparedPair[];
  /** The differences, as many as there are independent ones; their mean is that of all pairs. */
  readonly effects: readonly number[];
};

function comparedIn(figure: string, pairs: readonly CasePair<KeptCase, CaseResult>[]): Compared | undefined {
  const both = pairs.flatMap(({ before, after, same, group }) => {
    const [was, is] = [before.figures[figure], after.figures[figure]];
    return was === undefined || is === undefined ? [] : [{ id: after.id, was, is, same, group, gapsBefore: before.gaps, gapsAfter: after.gaps }];
  });
  if (both.length === 0) return undefined;
  const groups = [...Map.groupBy(both, ({ group }) => group).values()];
  const sums = groups.map((group) => group.reduce((sum, { was, is }) => sum + is - was, 0));
  return { figure, effect: effectOf(figure), both, effects: sums.map((sum) => (sum * groups.length) / both.length) };
}

/** Whether it could be called worse if all its differences had one sign; a figure that cannot needs no correction for. */
function couldMatter({ effects, effect }: Compared): boolean {
  return mean(effects.map(Math.abs)) > effect.smallest;
}

/** How many pairs of one sign make the smallest of so many p-values significant. */
function pairsNeeded(figures: number): number {
  let pairs = 1;
  while (2 ** (1 - pairs) * Math.max(1, figures) >= LEVEL) pairs += 1;
  return pairs;
}

function changeOf(compared: Compared, { level, ...ps }: { readonly level: number } & Pick<FigureChange, 'p' | 'adjusted_p'>): FigureChange {
  const { figure, effect, both, effects } = compared;
  const difference = mean(effects);
  const matters = Math.abs(difference) > effect.smallest && ps.adjusted_p < LEVEL;
  const judgement = !matters ? 'same' : (effect.worse === 'higher') === difference > 0 ? 'worse' : 'better';
  return {
    figure,
    pairs: both.length,
    before: mean(both.map(({ was }) => was)),
    after: mean(both.map(({ is }) => is)),
    difference,
    interval: bootstrapInterval(effects, randomFor(compared).fork('interval')),
    ...ps,
    detectable: detectableDifference(effects, level),
    judgement,
    most: judgement === 'worse' ? tellingCase(figure, both) : null,
  };
}

function randomFor({ figure }: Compared) {
  return seededRandom(0).fork(figure);
}

/** A broken simulation says nothing about the agents, before or after. */
function isTrusted({ verdict }: Pick<CaseResult, 'verdict'>): boolean {
  return verdict === 'passed' || verdict === 'failed' || verdict === 'ran';
}
