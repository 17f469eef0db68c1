/**
 * One record per reply that was heard, in the shape that Pipecat's dashboards read (the first eleven fields), with
 * what that shape lacks behind it. Keyed by reply and turn, so a figure never lands on a neighbour's turn: a record
 * belongs to one reply, is complete when its utterance has stopped, and says what was spoken, not only generated.
 */
import { invariant } from '../base/errors.ts';
import type { ReplyTrace } from './reply-trace.ts';
import { round2OrNull } from './rounding.ts';
import type { RunFold } from './run-fold.ts';
import type { Turn } from './turns.ts';
import type { WireSegment } from './wire-speech.ts';

/** Milliseconds with two decimals unless the name says otherwise; null is unknown. */
export type LatencyRecord = {
  readonly session_id: string;
  readonly agent_name: string;
  /** Counts this agent's records from 0. */
  readonly turn_index: number;
  /** What the agent had heard from its peer since its last reply. */
  readonly input: string;
  /** What the model wrote; if it was cut off in writing, the sentences that reached the voice. */
  readonly output: string;
  /** The model's first token after the request: the same as `ttft`. */
  readonly ttfb: number | null;
  readonly llm_duration: number | null;
  readonly tts_duration: number | null;
  /** VAD stop decision to own first audio sent; excludes vad_stop_secs. The two are always equal. */
  readonly user_bot_latency: number | null;
  readonly e2e_latency: number | null;
  /** When the record was complete: seconds since 1970 on the scenario's own clock (started_at). */
  readonly ts: number;

  readonly reply_id: string;
  readonly ttft: number | null;
  readonly tts_ttfb: number | null;
  /** The silence that the VAD had waited for, in seconds with three decimals. */
  readonly vad_stop_secs: number | null;
  /** The true end of the peer's speech to the decision that its turn was over. */
  readonly end_of_turn_delay: number | null;
  /** The true end of the peer's speech to the final transcript of it. */
  readonly transcription_delay: number | null;
  /** End of the peer's turn to the start of this one, as heard on the wire; negative is talking over. */
  readonly perceived_latency: number | null;
  readonly interrupted: boolean;
  /** The words that were heard. */
  readonly spoken_output: string;
};

/** The name under which an agent's records are collected: the same for every run of one seed. */
export function sessionId(agent: string, seed: number): string {
  return `${agent}-${seed}`;
}

/** The records so far, in the order in which they were completed. */
export function latencyRecords(fold: RunFold): LatencyRecord[] {
  const counts = new Map<string, number>();
  return fold.replies
    .filter(isComplete)
    .toSorted((a, b) => a.lastSampleMs - b.lastSampleMs)
    .map((reply) => {
      const index = counts.get(reply.agent) ?? 0;
      counts.set(reply.agent, index + 1);
      return latencyRecord(fold, reply, index);
    });
}

/** A reply that was heard and is over. */
export type CompleteReply = ReplyTrace & { readonly lastSampleMs: number; readonly outcome: NonNullable<ReplyTrace['outcome']> };

export function isComplete(reply: ReplyTrace): reply is CompleteReply {
  return reply.lastSampleMs !== null && reply.outcome !== null;
}

/** The record of one reply, as far as the log tells by now; `index` is its place among those of its agent. */
export function latencyRecord(fold: RunFold, reply: CompleteReply, index: number): LatencyRecord {
  const { started } = fold.roster;
  invariant(started, 'a reply before the run began');
  const peer = fold.roster.peerOf(reply.agent);
  const model = reply.llm.findLast(({ outcome }) => outcome !== 'failed');
  const userBotLatency = round2OrNull(reply.vadStop && reply.firstSampleMs !== null ? reply.firstSampleMs - reply.vadStop.atMs : null);
  const delays = peer === undefined ? NO_DELAYS : perceptionDelays(reply, fold.wire.of(peer));
  return {
    session_id: sessionId(reply.agent, started.seed),
    agent_name: reply.agent,
    turn_index: index,
    input: reply.input.trim(),
    output: (model?.text ?? reply.sentences.join(' ')).trim(),
    ttfb: round2OrNull(model?.ttftMs),
    llm_duration: round2OrNull(model?.durationMs),
    tts_duration: round2OrNull(reply.tts?.durationMs),
    user_bot_latency: userBotLatency,
    e2e_latency: userBotLatency,
    ts: Math.round(epochSecs(started.scenario['started_at']) * 1000 + reply.lastSampleMs) / 1000,
    reply_id: reply.replyId,
    ttft: round2OrNull(model?.ttftMs),
    tts_ttfb: round2OrNull(reply.tts?.ttfbMs),
    vad_stop_secs: reply.vadStop && Math.round(reply.vadStop.silenceMs) / 1000,
    end_of_turn_delay: round2OrNull(delays.endOfTurnMs),
    transcription_delay: round2OrNull(delays.transcriptionMs),
    perceived_latency: round2OrNull(perceivedLatencyMs(reply, fold.turns)),
    interrupted: reply.outcome === 'interrupted',
    spoken_output: reply.heard,
  };
}

const NO_DELAYS = { endOfTurnMs: null, transcriptionMs: null };

/**
 * How long after the peer's true end of speech the agent knew. Its own barge-in is no judgement of the peer's turn,
 * and a transcript that was there before the end belongs to earlier words: both leave their figure unknown.
 */
export function perceptionDelays(
  reply: ReplyTrace,
  peerSpeech: readonly WireSegment[],
): { readonly endOfTurnMs: number | null; readonly transcriptionMs: number | null } {
  const stoppedMs = reply.turn?.stoppedMs ?? null;
  if (reply.vadStop === null && reply.transcript === null) return NO_DELAYS;
  if (stoppedMs === null || reply.turn?.stoppedBy === 'barge_in') return NO_DELAYS;
  const last = peerSpeech.findLast(({ startMs }) => startMs < stoppedMs);
  if (!last || last.endMs === null) return NO_DELAYS;
  const { transcript } = reply;
  const covered = transcript !== null && transcript.endMs > last.startMs && transcript.atMs >= last.endMs;
  return { endOfTurnMs: stoppedMs - last.endMs, transcriptionMs: covered ? transcript.atMs - last.endMs : null };
}

/** The gap before the turn that this reply opened; null if it opened none. */
function perceivedLatencyMs(reply: ReplyTrace, turns: readonly Turn[]): number | null {
  return turns.find(({ utterances }) => utterances[0].replyId === reply.replyId && utterances[0].agent === reply.agent)?.gapMs ?? null;
}

function epochSecs(startedAt: unknown): number {
  const ms = typeof startedAt === 'string' ? Date.parse(startedAt) : Number.NaN;
  return Number.isNaN(ms) ? 0 : ms / 1000;
}
