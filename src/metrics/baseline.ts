/**
 * Whether it got worse: a test run held against one that was kept. Cases are paired by what they are, scenario and
 * seed; what cannot be paired is counted and compared with nothing.
 */
import { seededRandom } from '../base/random.ts';
import type { CaseResult } from './case-result.ts';
import { bootstrapInterval, detectableDifference, holm, mean, signFlipP } from './statistics/differences.ts';
import type { SuiteResult } from './suite-result.ts';
import type { Verdict } from './verdict.ts';

/** Raised whenever a field changes its meaning or goes. */
export const BASELINE_SCHEMA = 1;

/** What is kept of a test run, small enough for a repository. */
export type Baseline = {
  readonly schema: typeof BASELINE_SCHEMA;
  readonly bottalk: string;
  readonly cases: readonly Pick<CaseResult, 'id' | 'verdict' | 'figures'>[];
};

export function baselineOf({ bottalk, cases }: SuiteResult): Baseline {
  return { schema: BASELINE_SCHEMA, bottalk, cases: cases.filter(isTrusted).map(({ id, verdict, figures }) => ({ id, verdict, figures })) };
}

export type FigureChange = {
  readonly figure: string;
  readonly pairs: number;
  readonly before: number;
  readonly after: number;
  /** Mean of the paired differences, and its 95 % interval. */
  readonly difference: number;
  readonly interval: readonly [low: number, high: number];
  /** By sign flips, and corrected for how many figures are compared. */
  readonly p: number;
  readonly adjusted_p: number;
  /** The smallest difference that so many pairs would show four times in five; null for a single one. */
  readonly detectable: number | null;
  /** `worse` and `better` are significant and larger than the figure's smallest effect that matters. */
  readonly judgement: 'worse' | 'better' | 'same';
};

export type Comparison = {
  readonly pairs: number;
  /** Cases of which only one side has a trusted result. */
  readonly unpaired: number;
  /** False with fewer than six pairs: then no difference, however large, can be told from chance. */
  readonly can_tell: boolean;
  readonly changes: readonly FigureChange[];
  /** Cases whose verdict is another one now. */
  readonly turned: readonly { readonly id: string; readonly before: Verdict; readonly after: Verdict }[];
};

/** With five pairs even the most extreme combination of signs has p = 2/32. */
const FEWEST_PAIRS = 6;
const SIGNIFICANT = 0.05;

/** How much of a figure matters, and which way is worse. */
const EFFECTS: readonly { readonly figure: RegExp; readonly smallest: number; readonly worse: 'higher' | 'lower' }[] = [
  { figure: /turn_taking_score/, smallest: 0.02, worse: 'lower' },
  { figure: /talk_over|word_error/, smallest: 0.01, worse: 'higher' },
  { figure: /duration/, smallest: 5, worse: 'higher' },
  { figure: /./, smallest: 10, worse: 'higher' },
];

export function compareToBaseline(baseline: Baseline, { cases }: Pick<SuiteResult, 'cases'>): Comparison {
  const now = cases.filter(isTrusted);
  const partners = Map.groupBy(now, ({ id }) => contentOf(id));
  const pairs = baseline.cases.flatMap((before): Pair[] => {
    const after = partners.get(contentOf(before.id))?.shift();
    return after ? [{ before, after }] : [];
  });
  const figures = [...new Set(pairs.flatMap(({ before }) => Object.keys(before.figures)))];
  const compared = figures.flatMap((figure) => compareFigure(figure, pairs) ?? []);
  const adjusted = holm(compared.map(({ p }) => p));
  return {
    pairs: pairs.length,
    unpaired: baseline.cases.length + now.length - 2 * pairs.length,
    can_tell: pairs.length >= FEWEST_PAIRS,
    changes: compared.map((change, i) => judged({ ...change, adjusted_p: adjusted[i] as number })),
    turned: pairs.flatMap(({ before, after }) => (before.verdict === after.verdict ? [] : [{ id: before.id, before: before.verdict, after: after.verdict }])),
  };
}

type Pair = { readonly before: Baseline['cases'][number]; readonly after: CaseResult };
type Unjudged = Omit<FigureChange, 'judgement'>;

function compareFigure(figure: string, pairs: readonly Pair[]): Omit<Unjudged, 'adjusted_p'> | undefined {
  const both = pairs.flatMap(({ before, after }) => {
    const [was, is] = [before.figures[figure], after.figures[figure]];
    return was === undefined || is === undefined ? [] : [{ was, is }];
  });
  if (both.length === 0) return undefined;
  const differences = both.map(({ was, is }) => is - was);
  const random = seededRandom(0).fork(figure);
  return {
    figure,
    pairs: both.length,
    before: mean(both.map(({ was }) => was)),
    after: mean(both.map(({ is }) => is)),
    difference: mean(differences),
    interval: bootstrapInterval(differences, random.fork('interval')),
    p: signFlipP(differences, random.fork('flips')),
    detectable: detectableDifference(differences),
  };
}

function judged(change: Unjudged): FigureChange {
  const effect = EFFECTS.find(({ figure }) => figure.test(change.figure));
  const matters = effect !== undefined && Math.abs(change.difference) > effect.smallest && change.adjusted_p < SIGNIFICANT;
  const worse = effect?.worse === 'higher' ? change.difference > 0 : change.difference < 0;
  return { ...change, judgement: !matters ? 'same' : worse ? 'worse' : 'better' };
}

/** What a case is whatever its latencies were drawn from: those are what a comparison lets vary. */
function contentOf(id: string): string {
  return id.replace(/ ~\d+$/, '');
}

/** A broken simulation says nothing about the agents, before or after. */
function isTrusted({ verdict }: Pick<CaseResult, 'verdict'>): boolean {
  return verdict === 'passed' || verdict === 'failed' || verdict === 'ran';
}
