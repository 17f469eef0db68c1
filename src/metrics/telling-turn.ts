/**
 * Where a figure that got worse shows most: the pair of cases that it fell furthest apart in, and the turn in which
 * the silence before speech grew most. An example to listen to, not a proof.
 */
import type { CaseGaps } from './case-result.ts';
import { effectOf, measureOf, roleOf } from './compared-figures.ts';

export type TellingCase = {
  readonly id: string;
  readonly before: number;
  readonly after: number;
  /** Where a turn can show it at all. */
  readonly turn: TellingTurn | null;
};

export type TellingTurn = {
  /** Counted from 1. */
  readonly turn: number;
  /** Milliseconds from the end of the peer's turn to its start; negative is talking over. */
  readonly gap_before: number;
  readonly gap_after: number;
};

export type ComparedPair = {
  readonly id: string;
  readonly was: number;
  readonly is: number;
  /** Whether both are the same scenario and seed, so that their turns are the same, too. */
  readonly same: boolean;
  readonly gapsBefore: CaseGaps;
  readonly gapsAfter: CaseGaps;
};

/** Figures that are no part of any silence between turns, or come of words. */
const WITHOUT_TURN = ['word_error', 'yield_latency'];

/** Null where no two calls are the same. */
export function tellingCase(figure: string, all: readonly ComparedPair[]): TellingCase | null {
  const pairs = all.filter(({ same }) => same);
  if (pairs.length === 0) return null;
  const { worse } = effectOf(figure);
  const harm = ({ was, is }: ComparedPair): number => (worse === 'higher' ? is - was : was - is);
  const most = pairs.reduce((worst, pair) => (harm(pair) > harm(worst) ? pair : worst));
  return { id: most.id, before: most.was, after: most.is, turn: WITHOUT_TURN.includes(measureOf(figure)) ? null : tellingTurn(figure, most) };
}

/** The turn whose silence moved most the way that is worse: longer, or for talking over shorter. */
function tellingTurn(figure: string, { gapsBefore, gapsAfter }: ComparedPair): TellingTurn | null {
  const role = roleOf(figure);
  const way = measureOf(figure) === 'talk_over' ? -1 : 1;
  let most: TellingTurn | null = null;
  // The speakers take turns, so each has every second one; another first speaker makes another conversation.
  if (gapsBefore.first !== gapsAfter.first) return null;
  for (const [i, gapAfter] of gapsAfter.ms.entries()) {
    const gapBefore = gapsBefore.ms[i];
    const speaker = (i % 2 === 0) === (gapsAfter.first === 'system') ? 'system' : 'user';
    if (gapBefore === null || gapBefore === undefined || gapAfter === null || (role !== null && role !== speaker)) continue;
    const moved = way * (gapAfter - gapBefore);
    if (moved > 0 && (most === null || moved > way * (most.gap_after - most.gap_before))) most = { turn: i + 1, gap_before: gapBefore, gap_after: gapAfter };
  }
  return most;
}
