/** What a model made of the call, in a line for each thing that it was asked. */
import type { EventOf } from '../events/event.ts';
import { KPIS, type KpiScores, meanOf, meanText, outcomeOf } from '../metrics/kpis.ts';

export function judgedText(event: EventOf<'criterion.judged' | 'kpis.judged' | 'role.judged'>): string {
  switch (event.type) {
    case 'criterion.judged': {
      const { verdict, votes, check } = event;
      const agreeing = votes.filter((vote) => vote.verdict === verdict);
      const counted = votes.length > 1 ? ` (${agreeing.length} of ${votes.length} votes)` : '';
      return `${questionText(check)}: ${verdict ? 'yes' : 'no'}${counted}, ${agreeing[0]?.reason ?? ''}`;
    }
    case 'kpis.judged': {
      const scores = event.scores as KpiScores;
      return `${outcomeOf(scores)}, ${meanText(meanOf(scores))} in the mean: ${KPIS.map((kpi) => `${kpi} ${scores[kpi]}`).join(', ')}`;
    }
    case 'role.judged':
      return `${event.agent} ${event.kept ? 'kept its role' : 'fell out of its role'}: ${event.reason}`;
  }
}

export function questionText(about: EventOf<'evaluation.requested'>['about']): string {
  if (about === 'kpis') return 'the KPIs';
  return about === 'role' ? 'whether the role was kept' : `expectation ${about}`;
}
