/** The aggregates of one agent's session as Pipecat's metrics endpoint gives them: mean and 95th percentile, no more. */
import type { LatencyRecord } from './latency-record.ts';
import { summarize } from './aggregate.ts';

/** Milliseconds, two decimals; null without values. */
export type CompatAggregate = { readonly avg: number | null; readonly p95: number | null };
export type CompatAggregates = Readonly<Record<'ttfb' | 'llm' | 'tts' | 'e2e' | 'user_bot_latency', CompatAggregate>>;

export function compatAggregates(records: readonly LatencyRecord[]): CompatAggregates {
  return {
    ttfb: aggregate(records.map(({ ttfb }) => ttfb)),
    llm: aggregate(records.map(({ llm_duration }) => llm_duration)),
    tts: aggregate(records.map(({ tts_duration }) => tts_duration)),
    e2e: aggregate(records.map(({ e2e_latency }) => e2e_latency)),
    user_bot_latency: aggregate(records.map(({ user_bot_latency }) => user_bot_latency)),
  };
}

/** Zeros count, nulls do not. */
function aggregate(values: readonly (number | null)[]): CompatAggregate {
  const { avg, p95 } = summarize(values);
  return { avg, p95 };
}
