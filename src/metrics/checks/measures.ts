/**
 * The measured figures that a scenario can set a limit to, by the names that metrics.json has for them. Knows where
 * each stands and in which unit, and nothing of limits.
 */
import type { Rate, Summary } from '../aggregate.ts';
import type { AgentMetrics, RunFigures } from '../run-figures.ts';

export const STATS = ['p50', 'p90', 'p95', 'mean', 'min', 'max'] as const;
export type Stat = (typeof STATS)[number];
/** What can be asked of silences. */
export const SILENCE_STATS = ['longest', 'total', 'count'] as const;
export type SilenceStat = (typeof SILENCE_STATS)[number];

export type Unit = 'ms' | 'share' | 'secs' | 'count' | 'number';

/** `n` is how many values it is made of; null where that is not what it is made of. `endless` counts those that have none because they took too long. */
export type Reading = { readonly value: number | null; readonly n: number | null; readonly endless?: number };

/** The least and the most that a figure can come to. */
type Range = readonly [number, number];

type Family = 'heard' | 'reported' | 'other';
type Of = 'agent' | 'call' | 'either';

export type Measure = {
  readonly unit: Unit;
  /** `heard` figures are as exact as the room's wire, `reported` ones as the clock. */
  readonly family: Family;
  /** An agent's figure is asked for one agent, or holds for each of the two; the call's own is of no agent, unless each has its part. */
  readonly of: Of;
  /** What has to be said of it, empty where it is one figure. */
  readonly stats: readonly (Stat | SilenceStat)[];
  readonly range: Range;
  readonly read: (metrics: RunFigures, agent: AgentMetrics | undefined, stat: string) => Reading;
};

type OfAgent<T> = (agent: AgentMetrics) => T;

/** Who answers early has answered before the other stopped. */
const ANY: Range = [-Infinity, Infinity];
const FROM_ZERO: Range = [0, Infinity];
const UP_TO_ONE: Range = [0, 1];

const summary = (family: Family, of: OfAgent<Summary>): Measure => ({
  unit: 'ms',
  family,
  of: 'agent',
  stats: STATS,
  range: ANY,
  read: (_, agent, stat) => (agent ? statOf(of(agent), stat) : NOTHING),
});
const rate = (of: OfAgent<Rate>): Measure => ({
  unit: 'share',
  family: 'heard',
  of: 'agent',
  stats: [],
  range: UP_TO_ONE,
  read: (_, agent) => (agent ? { value: of(agent).rate, n: of(agent).of } : NOTHING),
});
const figure = (unit: Unit, of: OfAgent<number | null>, range = FROM_ZERO): Measure => ({
  unit,
  family: 'other',
  of: 'agent',
  stats: [],
  range,
  read: (_, agent) => ({ value: agent ? of(agent) : null, n: null }),
});
const ofCall = (unit: Unit, read: (metrics: RunFigures) => number | null, range = FROM_ZERO): Measure => ({
  unit,
  family: 'other',
  of: 'call',
  stats: [],
  range,
  read: (metrics) => ({ value: read(metrics), n: null }),
});
/** The call's own count, or one agent's. */
const counted = (call: (metrics: RunFigures) => number, own: OfAgent<number>): Measure => ({
  unit: 'count',
  family: 'other',
  of: 'either',
  stats: [],
  range: FROM_ZERO,
  read: (metrics, agent) => ({ value: agent ? own(agent) : call(metrics), n: null }),
});

const NOTHING: Reading = { value: null, n: 0 };

const MEASURES: Readonly<Record<string, Measure>> = {
  response_latency: summary('heard', ({ heard }) => heard.response_latency),
  yield_latency: {
    ...summary('heard', ({ heard }) => heard.yield_latency),
    read: (_, agent, stat) => {
      if (!agent) return NOTHING;
      const { yield_latency: latency, yield_rate: rate } = agent.heard;
      return { ...statOf(latency, stat), endless: rate.of - rate.count };
    },
  },
  ttft: summary('reported', ({ reported }) => reported.ttft),
  llm_duration: summary('reported', ({ reported }) => reported.llm_duration),
  tts_ttfb: summary('reported', ({ reported }) => reported.tts_ttfb),
  tts_duration: summary('reported', ({ reported }) => reported.tts_duration),
  vad_stop: summary('reported', ({ reported }) => reported.vad_stop),
  end_of_turn_delay: summary('reported', ({ reported }) => reported.end_of_turn_delay),
  transcription_delay: summary('reported', ({ reported }) => reported.transcription_delay),
  e2e_latency: summary('reported', ({ reported }) => reported.e2e_latency),
  response_rate: rate(({ heard }) => heard.response_rate),
  yield_rate: rate(({ heard }) => heard.yield_rate),
  agent_interruption_rate: rate(({ heard }) => heard.agent_interruption_rate),
  on_time_rate: rate(({ heard }) => heard.on_time_rate),
  early_rate: rate(({ heard }) => heard.early_rate),
  late_rate: rate(({ heard }) => heard.late_rate),
  backchannel_selectivity: rate(({ heard }) => heard.selectivity.backchannel),
  vocal_tic_selectivity: rate(({ heard }) => heard.selectivity.vocal_tic),
  non_directed_selectivity: rate(({ heard }) => heard.selectivity.non_directed),
  turn_taking_score: figure('number', ({ heard }) => heard.turn_taking_score, UP_TO_ONE),
  talk_ratio: figure('share', ({ heard }) => heard.talk_ratio, UP_TO_ONE),
  words: figure('count', ({ heard }) => heard.words),
  words_per_minute: figure('number', ({ heard }) => heard.words_per_minute),
  word_error: figure('share', ({ word_error }) => word_error.rate),
  replies: figure('count', ({ replies }) => replies),
  cut_off: figure('count', ({ cut_off }) => cut_off),
  tool_calls: figure('count', ({ usage }) => usage.tool_calls),
  turns: counted(({ conversation }) => conversation.turns, ({ turns }) => turns),
  interruptions: counted(({ conversation }) => conversation.interruptions, ({ heard }) => heard.yield_rate.of),
  self_echo: counted(({ agents }) => agents.reduce((sum, { self_echo }) => sum + self_echo, 0), ({ self_echo }) => self_echo),
  duration: ofCall('secs', ({ call_secs }) => call_secs),
  talk_over: ofCall('share', ({ conversation }) => conversation.talk_over_share, UP_TO_ONE),
  floor_transfer_offset: {
    unit: 'ms',
    family: 'heard',
    of: 'call',
    stats: STATS,
    range: ANY,
    read: ({ conversation }, _, stat) => statOf(conversation.floor_transfer_offset, stat),
  },
  dead_air: {
    unit: 'secs',
    family: 'heard',
    of: 'call',
    stats: SILENCE_STATS,
    range: FROM_ZERO,
    read: ({ conversation: { dead_air } }, _, stat) => ({
      value: stat === 'count' ? dead_air.count : stat === 'total' ? dead_air.total_secs : dead_air.longest_secs,
      n: null,
    }),
  },
};

export const MEASURE_NAMES: readonly string[] = Object.keys(MEASURES);

export function measureNamed(name: string): Measure | undefined {
  return Object.hasOwn(MEASURES, name) ? MEASURES[name] : undefined;
}

/**
 * Three times what answers on clean tracks, taken exactly, are off by in sentences that the detector was not chosen on (20 ms
 * at most, docs/metrics.md): a tighter limit would be about the measurement and not about the call.
 */
const EMBEDDED_RESOLUTION_MS = 60;
/** A Daily call arrives in frames of 20 ms through a jitter buffer; 35 ms was the median of the round trip measured on one machine. */
const NETWORK_RESOLUTION_MS = EMBEDDED_RESOLUTION_MS + 40;

/** The smallest limit in milliseconds that makes sense for a figure that was heard in this room. */
export function resolutionMs(room: string): number {
  return room === 'embedded' ? EMBEDDED_RESOLUTION_MS : NETWORK_RESOLUTION_MS;
}

function statOf(values: Summary, stat: string): Reading {
  switch (stat as Stat) {
    case 'p50':
      return { value: values.p50, n: values.n };
    case 'p90':
      return { value: values.p90, n: values.n };
    case 'p95':
      return { value: values.p95, n: values.n };
    case 'mean':
      return { value: values.avg, n: values.n };
    case 'min':
      return { value: values.min, n: values.n };
    case 'max':
      return { value: values.max, n: values.n };
  }
}
