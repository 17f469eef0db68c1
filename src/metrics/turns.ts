/**
 * Who holds the floor. A turn is all speech of one agent until the other takes the floor; what takes it is a reply
 * or a barge-in that outlasts the speech it began over. Backchannels, tics and asides belong to no turn.
 */
import { takesFloor, type Utterance } from './conversation.ts';
import type { Span } from './spans.ts';

/** One agent's hold of the floor. All times are call milliseconds. */
export type Turn = {
  /** Counts the turns of the conversation from 0. */
  readonly index: number;
  readonly agent: string;
  readonly utterances: readonly [Utterance, ...Utterance[]];
  readonly startMs: number;
  /** Null while it lasts. */
  readonly endMs: number | null;
  readonly text: string;
  /**
   * The floor transfer offset: from the end of the previous turn to the start of this one, as heard; negative is
   * talking over. Null for the first turn and while the previous speech has not ended.
   */
  readonly gapMs: number | null;
  /** Its last words were cut off. */
  readonly cut: boolean;
};

/** The turns that these utterances make, in order. */
export function turnsOf(utterances: readonly Utterance[]): Turn[] {
  const speech = utterances.filter(({ kind }) => takesFloor(kind));
  const held = speech.filter((utterance) => !speech.some((other) => outlasts(other, utterance)));
  const groups: [Utterance, ...Utterance[]][] = [];
  for (const utterance of held) {
    const last = groups.at(-1);
    if (last?.[0].agent === utterance.agent) last.push(utterance);
    else groups.push([utterance]);
  }
  return groups.map((group, index) => turnOf(group, index, groups[index - 1]));
}

/** Where a turn was audible, pauses left out. */
export function segmentsOf(turn: Turn): Span[] {
  return turn.utterances.flatMap(({ segments }) => segments);
}

/** Whether `outer` was sounding when the peer's `inner` began and did not end before it: then it kept the floor. */
function outlasts(outer: Utterance, inner: Utterance): boolean {
  return (
    outer.agent !== inner.agent &&
    outer.startMs < inner.startMs &&
    inner.endMs !== null &&
    (outer.endMs === null || outer.endMs >= inner.endMs)
  );
}

function turnOf(utterances: [Utterance, ...Utterance[]], index: number, previous: readonly Utterance[] | undefined): Turn {
  const startMs = utterances[0].startMs;
  const previousEndMs = previous && endOf(previous);
  return {
    index,
    agent: utterances[0].agent,
    utterances,
    startMs,
    endMs: endOf(utterances),
    text: utterances.map(({ text }) => text).filter(Boolean).join(' '),
    gapMs: previousEndMs === undefined || previousEndMs === null ? null : startMs - previousEndMs,
    cut: utterances.at(-1)?.cut ?? false,
  };
}

/** An unfinished utterance that began over a finished one still counts as unfinished. */
function endOf(utterances: readonly Utterance[]): number | null {
  let endMs = 0;
  for (const utterance of utterances) {
    if (utterance.endMs === null) return null;
    endMs = Math.max(endMs, utterance.endMs);
  }
  return endMs;
}
