/** What a model made of the call, as `bottalk report` prints it: KPIs, notes on turns, the simulator's role, and what it took. */
import type { RunMetrics } from '../metrics/run-metrics.ts';
import { KPIS, meanText } from '../metrics/kpis.ts';
import { oneLine, table, wrap } from './text-columns.ts';

const COLUMNS = 80;

/** Empty where nobody was asked. */
export function evaluationSection({ evaluation, turn_list: turns }: RunMetrics): string[] {
  if (!evaluation) return [];
  const { provider, model, kpis, role, usage } = evaluation;
  const scores = kpis ? KPIS.map((kpi) => [`  ${kpi}`, String(kpis.scores[kpi])]) : [];
  const outcome = kpis ? [`  ${kpis.outcome}, ${meanText(kpis.mean)} in the mean; the conversation had ${kpis.ended ? '' : 'not '}come to its end`] : [];
  const notes = (kpis?.notes ?? []).flatMap(({ turn, label, sentiment, relevantKpis }) =>
    indented(`turn ${turn}, ${turns[turn - 1]?.agent ?? ''}: ${label} (${[sentiment, ...relevantKpis].join(', ')})`),
  );
  const kept = role ? indented(`${role.agent} ${role.kept ? 'kept its role' : 'fell out of its role'}: ${role.reason}`) : [];
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

/** A model says as much as it likes. */
function indented(text: string): string[] {
  return wrap(oneLine(text), COLUMNS - 2).map((line) => `  ${line}`);
}
