/** How long a chat server may keep us waiting, all in wall time, and how often it is asked. */

export type Patience = {
  /** From the opening of a request to the first token, connecting included. */
  readonly firstTokenMs: number;
  /** From each chunk to the next after that. */
  readonly betweenChunksMs: number;
  /** Tries altogether; only one that brought no token is followed by another. */
  readonly attempts: number;
  /** Doubles with each further try. */
  readonly firstRetryWaitMs: number;
  /** Longer than this nobody holds the line, so a server that asks for more is not asked again. */
  readonly longestRetryWaitMs: number;
};

export const DEFAULT_PATIENCE: Patience = {
  // More than five times the P95 that aiewf-eval measured for gpt-4.1 (1771 ms, 900 turns).
  firstTokenMs: 10_000,
  // At 80 tokens/s a chunk comes every 12 ms; a stream that pauses for seconds is dead, and somebody is listening.
  betweenChunksMs: 5000,
  attempts: 3,
  firstRetryWaitMs: 400,
  longestRetryWaitMs: 5000,
};
