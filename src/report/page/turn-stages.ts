/**
 * Where the time before a turn went, as bars one after another in call time. They never overlap: what two stages did at
 * once belongs to the one that was waited for first, and what no stage tells of is the rest.
 */
import type { StageBar, StageName } from '../../metrics/pages/run-document.ts';
import type { ReplyTrace } from '../../metrics/reply-trace.ts';
import type { RunFold } from '../../metrics/run-fold.ts';
import type { Turn } from '../../metrics/turns.ts';

type Bar = { readonly stage: StageName; readonly startMs: number; readonly endMs: number; readonly detail: string };

/** `fromMs` is where waiting began: the end of the turn before. Empty for a turn that no reply of ours opened. */
export function stagesOf(turn: Turn, fromMs: number, { replies }: Pick<RunFold, 'replies'>): readonly StageBar[] {
  const opening = turn.utterances[0].replyId;
  const reply = opening === null ? undefined : replies.find(({ agent, replyId }) => agent === turn.agent && replyId === opening);
  if (!reply || turn.startMs <= fromMs) return [];
  const known = barsOf(reply, fromMs).toSorted((a, b) => a.startMs - b.startMs);
  const bars: StageBar[] = [];
  let atMs = fromMs;
  for (const bar of known) {
    const startMs = Math.max(bar.startMs, atMs);
    const endMs = Math.min(bar.endMs, turn.startMs);
    if (endMs <= startMs) continue;
    if (startMs > atMs) bars.push(rest(atMs, startMs));
    bars.push(rounded({ ...bar, startMs, endMs }));
    atMs = endMs;
  }
  if (turn.startMs > atMs) bars.push(rest(atMs, turn.startMs));
  return bars.filter(({ startMs, endMs }) => endMs > startMs);
}

function barsOf({ turn, cause, llm, tts, toolCalls }: ReplyTrace, fromMs: number): Bar[] {
  const decidedMs = turn?.stoppedMs ?? null;
  const waited = cause === 'turn' || cause === 'late_text' || cause === 'tool_result';
  return [
    ...(waited && decidedMs !== null ? [{ stage: 'end_of_turn' as const, startMs: fromMs, endMs: decidedMs, detail: turn?.judged ? `decided by ${turn.judged.strategy}` : '' }] : []),
    ...llm.flatMap(({ requestedMs, ttftMs, retries }): Bar[] => {
      const detail = `to its first token${retries.length === 0 ? '' : `, after ${retries.length + 1} tries`}`;
      return ttftMs === null ? [] : [{ stage: 'llm', startMs: requestedMs, endMs: requestedMs + ttftMs, detail }];
    }),
    ...toolCalls.flatMap(({ name, calledMs, answeredMs }): Bar[] =>
      answeredMs === null ? [] : [{ stage: 'tool', startMs: calledMs, endMs: answeredMs, detail: name }],
    ),
    ...(tts?.ttfbMs === null || tts === null ? [] : [{ stage: 'tts' as const, startMs: tts.requestedMs, endMs: tts.requestedMs + tts.ttfbMs, detail: 'to its first audio' }]),
  ];
}

function rest(startMs: number, endMs: number): StageBar {
  return rounded({ stage: 'rest', startMs, endMs, detail: '' });
}

function rounded({ stage, startMs, endMs, detail }: Bar): StageBar {
  return { stage, startMs: Math.round(startMs), endMs: Math.round(endMs), detail };
}
