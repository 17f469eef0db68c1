/** What a model made of the call, as `bottalk report` prints it: KPIs, notes on turns, the simulator's role, and what it took. */
import type { RunMetrics } from '../metrics/run-metrics.ts';
import { KPIS } from '../metrics/kpis.ts';
import { oneLine, table, wrap } from './text-columns.ts';

const COLUMNS = 80;

/** Empty where nobody was asked. */
export function evaluationSection({ evaluation, turn_list: turns }: RunMetrics): string[] {
  if (!evaluation) return [];
  const { provider, model, kpis, role, usage } = evaluation;
  const scores = kpis ? KPIS.map((kpi) => [`  ${kpi}`, String(kpis.scores[kpi])]) : [];
  const outcome = kpis ? [`  ${kpis.outcome}, ${kpis.mean.toFixed(0)} in the mean; the conversation had ${kpis.ended ? '' : 'not '}come to its end`] : [];
  const notes = (kpis?.notes ?? []).map(
    ({ turn, label, sentiment, relevantKpis }) => `  turn ${turn}, ${oneLine(`${turns[turn - 1]?.agent ?? ''}: ${label}`)} (${[sentiment, ...relevantKpis].join(', ')})`,
  );
  const kept = role ? wrap(oneLine(`${role.agent} ${role.kept ? 'kept its role' : 'fell out of its role'}: ${role.reason}`), COLUMNS - 2).map((line) => `  ${line}`) : [];
  const unmetered = usage.unmetered_requests === 0 ? '' : `, without those of ${usage.unmetered_requests}`;
  return [
    `judge, ${oneLine(provider)} ${oneLine(model)}`,
    ...table(scores),
    ...outcome,
    ...notes,
    ...kept,
    `  requests ${usage.requests}, retries ${usage.retries}, tokens in ${usage.prompt_tokens}, tokens out ${usage.completion_tokens}${unmetered}`,
  ];
}
