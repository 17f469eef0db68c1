/**
 * Does an agent ignore what is not meant for it? Counted over the peer's backchannels, vocal tics and speech to
 * others, by ground-truth kind (tau-voice's S_BC, S_VT, S_ND).
 */
import type { UtteranceKind } from '../events/event.ts';
import { type Rate, rateOf } from './aggregate.ts';
import { takesFloor, type Utterance } from './conversation.ts';
import { soundsAt } from './interruptions.ts';

/** An agent that speaks yields if it is cut off within so long of the sound. */
const YIELD_WINDOW_MS = 1000;
/** A silent agent takes the sound for speech if it begins a reply within so long of its end. */
const REPLY_WINDOW_MS = 2000;
/** With fewer events a share is chance; the counts are given all the same. */
const FEWEST_EVENTS = 10;

/** Correctly ignored of all; the rate is null under ten events. */
export type Selectivity = { readonly backchannel: Rate; readonly vocal_tic: Rate; readonly non_directed: Rate };

export function selectivityOf(agent: string, utterances: readonly Utterance[]): Selectivity {
  const share = (kind: UtteranceKind): Rate => {
    const verdicts = utterances
      .filter((sound) => sound.agent !== agent && sound.kind === kind)
      .map((sound) => ignored(agent, sound, utterances))
      .filter((verdict) => verdict !== null);
    const rate = rateOf(verdicts.filter(Boolean).length, verdicts.length);
    return rate.of < FEWEST_EVENTS ? { ...rate, rate: null } : rate;
  };
  return { backchannel: share('backchannel'), vocal_tic: share('tic'), non_directed: share('aside') };
}

/** Null when it cannot be told: the agent was silent but owed an answer, which would have come anyway. */
function ignored(agent: string, sound: Utterance, utterances: readonly Utterance[]): boolean | null {
  const speech = utterances.filter(({ kind }) => takesFloor(kind));
  const speaking = speech.find((utterance) => utterance.agent === agent && soundsAt(utterance, sound.startMs));
  if (speaking) return !(speaking.cut && speaking.endMs !== null && speaking.endMs - sound.startMs <= YIELD_WINDOW_MS);
  const last = speech.findLast(({ startMs }) => startMs < sound.startMs);
  if (last && last.agent !== agent) return null;
  const untilMs = (sound.endMs ?? sound.startMs) + REPLY_WINDOW_MS;
  return !speech.some((reply) => reply.agent === agent && reply.startMs > sound.startMs && reply.startMs <= untilMs);
}
