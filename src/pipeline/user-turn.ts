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
  /** The agent's own reply is being played. */
  readonly agentSpeaking: boolean;
  readonly parts: readonly string[];
  readonly interim: string;
  readonly complete: false | 'strategy' | 'silence' | 'transcript';
  /** When the peer's speech ended, by the last VAD stop of this turn. */
  readonly speechEndMs: number | null;
  readonly transcriptDueMs: number | null;
  readonly silenceDueMs: number | null;
  readonly watchdogDueMs: number | null;
  /** Speech that ended before this moment belongs to a turn that is over; its text comes late. */
  readonly stoppedAtMs: number;
  /** The agent took the floor from speech that still goes on; so many of its words were used up already. */
  readonly takenWords: number | null;
};

export type TurnInput =
  | { readonly kind: 'vad_started' }
  | { readonly kind: 'vad_stopped'; readonly silenceMs: number }
  /** `endMs`: when the last word of it ended. */
  | { readonly kind: 'transcript'; readonly text: string; readonly final: boolean; readonly endMs: number }
  | { readonly kind: 'verdict'; readonly complete: boolean }
  | { readonly kind: 'agent_speaking'; readonly on: boolean }
  /** Late text that came too late to change the reply; it joins the next turn. */
  | { readonly kind: 'kept'; readonly text: string }
  /** The agent barges in: the turn is over as far as it goes. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'woken' };

export type TurnOutput =
  | { readonly kind: 'started'; readonly by: 'vad' | 'transcript' }
  /** Ask the strategy, and feed its verdict back. */
  | { readonly kind: 'ask' }
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

export const NO_TURN: TurnState = {
  on: false,
  speaking: false,
  agentSpeaking: false,
  parts: [],
  interim: '',
  complete: false,
  speechEndMs: null,
  transcriptDueMs: null,
  silenceDueMs: null,
  watchdogDueMs: null,
  stoppedAtMs: Number.NEGATIVE_INFINITY,
  takenWords: null,
};

type Step = readonly [TurnState, readonly TurnOutput[]];

/** The next state, and what happened. */
export function stepTurn(state: TurnState, input: TurnInput, nowMs: number, rules: TurnRules): Step {
  switch (input.kind) {
    case 'vad_started':
      return vadStarted(state, nowMs, rules);
    case 'vad_stopped':
      return vadStopped(state, input.silenceMs, nowMs, rules);
    case 'transcript':
      return heard(state, input, nowMs, rules);
    case 'verdict':
      return state.on && !state.speaking ? tryStop({ ...state, complete: input.complete ? 'strategy' : false }, nowMs) : [state, []];
    case 'agent_speaking':
      return [{ ...state, agentSpeaking: input.on }, []];
    case 'kept':
      return [{ ...state, parts: [...state.parts, input.text] }, []];
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
  return [...state.parts, state.interim].filter((part) => part !== '').join(' ');
}

function vadStarted(state: TurnState, nowMs: number, rules: TurnRules): Step {
  const quiet: TurnState = { ...state, speaking: true, complete: false, speechEndMs: null, transcriptDueMs: null, silenceDueMs: null, watchdogDueMs: null, takenWords: null };
  if (state.on) return [quiet, []];
  // While the agent speaks, words have to prove that this is more than a sign of listening.
  if (state.agentSpeaking && rules.minWords > 0) return [quiet, []];
  return start(quiet, 'vad', nowMs, rules);
}

function vadStopped(state: TurnState, silenceMs: number, nowMs: number, rules: TurnRules): Step {
  if (!state.on) return [{ ...state, speaking: false }, []];
  const speechEndMs = wholeMicroseconds(nowMs - silenceMs);
  return [
    {
      ...state,
      speaking: false,
      speechEndMs,
      transcriptDueMs: Math.max(nowMs, after(speechEndMs, rules.transcriptionLatencyMs)),
      silenceDueMs: after(nowMs, rules.stopMs),
      watchdogDueMs: after(nowMs, rules.timeoutMs),
    },
    [{ kind: 'ask' }],
  ];
}

function heard(state: TurnState, input: Extract<TurnInput, { kind: 'transcript' }>, nowMs: number, rules: TurnRules): Step {
  const text = input.text.trim();
  if (text === '') return [state, []];
  if (!state.on && state.takenWords !== null) return heardWhileTaken(state, state.takenWords, text, input.final);
  if (!state.on && input.endMs <= state.stoppedAtMs) return [state, input.final ? [{ kind: 'late', text }] : []];
  const neededWords = state.agentSpeaking ? Math.max(1, rules.minWords) : 1;
  if (!state.on && text.split(/\s+/).length < neededWords) return [state, []];
  const [begun, started] = state.on ? ([state, []] as const) : start(state, 'transcript', nowMs, rules);
  const rearmed = begun.watchdogDueMs === null ? begun : { ...begun, watchdogDueMs: after(nowMs, rules.timeoutMs) };
  if (!input.final) return [{ ...rearmed, interim: text }, started];
  const collected: TurnState = { ...rearmed, parts: [...rearmed.parts, text], interim: '' };
  const [next, outputs] = afterFinal(collected, nowMs, rules);
  return [next, [...started, ...outputs]];
}

function afterFinal(state: TurnState, nowMs: number, rules: TurnRules): Step {
  if (state.speaking) return [state, []];
  if (state.speechEndMs === null) {
    // Text without any VAD stop: the transcription heard what the VAD did not, and its word has to do.
    return tryStop({ ...state, complete: 'transcript', transcriptDueMs: after(nowMs, rules.transcriptionLatencyMs) }, nowMs);
  }
  return rules.readsText ? [state, [{ kind: 'ask' }]] : tryStop(state, nowMs);
}

/** Words that the barge-in has answered already are dropped; the rest of that speech comes as late text. */
function heardWhileTaken(state: TurnState, takenWords: number, text: string, final: boolean): Step {
  if (!final) return [state, []];
  const rest = text.split(/\s+/).slice(takenWords).join(' ');
  return [{ ...state, takenWords: 0 }, rest === '' ? [] : [{ kind: 'late', text: rest }]];
}

function taken(state: TurnState, nowMs: number): Step {
  if (!state.on) return [state, []];
  const [stopped, outputs] = stop(state, 'barge_in', turnText(state), nowMs);
  return [{ ...stopped, takenWords: state.interim === '' ? 0 : state.interim.split(/\s+/).length }, outputs];
}

function woken(state: TurnState, nowMs: number): Step {
  const isDue = (at: number | null): boolean => at !== null && at <= nowMs;
  let next = state;
  if (isDue(next.silenceDueMs)) next = { ...next, silenceDueMs: null, complete: next.complete || 'silence' };
  const [tried, outputs] = tryStop(next, nowMs);
  if (outputs.length > 0 || !isDue(tried.watchdogDueMs)) return [tried, outputs];
  return stop(tried, 'watchdog', tried.parts.join(' '), nowMs);
}

function start(state: TurnState, by: 'vad' | 'transcript', nowMs: number, rules: TurnRules): Step {
  const watchdogDueMs = state.speaking ? null : after(nowMs, rules.timeoutMs);
  return [{ ...state, on: true, interim: '', watchdogDueMs }, [{ kind: 'started', by }]];
}

function tryStop(state: TurnState, nowMs: number): Step {
  const transcriptDueMs = state.transcriptDueMs !== null && state.transcriptDueMs <= nowMs ? null : state.transcriptDueMs;
  const waited: TurnState = { ...state, transcriptDueMs };
  const ready = waited.on && !waited.speaking && waited.complete !== false && transcriptDueMs === null && waited.parts.length > 0;
  return ready ? stop(waited, waited.complete as Exclude<TurnState['complete'], false>, waited.parts.join(' '), nowMs) : [waited, []];
}

function stop(state: TurnState, by: Extract<TurnOutput, { kind: 'stopped' }>['by'], text: string, nowMs: number): Step {
  const { speaking, agentSpeaking, speechEndMs } = state;
  return [{ ...NO_TURN, speaking, agentSpeaking, stoppedAtMs: nowMs }, [{ kind: 'stopped', by, text, speechEndMs }]];
}

/** As the clock counts: a due time that is off by a rounding error would never be reached, nor ever be over. */
function after(ms: number, waitMs: number): number {
  return wholeMicroseconds(ms + waitMs);
}
