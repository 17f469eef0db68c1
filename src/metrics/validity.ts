/**
 * Whether a run says anything about its agents. When the simulation itself broke, what was measured is nobody's
 * fault: such a run is invalid, and can count as no pass and as no failure. Only what the log proves is listed.
 */
import type { HeardWord } from '../events/event.ts';
import { takesFloor, type Utterance } from './conversation.ts';
import { type EvaluationDoubt, evaluationDoubts } from './evaluation-figures.ts';
import { type LostSpeech, lostSpeech } from './lost-speech.ts';
import type { RunFold } from './run-fold.ts';
import { isGarbled, transcriptError } from './transcript-error.ts';
import { unspoken } from './unspoken.ts';
import type { WordError } from './word-error.ts';

export type InvalidReason = {
  /** no_speech: an agent was never heard. provider_failed: a brain, a voice or whoever else was asked gave up.
   * unspoken: a voice told of words without their sound. no_exchange: it ended before the first exchange of turns.
   * no_transcription: nobody turned speech into text. unheard: an agent never got what it was told. garbled: most words
   * of an agent became others on their way. deaf: an agent's VAD noticed nothing. timing_unreliable: this machine did not
   * keep up with the world. recording_incomplete: sound is missing that the log tells of. error: it was broken off by an
   * error. incomplete: the log stops in mid-call. judge_unreachable: a model that had to decide an expectation gave no
   * answer. out_of_role: the agent that simulates did not stay what it is. */
  readonly code:
    | 'no_speech'
    | 'provider_failed'
    | 'unspoken'
    | 'no_exchange'
    | 'no_transcription'
    | 'unheard'
    | 'garbled'
    | 'deaf'
    | 'timing_unreliable'
    | 'recording_incomplete'
    | 'error'
    | 'incomplete'
    | EvaluationDoubt['code'];
  readonly agent: string | null;
  /** What to tell a person, without a full stop. */
  readonly text: string;
};

/** So much of what was lost is quoted. */
const QUOTED_CHARACTERS = 60;

/** Every reason there is; empty for a run that can be trusted. A run that the user cancelled is not judged. */
export function invalidReasons(fold: RunFold): readonly InvalidReason[] {
  const { ended, turns, roster, deaf } = fold;
  if (!roster.started) return [{ code: 'incomplete', agent: null, text: 'the log has no beginning' }];
  if (!ended) return [{ code: 'incomplete', agent: null, text: 'the log stops in mid-call' }];
  if (ended.endedBy === 'cancelled') return [];
  const textless = isTextless(fold);
  const given = givenUp(fold, { textless });
  if (deaf) return [...given, { code: 'no_transcription', agent: null, text: deaf.message }];
  // What is missing after an error is missing because of it.
  if (ended.endedBy === 'error') {
    // An agent's error is what it gave up for; what is nobody's came besides.
    const isKnown = given.length > 0 && (ended.agent !== undefined || ended.reason === undefined);
    return isKnown ? given : [...given, { code: 'error', agent: ended.agent ?? null, text: ended.reason ?? 'it was broken off by an error' }];
  }
  const silent = roster.agents.filter(({ name }) => !wasHeard(name, fold));
  const exchanged = roster.agents.every(({ name }) => turns.some(({ agent }) => agent === name));
  return [
    ...given,
    ...silent.map(({ name }): InvalidReason => ({ code: 'no_speech', agent: name, text: `${name} was never heard` })),
    ...unspoken(fold).map(({ speaker, words }): InvalidReason => ({ code: 'unspoken', agent: speaker, text: unspokenText(speaker, words) })),
    ...(textless ? [{ code: 'no_transcription' as const, agent: null, text: textlessText(fold) }] : ears(fold)),
    ...(silent.length > 0 || exchanged ? [] : [{ code: 'no_exchange' as const, agent: null, text: 'it ended before the first exchange of turns' }]),
    ...timing(fold),
    ...evaluationDoubts(fold, ended.endedBy),
  ];
}

/** That no text came at all is told as such. */
function givenUp({ failures, replies }: RunFold, { textless }: { readonly textless: boolean }): readonly InvalidReason[] {
  const counted = failures.first.filter(({ of }) => !(textless && of === 'transcription'));
  const told = counted.map(({ agent, of, message }): InvalidReason => ({ code: 'provider_failed', agent, text: `${agent}'s ${of} failed: ${message}` }));
  const unexplained = new Set(replies.filter(({ agent, outcome }) => outcome === 'failed' && !told.some((reason) => reason.agent === agent)).map(({ agent }) => agent));
  return [...told, ...[...unexplained].map((agent): InvalidReason => ({ code: 'provider_failed', agent, text: `${agent} failed to answer` }))];
}

/** A voice may play silence and call it words: only the wire tells. */
function wasHeard(name: string, { utterances, wire }: RunFold): boolean {
  return wire.of(name).length > 0 && utterances.some(({ agent, kind }) => agent === name && takesFloor(kind));
}

/** What came between a speaker and its hearer. */
function ears(fold: RunFold): readonly InvalidReason[] {
  const lost = lostSpeech(fold);
  const garbled = fold.roster.agents.filter(({ name }) => !lost.some(({ speaker }) => speaker === name) && isGarbled(errorOf(name, fold)));
  return [
    ...lost.map((each): InvalidReason => ({ code: 'unheard', agent: each.hearer, text: lostText(each) })),
    ...garbled.map(({ name }): InvalidReason => ({ code: 'garbled', agent: name, text: garbledText(name, fold) })),
    ...fold.roster.agents
      .filter(({ name }) => isDeaf(name, fold))
      .map(({ name }): InvalidReason => ({ code: 'deaf', agent: name, text: `${name}'s voice activity detection noticed nothing of what was said` })),
  ];
}

/** Knows its peer's turns by their text alone. Only the offline voices are known to be noticed by whatever works. */
function isDeaf(name: string, { roster, hearing }: RunFold): boolean {
  const peer = roster.agents.find((agent) => agent.name !== name);
  return peer?.tts === 'offline' && hearing.reads(name) && hearing.noticedBy(name).length === 0;
}

function quotedText(text: string): string {
  return `"${text.length > QUOTED_CHARACTERS ? `${text.slice(0, QUOTED_CHARACTERS).trimEnd()}...` : text}"`;
}

function unspokenText(speaker: string, words: readonly HeardWord[]): string {
  return `nothing was heard of what ${speaker}'s voice says it spoke at ${((words[0]?.startMs ?? 0) / 1000).toFixed(1)} s: ${quotedText(words.map(({ text }) => text).join(' '))}`;
}

function lostText({ hearer, speaker, lost, of }: LostSpeech): string {
  const [first] = lost as readonly [Utterance];
  const what = lost.length === 1 ? `what ${speaker} said` : `${lost.length} of ${of} things that ${speaker} said, the first`;
  return `${hearer} never got ${what} at ${(first.startMs / 1000).toFixed(1)} s: ${quotedText(first.text)}`;
}

function errorOf(name: string, fold: RunFold): WordError {
  const own = fold.utterances.filter(({ agent }) => agent === name);
  return transcriptError(own, { finals: fold.finalsOf(name), givenUp: fold.givenUp.of(name), callEndMs: fold.nowMs });
}

function garbledText(name: string, fold: RunFold): string {
  const { rate, words } = errorOf(name, fold);
  return `of ${words} words of ${name}, ${Math.round((rate ?? 0) * 100)} % were transcribed wrongly`;
}

function timing({ lags }: RunFold): readonly InvalidReason[] {
  if (lags.length === 0) return [];
  const worstMs = Math.max(...lags.map((lag) => lag.worstMs));
  const times = lags.reduce((sum, lag) => sum + lag.times, 0);
  const more = times > 1 ? `, ${times} times in all` : '';
  return [{ code: 'timing_unreliable', agent: null, text: `this machine kept the call waiting for ${Math.round(worstMs)} ms${more}` }];
}

/** Whether the call came to its end as calls do, and can be trusted. */
export function endedWell(fold: RunFold): boolean {
  const { ended } = fold;
  return ended !== undefined && !['cancelled', 'error', 'budget'].includes(ended.endedBy) && invalidReasons(fold).length === 0;
}

/** The embedded room's own transcription cannot fail: there, no text means that there was nothing to hear. */
function isTextless({ listener, texts, utterances }: RunFold): boolean {
  if (!listener || listener.name === 'embedded') return false;
  return texts === 0 && utterances.some(({ endMs }) => endMs === null || endMs > listener.sinceMs);
}

function textlessText({ listener, sttFailure }: RunFold): string {
  return `${listener?.name ?? 'the room'} transcribed nothing of what was said${sttFailure ? `: ${sttFailure.message}` : ''}`;
}
