/**
 * How often an agent answered its own voice: a filter that fails shows as words of its own in what it answers. Found
 * by the words, so that it holds for any agent, whatever its filter says of itself.
 */
import type { ReplyTrace } from './reply-trace.ts';
import type { Utterance } from './conversation.ts';
import { wordsOf } from './word-error.ts';

/** So many words in a row that only the agent itself has said are no chance. */
const ECHO_WORDS = 4;
/** An echo is answered soon or never. */
const ECHO_MS = 30_000;

/** The number of this agent's replies to what it had said itself. */
export function selfEchoes(agent: string, replies: readonly ReplyTrace[], utterances: readonly Utterance[]): number {
  return replies.filter((reply) => reply.agent === agent && answersItself(reply, utterances)).length;
}

function answersItself({ agent, input, startedMs }: ReplyTrace, utterances: readonly Utterance[]): boolean {
  const heard = runsOf(input);
  if (heard.length === 0) return false;
  const recent = utterances.filter(({ startMs, endMs }) => startMs < startedMs && (endMs ?? startedMs) > startedMs - ECHO_MS);
  const own = new Set(recent.filter((utterance) => utterance.agent === agent).flatMap(({ text }) => runsOf(text)));
  const others = new Set(recent.filter((utterance) => utterance.agent !== agent).flatMap(({ text }) => runsOf(text)));
  return heard.some((run) => own.has(run) && !others.has(run));
}

function runsOf(text: string): string[] {
  const words = wordsOf(text);
  return words.slice(ECHO_WORDS - 1).map((_, i) => words.slice(i, i + ECHO_WORDS).join(' '));
}
