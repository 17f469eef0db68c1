/** The port to end-of-turn detection: has the peer finished, or only paused? */

/** What a strategy may look at when it is asked. */
export type TurnSoFar = {
  /** Final and interim text of this turn, lower or mixed case, with or without punctuation. */
  readonly text: string;
  /**
   * The peer's audio of this turn, from 0.5 s + start_secs before its first speech, trailing silence included;
   * at most the last 8 s. Empty for strategies that do not need audio.
   */
  readonly audio: Int16Array;
};

/** Decides once at each VAD stop, and for strategies that read text again whenever more of it arrives. */
export interface EndOfTurnStrategy {
  readonly name: 'silence' | 'lexical' | 'smart_turn';
  readonly needsAudio: boolean;
  readonly readsText: boolean;
  /** True when the turn is complete. Computed on the spot: it costs no call time. */
  isComplete(turn: TurnSoFar): boolean;
  close(): void;
}
