/** metrics.json, and what `bottalk report --json` prints: the same bytes from a live run and from its saved log. */
import { metricsOf } from '../metrics/run-metrics.ts';
import type { RunFold } from '../metrics/run-fold.ts';

export function metricsJson(fold: RunFold): string {
  return `${JSON.stringify(metricsOf(fold), null, 2)}\n`;
}
