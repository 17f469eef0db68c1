/**
 * What the session's own routes answer, in the shape of Pipecat's metrics endpoint: aggregates, one record for each
 * reply, and the KPIs of the conversation. Everything is computed when it is asked for, from the session's fold.
 */
import type { CompatAggregate, CompatAggregates } from '../../metrics/compat-aggregates.ts';
import { compatAggregates } from '../../metrics/compat-aggregates.ts';
import { evaluationFigures } from '../../metrics/evaluation-figures.ts';
import type { KpiOutcome, KpiScores } from '../../metrics/kpis.ts';
import { type LatencyRecord, latencyRecords } from '../../metrics/latency-record.ts';
import { figuresOf } from '../../metrics/run-figures.ts';
import type { RunFold } from '../../metrics/run-fold.ts';

/** Whose session it is; all null before the first. */
export type SessionLabel = {
  readonly session_id: string | null;
  readonly agent_name: string | null;
  readonly room_url: string | null;
  readonly goes_first: boolean | null;
};

const NO_SESSION: SessionLabel = { session_id: null, agent_name: null, room_url: null, goes_first: null };

/** A session as its routes see it. `startEpochMs`: the time of day at call time zero; 0 before the call began. */
export type SessionView = { readonly label: SessionLabel; readonly fold: RunFold; readonly startEpochMs: number };

/** Milliseconds, seconds where a name says so, shares from 0 to 1; null is unknown. */
export type SessionKpis = {
  readonly call_secs: number;
  readonly turns: number;
  readonly replies: number;
  readonly response_latency: CompatAggregate;
  readonly response_rate: number | null;
  readonly interruptions: number;
  readonly cut_off: number;
  readonly talk_ratio: number | null;
  readonly talk_over_share: number | null;
  readonly dead_air_secs: number;
  readonly words_per_minute: number | null;
  readonly turn_taking_score: number | null;
  readonly ended_by: string | null;
  /** What a model made of the call; null while it lasts, and where no judge is configured. */
  readonly judged: { readonly scores: KpiScores; readonly mean: number; readonly outcome: KpiOutcome } | null;
};

type Metrics = {
  readonly session: SessionLabel;
  readonly count: number;
  readonly aggregates: CompatAggregates;
  readonly kpis: SessionKpis | Record<string, never>;
  readonly timeseries: readonly LatencyRecord[];
};

export function metricsOfSession(view: SessionView | undefined): Metrics {
  const timeseries = view ? recordsOf(view) : [];
  return { session: view?.label ?? NO_SESSION, count: timeseries.length, aggregates: compatAggregates(timeseries), ...kpisOnly(view), timeseries };
}

export function summaryOfSession(view: SessionView | undefined): Readonly<Record<string, unknown>> {
  const { session, count, aggregates, kpis } = metricsOfSession(view);
  const { ttfb, llm, tts, e2e, user_bot_latency } = aggregates;
  return { session, count, ttfb_avg: ttfb.avg, llm_avg: llm.avg, tts_avg: tts.avg, e2e_avg: e2e.avg, user_bot_latency_avg: user_bot_latency.avg, kpis };
}

export function kpisOfSession(view: SessionView | undefined): Readonly<Record<string, unknown>> {
  return { session: view?.label ?? NO_SESSION, ...kpisOnly(view) };
}

/** Under the id of the session, at the time of day at which each was complete. */
function recordsOf({ label, fold, startEpochMs }: SessionView): readonly LatencyRecord[] {
  const { started } = fold.roster;
  if (!started) return [];
  const assumedMs = Date.parse(String(started.scenario['started_at']));
  const shiftSecs = startEpochMs === 0 || Number.isNaN(assumedMs) ? 0 : (startEpochMs - assumedMs) / 1000;
  const idOr = (own: string): string => label.session_id ?? own;
  return latencyRecords(fold).map((record) => ({ ...record, session_id: idOr(record.session_id), ts: Math.round((record.ts + shiftSecs) * 1000) / 1000 }));
}

function kpisOnly(view: SessionView | undefined): Pick<Metrics, 'kpis'> {
  if (!view?.fold.roster.started) return { kpis: {} };
  const { label, fold } = view;
  const figures = figuresOf(fold);
  const own = figures.agents.find(({ name }) => name === label.agent_name);
  if (!own) return { kpis: {} };
  const { heard } = own;
  const { talk_over_share, dead_air } = figures.conversation;
  const judged = evaluationFigures(fold)?.kpis ?? null;
  return {
    kpis: {
      call_secs: figures.call_secs,
      turns: own.turns,
      replies: own.replies,
      response_latency: { avg: heard.response_latency.avg, p95: heard.response_latency.p95 },
      response_rate: heard.response_rate.rate,
      interruptions: heard.yield_rate.of,
      cut_off: own.cut_off,
      talk_ratio: heard.talk_ratio,
      talk_over_share,
      dead_air_secs: dead_air.total_secs,
      words_per_minute: heard.words_per_minute,
      turn_taking_score: heard.turn_taking_score,
      ended_by: figures.ended_by,
      judged: judged && { scores: judged.scores, mean: judged.mean, outcome: judged.outcome },
    },
  };
}
