/** Turn-taking as a listener hears it, for one agent: how soon it speaks, whether it yields, whether it interrupts. */
import type { EndedBy } from '../events/event.ts';
import { type Rate, rateOf, type Summary, summarize } from './aggregate.ts';
import { answersOf, LATE_WITH_TOOL_MS } from './answers.ts';
import { takesFloor, type Utterance } from './conversation.ts';
import { interruptionsOf } from './interruptions.ts';
import { round2OrNull } from './rounding.ts';
import { type Selectivity, selectivityOf } from './selectivity.ts';
import { covers } from './spans.ts';
import { audible } from './talk.ts';
import { calledTool, turnTakingScore } from './turn-taking-score.ts';
import type { Turn } from './turns.ts';

/** An interruption is yielded to within this time, or not at all (tau-voice). */
const YIELD_MS = 2000;
/** An answer before this is early; the human median is about 200 ms (Stivers et al. 2009). */
export const EARLY_MS = 200;
/** An answer from here on is late, unless a tool was called in the turn (EVA). */
export const LATE_MS = 2750;

/** Milliseconds unless a name says otherwise; a rate stands beside its counts. */
export type TurnTaking = {
  /** End of the peer's turn to the start of this agent's; negative is talking over. */
  readonly response_latency: Summary;
  /** L_R: the mean over utterances of the peer that ended with this agent silent and were answered. */
  readonly response_latency_mean: number | null;
  /** R_R: answered before the peer had to speak again. */
  readonly response_rate: Rate;
  /** L_Y: from an interruption to the end of this agent's speech, where it yielded. */
  readonly yield_latency: Summary;
  /** R_Y: interruptions of this agent after which it stopped within 2 s. */
  readonly yield_rate: Rate;
  /** I_A: own segments begun while the peer spoke, per turn of the peer; can exceed 1. */
  readonly agent_interruption_rate: Rate;
  readonly selectivity: Selectivity;
  /** EVA, 0 to 1. */
  readonly turn_taking_score: number | null;
  readonly on_time_rate: Rate;
  readonly early_rate: Rate;
  readonly late_rate: Rate;
};

export type TurnTakingInput = {
  readonly agent: string;
  readonly utterances: readonly Utterance[];
  readonly turns: readonly Turn[];
  /** When this agent called tools. */
  readonly toolCallsMs: readonly number[];
  /** Null for a call that has not ended. */
  readonly endedBy: EndedBy | null;
  /** When it ended, or how far it has come. */
  readonly endMs: number;
};

export function turnTakingOf(input: TurnTakingInput): TurnTaking {
  const { agent, utterances, turns } = input;
  const answers = answersOf(agent, utterances, input);
  const answered = answers.flatMap(({ latencyMs }) => latencyMs ?? []);
  const interruptions = interruptionsOf(utterances).filter((interruption) => interruption.agent === agent);
  const yields = interruptions.flatMap(({ yieldMs }) => (yieldMs !== null && yieldMs <= YIELD_MS ? [yieldMs] : []));
  const timing = timingOf(input);
  return {
    response_latency: summarize(timing.map(({ gapMs }) => gapMs)),
    response_latency_mean: summarize(answered).avg,
    response_rate: rateOf(answered.length, answers.length),
    yield_latency: summarize(yields),
    yield_rate: rateOf(yields.length, interruptions.length),
    agent_interruption_rate: rateOf(segmentsBegunOverPeer(agent, utterances), turns.filter((turn) => turn.agent !== agent).length),
    selectivity: selectivityOf(agent, utterances),
    turn_taking_score: round2OrNull(turnTakingScore(input)),
    on_time_rate: rateOf(timing.filter(({ verdict }) => verdict === 'on_time').length, timing.length),
    early_rate: rateOf(timing.filter(({ verdict }) => verdict === 'early').length, timing.length),
    late_rate: rateOf(timing.filter(({ verdict }) => verdict === 'late').length, timing.length),
  };
}

type Timing = { readonly gapMs: number; readonly verdict: 'early' | 'on_time' | 'late' };

function timingOf({ agent, turns, toolCallsMs }: TurnTakingInput): Timing[] {
  return turns.flatMap((turn): Timing[] => {
    const before = turns[turn.index - 1];
    if (turn.agent !== agent || !before || turn.gapMs === null) return [];
    const lateMs = calledTool(turn, before, toolCallsMs) ? LATE_WITH_TOOL_MS : LATE_MS;
    return [{ gapMs: turn.gapMs, verdict: turn.gapMs < EARLY_MS ? 'early' : turn.gapMs < lateMs ? 'on_time' : 'late' }];
  });
}

function segmentsBegunOverPeer(agent: string, utterances: readonly Utterance[]): number {
  const speech = utterances.filter(({ kind }) => takesFloor(kind));
  const theirs = audible(speech.filter((utterance) => utterance.agent !== agent));
  return speech.filter((utterance) => utterance.agent === agent).flatMap(({ segments }) => segments).filter(({ startMs }) => covers(theirs, startMs)).length;
}
