/**
 * The records that Pipecat's dashboards read, kept for each run by itself, with their aggregates: means and percentiles
 * of what was posted, in the shape and with the arithmetic that those dashboards expect.
 */
import { percentile } from '../metrics/aggregate.ts';
import { round2 } from '../metrics/rounding.ts';

/** As it was posted; only its session and its agent are sure to be there. */
export type StoredRecord = Readonly<Record<string, unknown>> & { readonly session_id: string; readonly agent_name: string; readonly received_at: number };

export type Aggregate = { readonly avg: number | null; readonly p50: number | null; readonly p95: number | null };

export type SessionMetrics = {
  readonly count: number;
  readonly aggregates: Readonly<Record<keyof typeof FIELDS, Aggregate>>;
  readonly timeseries: readonly StoredRecord[];
};

/** Anybody on this machine may post: more records of a run than any call has push out the oldest. */
const MOST_RECORDS = 10_000;
/** Of so many runs. */
const MOST_RUNS = 50;

const FIELDS = { ttfb: 'ttfb', llm: 'llm_duration', tts: 'tts_duration', e2e: 'e2e_latency', user_bot_latency: 'user_bot_latency' } as const;

export class MetricsStore {
  /** By run, the newest last; what is posted while there was none belongs to the empty name. */
  readonly #runs = new Map<string, StoredRecord[]>([['', []]]);

  /** What is added from now on belongs to this run. */
  begin(run: string): void {
    this.#runs.set(run, []);
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > MOST_RUNS && oldest !== undefined) this.#runs.delete(oldest);
  }

  /** How many records its run has by now. */
  add(record: StoredRecord): number {
    const records = [...this.#runs.values()].at(-1) ?? [];
    records.push(record);
    if (records.length > MOST_RECORDS) records.shift();
    return records.length;
  }

  /** Of the newest run, unless another is named. A run or a session that nobody knows has no records. */
  metrics({ session, run }: { readonly session?: string | undefined; readonly run?: string | undefined }): SessionMetrics {
    const all = (run === undefined ? [...this.#runs.values()].at(-1) : this.#runs.get(run)) ?? [];
    const timeseries = session === undefined ? all : all.filter(({ session_id: id }) => id === session);
    const aggregates = Object.fromEntries(Object.entries(FIELDS).map(([name, field]) => [name, aggregate(timeseries.map((record) => record[field]))]));
    return { count: timeseries.length, aggregates: aggregates as SessionMetrics['aggregates'], timeseries };
  }
}

/** Zeros count, nulls do not. The median is the upper one of the two in the middle, as those dashboards take it. */
function aggregate(values: readonly unknown[]): Aggregate {
  const known = values.filter((value) => typeof value === 'number').toSorted((a, b) => a - b);
  if (known.length === 0) return { avg: null, p50: null, p95: null };
  const avg = known.reduce((sum, value) => sum + value, 0) / known.length;
  return { avg: round2(avg), p50: round2(percentile(known, 0.5)), p95: round2(percentile(known, 0.95)) };
}
