/**
 * What an agent tells a room of its metrics: the bodies of app messages as Pipecat's dashboards read them, all values
 * in seconds. Plain data that knows the call alone; what makes it a message of the world is added where it is sent.
 */

/** Seconds. `p95` is sorted[floor(n * 0.95)]. */
export type SecondsSummary = {
  readonly avg: number;
  readonly p50: number;
  readonly p95: number;
  readonly min: number;
  readonly max: number;
  readonly n: number;
};

/** Groups without values are left out. Those of `ttfb` and `processing` are keyed by processor. */
export type MetricsSummary = {
  readonly ttfb?: Readonly<Record<string, SecondsSummary>>;
  readonly processing?: Readonly<Record<string, SecondsSummary>>;
  readonly e2e?: SecondsSummary;
};

export type MetricsBody =
  /** First token of the model or first byte of the voice, after the request; and the whole answer to it. */
  | { readonly type: 'ttfb' | 'processing'; readonly processor: string; readonly value: number }
  /** VAD stop decision to own first audio sent; excludes the silence that the VAD waited for. */
  | { readonly type: 'e2e'; readonly value: number; readonly reply_id: string }
  /** Somebody began to speak while this agent spoke; `count` counts them. */
  | { readonly type: 'interruption'; readonly count: number }
  | {
      readonly type: 'turn';
      /** Counts from 1. */
      readonly turn: number;
      readonly input: string;
      readonly output: string;
      readonly e2e: number | null;
      readonly reply_id: string;
      readonly vad_stop_secs: number | null;
      readonly perceived_latency: number | null;
      readonly interrupted: boolean;
      readonly spoken_output: string;
    }
  | { readonly type: 'summary'; readonly data: MetricsSummary };

/** One message: whose it is, and the call time of what it tells. */
export type MetricsMessage = { readonly agent: string; readonly atMs: number; readonly body: MetricsBody };
