/** The port to end-of-turn detection: has the peer finished, or only paused? */
import type { OnRetry } from '../clock/live-answer.ts';
import type { MostTokens } from '../events/event.ts';
import type { ContextMessage, TokenUsage } from './llm.ts';

/** What a strategy may look at when it is asked. */
export type TurnSoFar = {
  /** Final and interim text of this turn, lower or mixed case, with or without punctuation. */
  readonly text: string;
  /**
   * The peer's audio of this turn, from 0.5 s + start_secs before its first speech, trailing silence included;
   * at most the last 8 s. Empty for strategies that do not need audio.
   */
  readonly audio: Int16Array;
  /** The conversation before this turn, as the agent remembers it. */
  readonly messages: readonly ContextMessage[];
};

/** Asked at each VAD stop; strategies that read text are asked again whenever more of it arrives. */
type Strategy = {
  readonly name: 'silence' | 'lexical' | 'smart_turn' | 'llm';
  readonly needsAudio: boolean;
  readonly readsText: boolean;
  close(): void;
};

/** Decides on the spot, which costs no call time. */
export interface SpotStrategy extends Strategy {
  /** True when the turn is complete. */
  isComplete(turn: TurnSoFar): boolean;
}

/** One question, by which its answer, its retries and its recording are known. */
export type Question = { readonly agent: string; readonly askId: string; readonly signal: AbortSignal; readonly onRetry: OnRetry };

/** `usage` is null where the provider tells nothing of it. */
export type Judgement = { readonly complete: boolean; readonly usage: TokenUsage | null };

/** Asks somebody else, which takes its time: until the answer is there, the turn counts as unfinished. */
export interface AskingStrategy extends Strategy {
  /** Answers in call time. Throws a ProviderError when the world failed; ends its request when the signal aborts. */
  judge(turn: TurnSoFar, question: Question): Promise<Judgement>;
  /** The most that a question can be billed for. */
  mostTokens(turn: TurnSoFar): MostTokens | undefined;
}

export type EndOfTurnStrategy = SpotStrategy | AskingStrategy;
