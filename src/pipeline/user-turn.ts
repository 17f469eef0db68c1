/**
 * When does the peer's turn begin and end? A pure step function over what the VAD, the transcription and the
 * end-of-turn strategy say. A turn ends when three things are true: there is text, the strategy says complete, and
 * the transcription has had the time it says it needs since speech ended.
 */
import { wholeMicroseconds } from '../clock/clock.ts';
import type { TurnSettings } from './settings.ts';

export type TurnState = {
  readonly on: boolean;
  /** The VAD hears the peer. */
  readonly speaking: boolean;
  /** The agent's own reply is being played, or was until then. */
  readonly agentSpeaking: boolean;
  readonly agentSpokeUntilMs: number;
  /** Late text of earlier turns; it comes first, but no turn ends on it alone before its time. */
  readonly kept: readonly string[];
  readonly parts: readonly string[];
  readonly interim: string;
  readonly complete: false | 'strategy' | 'silence' | 'transcript';
  /** When the peer's speech ended, by the last VAD stop; null while it speaks, and after a turn until it has spoken. */
  readonly speechEndMs: number | null;
  readonly transcriptDueMs: number | null;
  readonly silenceDueMs: number | null;
  readonly watchdogDueMs: number | null;
  /** Where the last pause began up to which all text has come, as far as the transcription says so. */
  readonly heardUntilMs: number;
  /** The number of the last question to the strategy; raised when its answer no longer matters. */
  readonly ask: number;
  /** Speech that ended before this moment belongs to a turn that is over; its text comes late. */
  readonly stoppedAtMs: number;
  readonly taken: TakenSpeech | null;
};

/** The peer's speech that the agent broke into. */
type TakenSpeech = {
  /** So many words at its beginning were used when the floor was taken. */
  readonly words: number;
  /** Null while it goes on. */
  readonly endMs: number | null;
  /** The agent has taken the floor but is not heard yet; until then all that the peer says is still this speech. */
  readonly pending: boolean;
};

export type TurnInput =
  | { readonly kind: 'vad_started' }
  | { readonly kind: 'vad_stopped'; readonly speechEndMs: number }
  | {
      readonly kind: 'transcript';
      readonly text: string;
      readonly final: boolean;
      /** When its first word began and its last one ended. */
      readonly startMs: number;
      readonly endMs: number;
      /** As in Transcript. */
      readonly upToPause: boolean;
    }
  /** The strategy's answer to the question of this number. */
  | { readonly kind: 'verdict'; readonly ask: number; readonly complete: boolean }
  | { readonly kind: 'agent_speaking'; readonly on: boolean }
  /** Late text that came too late to change the reply; it joins the next turn. */
  | { readonly kind: 'kept'; readonly text: string }
  /** The agent barges in: the turn is over as far as it goes. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'woken' };

export type TurnOutput =
  | { readonly kind: 'started'; readonly by: 'vad' | 'transcript' }
  /** Ask the strategy, and feed its verdict back, at once or later. */
  | { readonly kind: 'ask'; readonly ask: number }
  | {
      readonly kind: 'stopped';
      readonly by: 'strategy' | 'silence' | 'watchdog' | 'transcript' | 'barge_in';
      readonly text: string;
      readonly speechEndMs: number | null;
    }
  /** Text of a turn that is over already. */
  | { readonly kind: 'late'; readonly text: string };

/** What the step function needs to know besides the inputs. */
export type TurnRules = TurnSettings & {
  /** How long the transcription takes from the end of speech to the final text. */
  readonly transcriptionLatencyMs: number;
  /** The strategy wants to be asked again when more text arrives. */
  readonly readsText: boolean;
};

/** So far may the end of speech by the transcription lie before the end by the VAD; another pause never lies so near. */
const SAME_PAUSE_MS = 350;

export const NO_TURN: TurnState = {
  on: false,
  speaking: false,
  agentSpeaking: false,
  agentSpokeUntilMs: Number.NEGATIVE_INFINITY,
  kept: [],
  parts: [],
  interim: '',
  complete: false,
  speechEndMs: null,
  transcriptDueMs: null,
  silenceDueMs: null,
  watchdogDueMs: null,
  heardUntilMs: Number.NEGATIVE_INFINITY,
  ask: 0,
  stoppedAtMs: Number.NEGATIVE_INFINITY,
  taken: null,
};

type Step = readonly [TurnState, readonly TurnOutput[]];
type Heard = Extract<TurnInput, { kind: 'transcript' }>;

/** The next state, and what happened. `nowMs` is in whole microseconds. */
export function stepTurn(state: TurnState, input: TurnInput, nowMs: number, rules: TurnRules): Step {
  switch (input.kind) {
    case 'vad_started':
      return vadStarted(state, nowMs, rules);
    case 'vad_stopped':
      return vadStopped(state, input.speechEndMs, nowMs, rules);
    case 'transcript':
      return heard(state, { ...input, text: input.text.trim() }, nowMs, rules);
    case 'verdict':
      if (!state.on || state.speaking || input.ask !== state.ask) return [state, []];
      return tryStop({ ...state, complete: input.complete ? 'strategy' : false }, nowMs);
    case 'agent_speaking':
      return [{ ...state, agentSpeaking: input.on, agentSpokeUntilMs: nowMs, taken: state.taken && { ...state.taken, pending: false } }, []];
    case 'kept':
      return [{ ...state, kept: [...state.kept, input.text] }, []];
    case 'taken':
      return taken(state, nowMs);
    case 'woken':
      return woken(state, nowMs);
  }
}

/** The next moment at which the turn wants to be woken, if any. */
export function turnDueMs(state: TurnState): number | null {
  const due = [state.transcriptDueMs, state.silenceDueMs, state.watchdogDueMs].filter((at) => at !== null);
  return due.length === 0 ? null : Math.min(...due);
}

/** Everything heard in this turn so far. */
export function turnText(state: TurnState): string {
  return [finalText(state), state.interim].filter((part) => part !== '').join(' ');
}

/** The same without what may still change. */
export function finalText({ kept, parts }: TurnState): string {
  return [...kept, ...parts].join(' ');
}

function vadStarted(state: TurnState, nowMs: number, rules: TurnRules): Step {
  const undecided = { complete: false, speechEndMs: null, transcriptDueMs: null, silenceDueMs: null, watchdogDueMs: null } as const;
  const speaking: TurnState = { ...state, ...undecided, speaking: true, ask: state.ask + 1 };
  if (state.on) return [speaking, []];
  if (state.taken?.pending) return [{ ...speaking, taken: { ...state.taken, endMs: null } }, []];
  // While the agent speaks, words have to prove that this is more than a sign of listening.
  if (state.agentSpeaking && rules.minWords > 0) return [speaking, []];
  return [start(speaking, nowMs, rules), [{ kind: 'started', by: 'vad' }]];
}

function vadStopped(state: TurnState, speechEndMs: number, nowMs: number, rules: TurnRules): Step {
  const isTaken = state.taken?.endMs === null;
  const taken = state.taken && { ...state.taken, endMs: state.taken.endMs ?? speechEndMs };
  const quiet: TurnState = { ...state, speaking: false, speechEndMs, taken };
  // Speech that began over the agent's own and outlasted it wants an answer, even if no word of it is ever understood.
  const outlasted = !isTaken && !state.agentSpeaking && speechEndMs > state.agentSpokeUntilMs;
  if (!state.on && !outlasted) return [quiet, []];
  const started: readonly TurnOutput[] = state.on ? [] : [{ kind: 'started', by: 'vad' }];
  const begun = state.on ? quiet : start(quiet, nowMs, rules);
  const watchdogDueMs = wholeMicroseconds(nowMs + rules.timeoutMs);
  const [asking, question] = ask({ ...waitAfter(begun, speechEndMs, nowMs, rules), watchdogDueMs });
  return [asking, [...started, question]];
}

/** Asks the strategy; until it answers, nothing is known of the end. */
function ask(state: TurnState): readonly [TurnState, TurnOutput] {
  const number = state.ask + 1;
  return [{ ...state, ask: number, complete: false }, { kind: 'ask', ask: number }];
}

/** Speech has ended: its text may take so long, and so much silence completes the turn whatever the strategy says. */
function waitAfter(state: TurnState, speechEndMs: number, nowMs: number, rules: TurnRules): TurnState {
  const textIsThere = state.heardUntilMs >= speechEndMs - SAME_PAUSE_MS;
  return {
    ...state,
    transcriptDueMs: textIsThere ? nowMs : Math.max(nowMs, wholeMicroseconds(speechEndMs + rules.transcriptionLatencyMs)),
    silenceDueMs: wholeMicroseconds(nowMs + rules.stopMs),
  };
}

function heard(before: TurnState, input: Heard, nowMs: number, rules: TurnRules): Step {
  if (input.text === '') return [before, []];
  const state = input.final && input.upToPause ? reached(before, input, nowMs) : before;
  if (!state.taken) return understood(state, input, nowMs, rules);
  const { words, endMs, pending } = state.taken;
  if (endMs !== null && input.startMs >= endMs) return understood({ ...state, taken: null }, input, nowMs, rules);
  // The words that the barge-in has answered are never answered again.
  const text = input.text.split(/\s+/).slice(words).join(' ');
  const next: TurnState = input.final ? { ...state, taken: { ...state.taken, words: 0 } } : state;
  if (text === '') return [next, []];
  const overtaken = !state.on && (pending || state.agentSpeaking || endMs !== null);
  if (overtaken) return [next, input.final ? [{ kind: 'late', text }] : []];
  // The peer did not yield and the agent has finished: from here on it listens again.
  return understood(next, { ...input, text }, nowMs, rules);
}

/** Final text has come, and if it reaches the end of speech, nothing more has to be waited for. */
function reached(state: TurnState, { endMs }: Heard, nowMs: number): TurnState {
  const whole = state.speechEndMs !== null && state.transcriptDueMs !== null && endMs >= state.speechEndMs - SAME_PAUSE_MS;
  return { ...state, heardUntilMs: Math.max(state.heardUntilMs, endMs), ...(whole && { transcriptDueMs: nowMs }) };
}

function understood(state: TurnState, input: Heard, nowMs: number, rules: TurnRules): Step {
  const { text, final } = input;
  if (!state.on && input.endMs <= state.stoppedAtMs) return [state, final ? [{ kind: 'late', text }] : []];
  // A sign of listening stays one if its text comes when the agent has just finished.
  const neededWords = state.agentSpeaking || input.endMs <= state.agentSpokeUntilMs ? Math.max(1, rules.minWords) : 1;
  if (!state.on && text.split(/\s+/).length < neededWords) return [state, []];
  const begun = state.on ? state : startByText(state, input, nowMs, rules);
  const started: readonly TurnOutput[] = state.on ? [] : [{ kind: 'started', by: 'transcript' }];
  const watchdogDueMs = begun.watchdogDueMs === null ? null : wholeMicroseconds(nowMs + rules.timeoutMs);
  const next: TurnState = { ...begun, watchdogDueMs, ...(final ? { parts: [...begun.parts, text], interim: '' } : { interim: text }) };
  if (next.speaking) return [next, started];
  // Silence that was long enough needs no second opinion.
  const asks = next.speechEndMs !== null && next.complete !== 'silence' && (rules.readsText || !state.on);
  if (asks) {
    const [asking, question] = ask(next);
    return [asking, [...started, question]];
  }
  if (!final && next.complete !== 'transcript') return [next, started];
  const [tried, outputs] = tryStop(next.speechEndMs === null ? completeByText(next, nowMs, rules) : next, nowMs);
  return [tried, [...started, ...outputs]];
}

/** Text without any VAD stop: the transcription heard what the VAD did not, and its word has to do. */
function completeByText(state: TurnState, nowMs: number, rules: TurnRules): TurnState {
  return { ...state, complete: 'transcript', transcriptDueMs: wholeMicroseconds(nowMs + rules.transcriptionLatencyMs) };
}

/** The speech that these words come from may be over already, if only words could begin the turn. */
function startByText(state: TurnState, { startMs }: Heard, nowMs: number, rules: TurnRules): TurnState {
  const begun = start(state, nowMs, rules);
  const { speaking, speechEndMs } = state;
  if (speaking || speechEndMs === null || startMs >= speechEndMs) return { ...begun, speechEndMs: null };
  return waitAfter(begun, speechEndMs, nowMs, rules);
}

function start(state: TurnState, nowMs: number, rules: TurnRules): TurnState {
  return { ...state, on: true, interim: '', watchdogDueMs: state.speaking ? null : wholeMicroseconds(nowMs + rules.timeoutMs) };
}

function taken(state: TurnState, nowMs: number): Step {
  if (!state.on) return [state, []];
  const [stopped, outputs] = stop(state, 'barge_in', turnText(state), nowMs);
  const words = state.interim === '' ? 0 : state.interim.split(/\s+/).length;
  // The same speech may be broken into twice before its final text comes.
  const usedBefore = state.taken?.words ?? 0;
  return [{ ...stopped, taken: { words: usedBefore + words, endMs: state.speaking ? null : nowMs, pending: true } }, outputs];
}

function woken(state: TurnState, nowMs: number): Step {
  const isDue = (at: number | null): boolean => at !== null && at <= nowMs;
  let next = state;
  if (isDue(next.silenceDueMs)) next = { ...next, silenceDueMs: null, ...(next.complete === false && { complete: 'silence', ask: next.ask + 1 }) };
  const [tried, outputs] = tryStop(next, nowMs);
  if (outputs.length > 0 || !isDue(tried.watchdogDueMs)) return [tried, outputs];
  return stop(tried, 'watchdog', finalText(tried), nowMs);
}

function tryStop(state: TurnState, nowMs: number): Step {
  const transcriptDueMs = state.transcriptDueMs !== null && state.transcriptDueMs <= nowMs ? null : state.transcriptDueMs;
  const waited: TurnState = { ...state, transcriptDueMs };
  const ready = waited.on && !waited.speaking && waited.complete !== false && transcriptDueMs === null && waited.parts.length > 0;
  return ready ? stop(waited, waited.complete as Exclude<TurnState['complete'], false>, finalText(waited), nowMs) : [waited, []];
}

function stop(state: TurnState, by: Extract<TurnOutput, { kind: 'stopped' }>['by'], text: string, nowMs: number): Step {
  const { speaking, agentSpeaking, agentSpokeUntilMs, speechEndMs, heardUntilMs, taken } = state;
  const ended: TurnState = { ...NO_TURN, speaking, agentSpeaking, agentSpokeUntilMs, heardUntilMs, taken, ask: state.ask + 1, stoppedAtMs: nowMs };
  return [ended, [{ kind: 'stopped', by, text, speechEndMs }]];
}
