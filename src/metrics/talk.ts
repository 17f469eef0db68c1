/** How the time of a call was filled: who spoke how much, several at once, nobody at all. As heard, every kind of speech. */
import type { Utterance } from './conversation.ts';
import { round2, round2OrNull, roundShare } from './rounding.ts';
import { gaps, merge, overlaps, type Span, totalMs } from './spans.ts';

/** A shorter silence is a pause for thought. */
const DEAD_AIR_MS = 3000;

/** Seconds; shares between 0 and 1 beside what they were made of. */
export type Talk = {
  readonly talk_over_share: number | null;
  readonly talk_over_secs: number;
  /** Silences longer than three seconds while both were there. */
  readonly dead_air: { readonly count: number; readonly longest_secs: number; readonly total_secs: number };
};

export type AgentTalk = {
  readonly speech_secs: number;
  /** Own speech of both sides' speech. */
  readonly talk_ratio: number | null;
  readonly words: number;
  /** Words heard to their end per minute of own speech. */
  readonly words_per_minute: number | null;
};

/** `together` is when both agents were in the room. */
export function talkOf(utterances: readonly Utterance[], { together, callMs }: { readonly together: readonly Span[]; readonly callMs: number }): Talk {
  const bothMs = totalMs(talkOver(utterances));
  const silences = deadAir(utterances, together).map((span) => totalMs([span]));
  return {
    talk_over_share: callMs > 0 ? roundShare(bothMs / callMs) : null,
    talk_over_secs: round2(bothMs / 1000),
    dead_air: {
      count: silences.length,
      longest_secs: round2(Math.max(0, ...silences) / 1000),
      total_secs: round2(silences.reduce((sum, ms) => sum + ms, 0) / 1000),
    },
  };
}

export function agentTalkOf(agent: string, utterances: readonly Utterance[]): AgentTalk {
  const own = utterances.filter((utterance) => utterance.agent === agent);
  const others = utterances.filter((utterance) => utterance.agent !== agent);
  const speechMs = totalMs(audible(own));
  const bothMs = speechMs + totalMs(audible(others));
  const words = own.reduce((sum, { text }) => sum + text.split(/\s+/).filter(Boolean).length, 0);
  return {
    speech_secs: round2(speechMs / 1000),
    talk_ratio: bothMs > 0 ? roundShare(speechMs / bothMs) : null,
    words,
    words_per_minute: round2OrNull(speechMs > 0 ? words / (speechMs / 60_000) : null),
  };
}

/** Where more than one could be heard at once; people who are no agents count as well. */
export function talkOver(utterances: readonly Utterance[]): Span[] {
  const tracks = [...Map.groupBy(utterances, ({ agent }) => agent).values()].map(audible);
  return merge(tracks.flatMap((track, i) => overlaps(track, tracks.slice(i + 1).flat())));
}

/** Where nobody could be heard for longer than three seconds while both agents were there. */
export function deadAir(utterances: readonly Utterance[], together: readonly Span[]): Span[] {
  const heard = audible(utterances);
  return together.flatMap((span) => gaps(heard, span)).filter(({ startMs, endMs }) => endMs - startMs > DEAD_AIR_MS);
}

/** Where they could be heard. */
export function audible(utterances: readonly Utterance[]): Span[] {
  return merge(utterances.flatMap(({ segments }) => segments));
}
