/**
 * Did an agent answer, and how soon? Per utterance rather than per turn, because a peer that has to speak again
 * merges its utterances into one turn and would hide that nobody answered the first.
 */
import type { EndedBy } from '../events/event.ts';
import { takesFloor, type Utterance } from './conversation.ts';
import { soundsAt } from './interruptions.ts';

/** One utterance of the peer that ended with the agent silent; `latencyMs` is null if it had to speak again. */
export type Answer = { readonly utterance: Utterance; readonly latencyMs: number | null };

/** How the call ended, and when. */
export type CallEnd = { readonly endedBy: EndedBy | null; readonly endMs: number };

/** From here on an answer is late even if a tool was called (EVA); when time is up, whoever waited so long was not answered. */
export const LATE_WITH_TOOL_MS = 4000;

/**
 * The peer's utterances that waited for an answer of `agent`. One that goes on with a tool's result was not over, and
 * the last one of a call that was ended on purpose needs none.
 */
export function answersOf(agent: string, utterances: readonly Utterance[], call: CallEnd): Answer[] {
  const speech = utterances.filter(({ kind }) => takesFloor(kind));
  const own = speech.filter((utterance) => utterance.agent === agent);
  const others = speech.filter((utterance) => utterance.agent !== agent);
  return others.flatMap((utterance): Answer[] => {
    const { endMs } = utterance;
    if (endMs === null || own.some((speaking) => soundsAt(speaking, endMs))) return [];
    const reply = own.find(({ startMs }) => startMs >= endMs);
    // One that was cut off as it began ends where it starts, and is not its own repetition.
    const again = others.find((other) => other !== utterance && other.startMs >= endMs);
    if (reply && (!again || reply.startMs <= again.startMs)) return [{ utterance, latencyMs: reply.startMs - endMs }];
    if (again?.cause === 'tool_result') return [];
    return again || diedOfSilence(endMs, call) ? [{ utterance, latencyMs: null }] : [];
  });
}

/** Whether nobody said anything any more after this moment, until the call was over for lack of it or of time. */
function diedOfSilence(sinceMs: number, { endedBy, endMs }: CallEnd): boolean {
  return endedBy === 'inactivity' || (endedBy === 'max_duration' && endMs - sinceMs > LATE_WITH_TOOL_MS);
}
