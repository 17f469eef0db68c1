/**
 * What metrics.json holds: every figure of one run, made from its event log and nothing else, so that a replay gives
 * the same bytes. Two families that are never mixed: `reported` is what an agent's own stages saw, `heard` is what
 * was measured on the wire. Rates carry their counts. Fields in snake_case are the canonical names of the metrics.
 */
import type { EndedBy, UtteranceKind } from '../events/event.ts';
import { type Summary, summarize } from './aggregate.ts';
import { type CompatAggregates, compatAggregates } from './compat-aggregates.ts';
import { type AgentCost, costsOf, type RunCost } from './cost.ts';
import { type EvaluationFigures, evaluationFigures } from './evaluation-figures.ts';
import { interruptionsOf } from './interruptions.ts';
import { type LatencyRecord, latencyRecords, sessionId } from './latency-record.ts';
import type { RosterAgent } from './roster.ts';
import { round2, round2OrNull } from './rounding.ts';
import type { RunFold } from './run-fold.ts';
import { selfEchoes } from './self-echo.ts';
import { type AgentTalk, agentTalkOf, type Talk, talkOf } from './talk.ts';
import { transcriptError } from './transcript-error.ts';
import { type TurnTaking, turnTakingOf } from './turn-taking.ts';
import type { AgentUsage } from './usage.ts';
import type { WordError } from './word-error.ts';
import { type InvalidReason, invalidReasons } from './validity.ts';

/** Raised whenever a field changes its meaning or goes; new fields may come without. */
export const METRICS_SCHEMA = 1;

/** Per stage, over the replies that were heard; milliseconds. */
export type ReportedLatency = Readonly<
  Record<
    'ttft' | 'llm_duration' | 'tts_ttfb' | 'tts_duration' | 'vad_stop' | 'end_of_turn_delay' | 'transcription_delay' | 'e2e_latency',
    Summary
  >
>;

export type AgentMetrics = {
  readonly name: string;
  readonly role: 'system' | 'user';
  readonly goes_first: boolean;
  readonly session_id: string;
  readonly llm: string;
  readonly tts: string;
  readonly voice: string;
  readonly vad: string;
  readonly end_of_turn: string;
  /** How often it held the floor. */
  readonly turns: number;
  /** Replies that were heard: one record each. */
  readonly replies: number;
  readonly utterances: Readonly<Record<UtteranceKind, number>>;
  /** Interruptions by the peer that cut its speech off; how many there were in all stands beside the yield rate. */
  readonly cut_off: number;
  /** Replies to its own voice; more than none is a fault. */
  readonly self_echo: number;
  readonly heard: TurnTaking & AgentTalk;
  readonly reported: ReportedLatency;
  /** The aggregates of Pipecat's metrics endpoint. */
  readonly aggregates: CompatAggregates;
  /** What the room transcribed of this agent against what it said. */
  readonly word_error: WordError;
  readonly usage: AgentUsage;
  readonly cost: AgentCost;
};

/** One hold of the floor; seconds of call time. */
export type TurnRow = {
  readonly index: number;
  readonly agent: string;
  readonly start_secs: number;
  readonly end_secs: number | null;
  /** Milliseconds from the end of the turn before; negative is talking over. */
  readonly floor_transfer_offset: number | null;
  readonly cut: boolean;
  readonly text: string;
};

/** Every figure of a run, before it is held against what was expected. */
export type RunFigures = {
  readonly schema: typeof METRICS_SCHEMA;
  readonly scenario: string;
  readonly seed: number;
  readonly clock: 'virtual' | 'real';
  readonly room: string;
  readonly transcription: string;
  /** False for a run that was killed: its log has no last event. */
  readonly complete: boolean;
  readonly ended_by: EndedBy | null;
  readonly ended_by_agent: string | null;
  /** What more is to be said of it, such as the error that ended it. */
  readonly ended_reason: string | null;
  /** Why the run says nothing about its agents; empty for one that can be trusted. */
  readonly invalid: readonly InvalidReason[];
  readonly call_secs: number;
  readonly conversation: Talk & {
    readonly turns: number;
    readonly utterances: number;
    readonly interruptions: number;
    readonly floor_transfer_offset: Summary;
  };
  readonly cost: RunCost;
  /** What a model made of it when it was over; null where nobody was asked. */
  readonly evaluation: EvaluationFigures | null;
  readonly agents: readonly AgentMetrics[];
  readonly records: readonly LatencyRecord[];
  readonly turn_list: readonly TurnRow[];
  readonly warnings: readonly string[];
};

/** Computes every figure from a fold that was shown the events. */
export function figuresOf(fold: RunFold): RunFigures {
  const { started } = fold.roster;
  const { utterances, turns, ended } = fold;
  const records = latencyRecords(fold);
  const costs = costsOf({ started, known: fold.pricesKnown, deaf: fold.transcriptionLost, usage: fold.usage, evaluation: fold.evaluation.usage });
  const agents = fold.roster.agents.map((agent) => ({ ...agentMetrics(agent, fold, records), cost: costs.byAgent.get(agent.name) as AgentCost }));
  return {
    schema: METRICS_SCHEMA,
    scenario: String(started?.scenario['title'] ?? ''),
    seed: started?.seed ?? 0,
    clock: started?.clock ?? 'virtual',
    room: started?.room ?? '',
    transcription: fold.listener?.name ?? '',
    complete: ended !== undefined,
    ended_by: ended?.endedBy ?? null,
    ended_by_agent: ended?.agent ?? null,
    ended_reason: ended?.reason ?? null,
    invalid: invalidReasons(fold),
    call_secs: round2(fold.nowMs / 1000),
    conversation: {
      turns: turns.length,
      utterances: utterances.length,
      interruptions: agents.reduce((sum, agent) => sum + agent.heard.yield_rate.of, 0),
      floor_transfer_offset: summarize(turns.map(({ gapMs }) => gapMs)),
      ...talkOf(utterances, { together: fold.together, callMs: fold.nowMs }),
    },
    cost: costs.run,
    evaluation: evaluationFigures(fold),
    agents,
    records,
    turn_list: turns.map(({ index, agent, startMs, endMs, gapMs, cut, text }) => ({
      index,
      agent,
      start_secs: round2(startMs / 1000),
      end_secs: round2OrNull(endMs === null ? null : endMs / 1000),
      floor_transfer_offset: round2OrNull(gapMs),
      cut,
      text,
    })),
    warnings: fold.warnings,
  };
}

function agentMetrics(agent: RosterAgent, fold: RunFold, allRecords: readonly LatencyRecord[]): Omit<AgentMetrics, 'cost'> {
  const { name } = agent;
  const { utterances, turns } = fold;
  const own = utterances.filter((utterance) => utterance.agent === name);
  const records = allRecords.filter((record) => record.agent_name === name);
  const replies = fold.replies.filter((reply) => reply.agent === name);
  const toolCallsMs = replies.flatMap((reply) => reply.toolCalls.map(({ calledMs }) => calledMs));
  const countKind = (kind: UtteranceKind): number => own.filter((utterance) => utterance.kind === kind).length;
  const usage = fold.usage.get(name) as AgentUsage;
  return {
    name,
    role: agent.role,
    goes_first: agent.goesFirst,
    session_id: sessionId(name, fold.roster.started?.seed ?? 0),
    llm: labelOf(agent.llm, agent.llmModel),
    tts: labelOf(agent.tts, agent.ttsModel),
    voice: agent.voice,
    vad: agent.vad,
    end_of_turn: agent.endOfTurn,
    turns: turns.filter((turn) => turn.agent === name).length,
    replies: records.length,
    utterances: {
      reply: countKind('reply'),
      barge_in: countKind('barge_in'),
      backchannel: countKind('backchannel'),
      tic: countKind('tic'),
      aside: countKind('aside'),
    },
    cut_off: interruptionsOf(utterances).filter((interruption) => interruption.agent === name && interruption.cut).length,
    self_echo: selfEchoes(name, fold.replies, utterances),
    heard: {
      ...turnTakingOf({ agent: name, utterances, turns, toolCallsMs, endedBy: fold.ended?.endedBy ?? null, endMs: fold.nowMs }),
      ...agentTalkOf(name, utterances),
    },
    reported: reportedLatency(records),
    aggregates: compatAggregates(records),
    word_error: transcriptError(own, { finals: fold.finalsOf(name), givenUp: fold.givenUp.of(name), callEndMs: fold.nowMs }),
    usage: {
      ...usage,
      tts_audio_secs: round2(usage.tts_audio_secs),
      transcribed_audio_secs: round2(usage.transcribed_audio_secs),
      room_minutes: round2(usage.room_minutes),
    },
  };
}

function reportedLatency(records: readonly LatencyRecord[]): ReportedLatency {
  return {
    ttft: summarize(records.map(({ ttft }) => ttft)),
    llm_duration: summarize(records.map(({ llm_duration }) => llm_duration)),
    tts_ttfb: summarize(records.map(({ tts_ttfb }) => tts_ttfb)),
    tts_duration: summarize(records.map(({ tts_duration }) => tts_duration)),
    vad_stop: summarize(records.map(({ vad_stop_secs }) => vad_stop_secs && vad_stop_secs * 1000)),
    end_of_turn_delay: summarize(records.map(({ end_of_turn_delay }) => end_of_turn_delay)),
    transcription_delay: summarize(records.map(({ transcription_delay }) => transcription_delay)),
    e2e_latency: summarize(records.map(({ e2e_latency }) => e2e_latency)),
  };
}

/** As Pipecat labels a service: its name, and its model in brackets. */
function labelOf(name: string, model: string): string {
  return model === '' || model === name ? name : `${name} (${model})`;
}
