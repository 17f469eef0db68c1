/** Whether the call meant what it should, by what a model answered when it was over. The words quoted are the log's. */
import type { EventOf, Judgement } from '../../events/event.ts';
import { withoutFullStop } from '../evaluation.ts';
import { type Kpi, KPIS, type KpiScores, meanOf, meanText, outcomeOf } from '../kpis.ts';
import type { RunFold } from '../run-fold.ts';
import type { Turn } from '../turns.ts';
import { wordsOf } from '../word-error.ts';
import type { CheckKind, CheckPlace, Finding } from './check.ts';

const NOT_ASKED = 'the judge was not asked';

/** `number` is that of the expectation, from 1. */
export function judgeCriterion(number: number, fold: RunFold): Finding {
  const judged = fold.evaluation.criterion(number);
  if (!judged) return { outcome: 'not_reached', saw: fold.evaluation.whyUndecided(number) ?? NOT_ASKED };
  const { verdict, votes } = judged;
  const telling = tellingVote(judged, fold);
  const cited = telling && citationOf(telling, fold);
  const agreeing = votes.filter((vote) => vote.verdict === verdict).length;
  const counted = votes.length > 1 ? ` (${agreeing} of ${votes.length} votes)` : '';
  const quote = cited?.quote === undefined ? '' : `: ${JSON.stringify(cited.quote)}`;
  return { outcome: verdict ? 'held' : 'failed', saw: `${verdict ? 'yes' : 'no'}${counted}, ${withoutFullStop(telling?.reason ?? '')}${quote}`, ...(cited && { place: cited.place }) };
}

export function judgeKpis({ atLeast }: Extract<CheckKind, { kind: 'kpis' }>, { evaluation }: RunFold): Finding {
  const { kpis } = evaluation;
  if (!kpis) return { outcome: 'not_reached', saw: evaluation.whyUndecided('kpis') ?? NOT_ASKED };
  const scores = kpis.scores as KpiScores;
  const asked = KPIS.filter((kpi) => atLeast[kpi] !== undefined);
  const missed = asked.filter((kpi) => scores[kpi] < (atLeast[kpi] as number));
  const told = (missed.length > 0 ? missed : asked).map((kpi: Kpi) => `${kpi} ${scores[kpi]}`).join(', ');
  return { outcome: missed.length === 0 ? 'held' : 'failed', saw: `${told} (${outcomeOf(scores)}, ${meanText(meanOf(scores))} in the mean)` };
}

type Citation = { readonly place: CheckPlace; readonly quote: string | undefined };

/** The turn that an answer names, or else the one that has the words it quotes; words that nobody said are not quoted. */
function citationOf({ turn, quote }: Pick<Judgement, 'turn' | 'quote'>, { turns }: RunFold): Citation | undefined {
  const named = turn === null ? undefined : turns[turn - 1];
  const quoting = quote === null ? undefined : [named, ...turns].find((each) => each !== undefined && says(each, quote));
  const cited = quoting ?? named;
  if (!cited) return undefined;
  return { place: { turn: cited.index + 1, agent: cited.agent, atMs: cited.startMs }, quote: quoting ? (quote ?? undefined) : undefined };
}

/** Of the votes that won, the first that points at words of the call. */
function tellingVote({ verdict, votes }: EventOf<'criterion.judged'>, fold: RunFold): Judgement | undefined {
  const winning = votes.filter((vote) => vote.verdict === verdict);
  return winning.find((vote) => citationOf(vote, fold)?.quote !== undefined) ?? winning[0];
}

function says({ text }: Turn, quote: string): boolean {
  const [said, wanted] = [wordsOf(text), wordsOf(quote)];
  return wanted.length > 0 && said.some((_, i) => wanted.every((word, k) => said[i + k] === word));
}
