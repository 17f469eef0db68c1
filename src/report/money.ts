/** Money as reports print it: unknown is a word and never a zero, and a lower bound says that it is one. */
import type { RunMetrics } from '../metrics/run-metrics.ts';
import { oneLine } from './text-columns.ts';

/** `$0.0432`; from a dollar on, cents are enough. */
export function dollars(usd: number | null): string {
  return usd === null ? 'unknown' : `$${usd.toFixed(usd < 1 ? 4 : 2)}`;
}

/** What the run cost, in a sentence without its full stop; undefined where nobody bills anything. */
export function costText({ cost, agents }: RunMetrics): string | undefined {
  const { total, at_least, others, evaluation, unknown, oldest_price, budget } = cost;
  if (total === 0 && unknown.length === 0 && oldest_price === null) return undefined;
  const ofBudget = budget === null ? '' : ` of a budget of $${budget}`;
  if (unknown.length > 0) return `unknown${ofBudget}, no price for ${unknown.map(oneLine).join(', ')}`;
  const shares = [...agents.map((agent) => `${oneLine(agent.name)} ${dollars(agent.cost.total)}`), ...(others === 0 ? [] : [`others ${dollars(others)}`]), ...(evaluation === 0 ? [] : [`judge ${dollars(evaluation)}`])];
  const dated = oldest_price === null ? '' : `, prices of ${oldest_price}`;
  return `${at_least ? 'at least ' : ''}${dollars(total)}${ofBudget} (${shares.join(', ')})${dated}`;
}
