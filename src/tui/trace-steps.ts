/**
 * How one turn came about, as a list of moments: what the agent heard, how it decided, what model and voice took,
 * when the first sample went out. Only moments that the log tells of; nothing is guessed.
 */
import type { ReplyTrace, RetryTrace } from '../metrics/reply-trace.ts';
import { displayable } from '../base/display-text.ts';
import type { Hue } from './line.ts';
import type { TurnView } from '../metrics/call-view.ts';

export type TraceStep = {
  readonly atMs: number;
  /** From the step before; null for the first. */
  readonly deltaMs: number | null;
  readonly stage: 'room' | 'VAD' | 'text' | 'turn' | 'reply' | 'LLM' | 'tool' | 'TTS';
  readonly what: string;
  readonly hue?: Hue;
};

type Moment = Omit<TraceStep, 'deltaMs'>;

export function traceSteps(view: TurnView): TraceStep[] {
  const moments = [...heardBefore(view), ...decided(view), ...thought(view), ...spoke(view)].toSorted((a, b) => a.atMs - b.atMs);
  return moments.map((moment, i) => ({ ...moment, deltaMs: i === 0 ? null : moment.atMs - (moments[i - 1] as Moment).atMs }));
}

function heardBefore({ before, reply, turn }: TurnView): Moment[] {
  const moments: Moment[] = [];
  if (before && before.endMs !== null) moments.push({ atMs: before.endMs, stage: 'room', what: `${displayable(before.agent)} stops, as heard` });
  if (!reply) return [...moments, { atMs: turn.startMs, stage: 'room', what: `${displayable(turn.agent)} is heard` }];
  const { vadStop, transcript } = reply;
  if (vadStop) moments.push({ atMs: vadStop.atMs, stage: 'VAD', what: `stopped: ${Math.round(vadStop.silenceMs)} ms of silence` });
  if (transcript) moments.push({ atMs: transcript.atMs, stage: 'text', what: `final: "${displayable(transcript.text)}"` });
  return moments;
}

const TURN_ENDED_BY = {
  strategy: 'over: the strategy said so',
  silence: 'over: silent for long enough',
  watchdog: 'over: the watchdog ended it',
  transcript: 'over: text without a VAD stop',
  barge_in: 'over: by speaking over it',
} as const;

const BEGINS: Readonly<Record<ReplyTrace['cause'], string>> = {
  kickoff: 'begins: the greeting',
  turn: 'begins: an answer',
  late_text: 'begins again: late text',
  barge_in: 'begins: a barge-in',
  tool_result: 'begins: after a tool',
  goodbye: 'begins: the goodbye',
};

function decided({ reply }: TurnView): Moment[] {
  if (!reply) return [];
  const moments: Moment[] = [];
  const { turn } = reply;
  if (turn?.judged) moments.push({ atMs: turn.judged.atMs, stage: 'turn', what: `${turn.judged.strategy}: ${turn.judged.complete ? 'complete' : 'not complete'}` });
  if (turn && turn.stoppedMs !== null) moments.push({ atMs: turn.stoppedMs, stage: 'turn', what: turn.stoppedBy ? TURN_ENDED_BY[turn.stoppedBy] : 'over' });
  return [...moments, { atMs: reply.startedMs, stage: 'reply', what: BEGINS[reply.cause] }];
}

function thought({ reply }: TurnView): Moment[] {
  if (!reply) return [];
  const requests = reply.llm.flatMap(({ requestedMs, ttftMs, durationMs, outcome, retries }, i): Moment[] => {
    const which = reply.llm.length > 1 ? ` ${i + 1}` : '';
    const moments: Moment[] = [{ atMs: requestedMs, stage: 'LLM', what: `request${which}${outcome === 'cancelled' || outcome === 'failed' ? `, ${outcome}` : ''}` }];
    moments.push(...retries.map((retry) => triedAgain('LLM', retry)));
    if (ttftMs !== null) moments.push({ atMs: requestedMs + ttftMs, stage: 'LLM', what: `first token${which}` });
    if (durationMs !== null) moments.push({ atMs: requestedMs + durationMs, stage: 'LLM', what: `complete${which}` });
    return moments;
  });
  const calls = reply.toolCalls.flatMap(({ name, calledMs, answeredMs, failed }): Moment[] => {
    const called: Moment = { atMs: calledMs, stage: 'tool', what: `${displayable(name)} called` };
    const answered: Moment = { atMs: answeredMs ?? 0, stage: 'tool', what: `${displayable(name)} ${failed ? 'failed' : 'answered'}`, ...(failed ? { hue: 'bad' as const } : {}) };
    return answeredMs === null ? [called] : [called, answered];
  });
  return [...requests, ...calls];
}

function triedAgain(stage: 'LLM' | 'TTS', { atMs, kind, retryInMs }: RetryTrace): Moment {
  return { atMs, stage, what: `a try failed (${displayable(kind)}), the next in ${Math.round(retryInMs)} ms`, hue: 'warning' };
}

function spoke({ reply, turn }: TurnView): Moment[] {
  if (!reply) return [];
  const moments: Moment[] = [];
  const { tts, firstSampleMs } = reply;
  if (tts) moments.push({ atMs: tts.requestedMs, stage: 'TTS', what: 'request' }, ...tts.retries.map((retry) => triedAgain('TTS', retry)));
  if (tts && tts.ttfbMs !== null) moments.push({ atMs: tts.requestedMs + tts.ttfbMs, stage: 'TTS', what: 'first audio' });
  if (firstSampleMs !== null) moments.push({ atMs: firstSampleMs, stage: 'room', what: 'first sample sent' });
  return [...moments, { atMs: turn.startMs, stage: 'room', what: `${displayable(turn.agent)} is heard` }];
}
