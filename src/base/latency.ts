/** Modelled latencies: a fixed number, or a log-normal given by its median and its 95th percentile. */
import type { Random } from './random.ts';

export type LatencyMs = number | { readonly p50: number; readonly p95: number };

/** The standard normal's 95th percentile. */
const Z95 = 1.6448536269514722;

/** One draw, in milliseconds. Published P50 and P95 of a stage are met exactly; latencies are skewed as these are. */
export function drawLatencyMs(latency: LatencyMs, random: Random): number {
  if (typeof latency === 'number') return latency;
  const sigma = Math.log(latency.p95 / latency.p50) / Z95;
  return latency.p50 * Math.exp(sigma * random.normal());
}
