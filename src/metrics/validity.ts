/**
 * Whether a run says anything about its agents. When the simulation itself broke, what was measured is nobody's
 * fault: such a run is invalid, and can count as no pass and as no failure. Only what the log proves is listed.
 */
import { takesFloor } from './conversation.ts';
import type { ReplyTrace } from './reply-trace.ts';
import type { RunFold } from './run-fold.ts';

export type InvalidReason = {
  /** no_speech: an agent was never heard. provider_failed: a brain or voice gave up. no_exchange: it ended before the
   * first exchange of turns. no_transcription: nobody turned speech into text. error: it was broken off by an error. incomplete: the log stops in mid-call. */
  readonly code: 'no_speech' | 'provider_failed' | 'no_exchange' | 'no_transcription' | 'error' | 'incomplete';
  readonly agent: string | null;
  /** What to tell a person, without a full stop. */
  readonly text: string;
};

/** Every reason there is; empty for a run that can be trusted. A run that the user cancelled is not judged. */
export function invalidReasons(fold: RunFold): readonly InvalidReason[] {
  const { ended, replies, turns, utterances, roster, deaf } = fold;
  if (!ended) return [{ code: 'incomplete', agent: null, text: 'the log stops in mid-call' }];
  if (ended.endedBy === 'cancelled') return [];
  // The first failure of each agent: what came after it may have come of it.
  const failed = new Map(replies.filter(({ outcome }) => outcome === 'failed').toReversed().map((reply) => [reply.agent, reply]));
  const speakers = new Set(utterances.filter(({ kind }) => takesFloor(kind)).map(({ agent }) => agent));
  const silent = roster.agents.filter(({ name }) => !speakers.has(name));
  const exchanged = roster.agents.every(({ name }) => turns.some(({ agent }) => agent === name));
  const given = [...failed.values()].toReversed().map((reply): InvalidReason => ({ code: 'provider_failed', agent: reply.agent, text: failureText(reply) }));
  if (deaf) return [...given, { code: 'no_transcription', agent: null, text: deaf.message }];
  // What is missing after an error is missing because of it.
  if (ended.endedBy === 'error') {
    // An agent's error is what it gave up for; what is nobody's came besides.
    const isKnown = given.length > 0 && (ended.agent !== undefined || ended.reason === undefined);
    return isKnown ? given : [...given, { code: 'error', agent: ended.agent ?? null, text: ended.reason ?? 'it was broken off by an error' }];
  }
  return [
    ...given,
    ...silent.map(({ name }): InvalidReason => ({ code: 'no_speech', agent: name, text: `${name} was never heard` })),
    ...(isDeaf(fold) ? [{ code: 'no_transcription' as const, agent: null, text: deafText(fold) }] : []),
    ...(silent.length > 0 || exchanged ? [] : [{ code: 'no_exchange' as const, agent: null, text: 'it ended before the first exchange of turns' }]),
  ];
}

/** Whether the call came to its end as calls do, and can be trusted. */
export function endedWell(fold: RunFold): boolean {
  const { ended } = fold;
  return ended !== undefined && !['cancelled', 'error', 'budget'].includes(ended.endedBy) && invalidReasons(fold).length === 0;
}

function failureText({ agent, failure }: ReplyTrace): string {
  return failure ? `${agent}'s ${failure.of} failed: ${failure.message}` : `${agent} failed to answer`;
}

/** The embedded room's own transcription cannot fail: there, no text means that there was nothing to hear. */
function isDeaf({ listener, texts, utterances }: RunFold): boolean {
  if (!listener || listener.name === 'embedded') return false;
  return texts === 0 && utterances.some(({ endMs }) => endMs === null || endMs > listener.sinceMs);
}

function deafText({ listener, sttFailure }: RunFold): string {
  return `${listener?.name ?? 'the room'} transcribed nothing of what was said${sttFailure ? `: ${sttFailure.message}` : ''}`;
}
