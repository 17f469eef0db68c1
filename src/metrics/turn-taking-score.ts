/**
 * The turn-taking score of EVA, between 0 and 1: one score per answering turn, from its latency, or from its overlap
 * when it began over the peer, or from how soon it yielded when the peer began over it; then their mean.
 */
import type { EndedBy } from '../events/event.ts';
import { takesFloor, type Utterance } from './conversation.ts';
import { interruptionsOf } from './interruptions.ts';
import { covers, overlaps, totalMs } from './spans.ts';
import { segmentsOf, type Turn } from './turns.ts';

/** A turn that began over its peer. The gap is the silence between the peer's end and the answer; null without one. */
export type Overlap = { readonly overlapMs: number; readonly segments: number; readonly gapMs: number | null };

/** Full marks between 0.5 and 2 s (3 s when a tool was called), none at 0.5 s too early or 3.5 s (5 s) late. */
export function latencyScore(latencyMs: number, calledTool: boolean): number {
  const [lateMs, lostMs] = calledTool ? [3000, 5000] : [2000, 3500];
  if (latencyMs < 500) return clamp((latencyMs + 500) / 1000);
  return latencyMs <= lateMs ? 1 : clamp((lostMs - latencyMs) / (lostMs - lateMs));
}

/** At most a half: interrupting is worse than any answer on time. */
export function overlapScore({ overlapMs, segments, gapMs }: Overlap, calledTool: boolean): number {
  const byOverlap = clamp(0.5 * (1 - overlapMs / 2000));
  const bySegments = clamp(0.5 * (1 - (segments - 1) / 2));
  return Math.min(byOverlap, bySegments, gapMs === null ? 1 : latencyScore(gapMs, calledTool));
}

export function yieldScore(yieldMs: number): number {
  return clamp(1 - yieldMs / 2000);
}

export type ScoreInput = {
  readonly agent: string;
  readonly utterances: readonly Utterance[];
  readonly turns: readonly Turn[];
  readonly toolCallsMs: readonly number[];
  readonly endedBy: EndedBy | null;
};

/** One score per turn of `agent` that follows a turn of its peer; the greeting has none. */
export function turnScores(input: ScoreInput): number[] {
  return input.turns.flatMap((turn) => {
    const before = input.turns[turn.index - 1];
    return turn.agent === input.agent && before && turn.gapMs !== null ? [turnScore(turn, before, input)] : [];
  });
}

/** The mean of the scores, or 0 when the call died of silence that this agent owed; null without any turn to score. */
export function turnTakingScore(input: ScoreInput): number | null {
  const last = input.turns.at(-1);
  if (input.endedBy === 'inactivity' && last && last.agent !== input.agent) return 0;
  const scores = turnScores(input);
  return scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/** Whether a tool was called on the way to this turn or in it. */
export function calledTool(turn: Turn, before: Turn, toolCallsMs: readonly number[]): boolean {
  return toolCallsMs.some((ms) => ms > before.startMs && ms <= (turn.endMs ?? Infinity));
}

function turnScore(turn: Turn, before: Turn, { utterances, toolCallsMs }: ScoreInput): number {
  const withTool = calledTool(turn, before, toolCallsMs);
  const scores: number[] = [];
  const overlap = overlapOf(turn, before, utterances);
  if (overlap) scores.push(overlapScore(overlap, withTool));
  const own = new Set(turn.utterances.map(({ utteranceId }) => utteranceId));
  for (const { interrupted, yieldMs } of interruptionsOf(utterances)) {
    if (own.has(interrupted.utteranceId) && yieldMs !== null) scores.push(yieldScore(yieldMs));
  }
  return scores.length > 0 ? Math.min(...scores) : latencyScore(turn.gapMs as number, withTool);
}

/** What the agent said over the peer's turn before this one; undefined if it waited. */
function overlapOf(turn: Turn, before: Turn, utterances: readonly Utterance[]): Overlap | undefined {
  const theirs = segmentsOf(before);
  const own = utterances
    .filter(({ agent, kind, startMs }) => agent === turn.agent && takesFloor(kind) && startMs >= before.startMs)
    .flatMap(({ segments }) => segments);
  const begunOver = own.filter(({ startMs }) => covers(theirs, startMs));
  if (begunOver.length === 0) return undefined;
  const speaksOn = own.some(({ startMs, endMs }) => startMs < (before.endMs ?? 0) && endMs > (before.endMs ?? 0));
  return {
    overlapMs: totalMs(overlaps(begunOver, theirs)),
    segments: begunOver.length,
    gapMs: speaksOn ? null : turn.gapMs,
  };
}

function clamp(score: number): number {
  return Math.min(1, Math.max(0, score));
}
