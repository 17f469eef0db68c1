/** Money as reports print it: unknown is a word and never a zero, and a lower bound says that it is one. */
import { dollars, exactDollars } from '../base/dollars.ts';
import { isBilled } from '../metrics/cost.ts';
import type { RunMetrics } from '../metrics/run-metrics.ts';
import { oneLine } from './text-columns.ts';

/** What the run cost, in a sentence without its full stop; undefined where nobody bills anything. */
export function costText({ cost, agents }: RunMetrics): string | undefined {
  const { total, at_least, others, evaluation, unknown, oldest_price, budget } = cost;
  if (!isBilled(cost)) return undefined;
  const ofBudget = budget === null ? '' : ` of a budget of ${exactDollars(budget)}`;
  if (unknown.length > 0) return `unknown${ofBudget}, no price for ${unknown.map(oneLine).join(', ')}`;
  const shares = [...agents.map((agent) => `${oneLine(agent.name)} ${dollars(agent.cost.total)}`), ...(others === 0 ? [] : [`others ${dollars(others)}`]), ...(evaluation === 0 ? [] : [`judge ${dollars(evaluation)}`])];
  const dated = oldest_price === null ? '' : `, prices of ${oldest_price}`;
  return `${at_least ? 'at least ' : ''}${dollars(total)}${ofBudget} (${shares.join(', ')})${dated}`;
}
