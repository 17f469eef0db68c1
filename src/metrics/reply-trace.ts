/**
 * How each reply came about, stage by stage: what the agent perceived of its peer, when it decided, when the model
 * and the voice answered, when the first sample went out. Everything here was reported by the agent's own stages;
 * what a listener heard is measured elsewhere, from the wire.
 */
import type { EventOf } from '../events/event.ts';
import type { ReplyCause } from './conversation.ts';

/** A try that failed and was followed by another `retryInMs` later. `kind` is that of its failure. */
export type RetryTrace = { readonly atMs: number; readonly kind: string; readonly retryInMs: number };

/** One request to the model. Call milliseconds for moments, milliseconds for durations; null: not, or not yet. */
export type LlmTrace = {
  readonly requestedMs: number;
  readonly ttftMs: number | null;
  readonly durationMs: number | null;
  readonly outcome: 'running' | 'completed' | 'cancelled' | 'failed';
  readonly text: string | null;
  readonly retries: readonly RetryTrace[];
};

/** One context of speech. */
export type TtsTrace = {
  readonly requestedMs: number;
  readonly ttfbMs: number | null;
  readonly durationMs: number | null;
  readonly outcome: 'running' | 'completed' | 'cancelled' | 'failed';
  readonly retries: readonly RetryTrace[];
};

/** One call of a tool. */
export type ToolTrace = {
  readonly callId: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly calledMs: number;
  readonly answeredMs: number | null;
  /** Null before it answered. */
  readonly result: unknown;
  readonly failed: boolean;
};

/** The peer's turn as the agent perceived it, when it answered. */
export type PerceivedTurn = {
  readonly turnId: string;
  readonly startedMs: number | null;
  readonly judged: { readonly atMs: number; readonly strategy: string; readonly complete: boolean } | null;
  readonly stoppedMs: number | null;
  readonly stoppedBy: EventOf<'turn.stopped'>['by'] | null;
  readonly text: string;
};

/** One reply from its cause to its last sample. */
export type ReplyTrace = {
  readonly agent: string;
  readonly replyId: string;
  readonly cause: ReplyCause;
  readonly kind: 'reply' | 'barge_in';
  readonly startedMs: number;
  readonly turn: PerceivedTurn | null;
  /** What was heard from the peer since this agent last began to answer; empty for a greeting. */
  readonly input: string;
  /** The VAD's decision that the peer had stopped, and the silence it had waited for. Null if the peer was not heard
   * before the first sample, was speaking then, or was answered already by an earlier reply. */
  readonly vadStop: { readonly atMs: number; readonly silenceMs: number } | null;
  /** The last final transcript of the peer before the first sample, and where its last word ended. */
  readonly transcript: { readonly atMs: number; readonly endMs: number; readonly text: string } | null;
  /** Every request made for it; retries and restarts make more than one. */
  readonly llm: readonly LlmTrace[];
  readonly tts: TtsTrace | null;
  readonly toolCalls: readonly ToolTrace[];
  /** The first and last sample sent; null if it made no sound, or not yet. */
  readonly firstSampleMs: number | null;
  readonly lastSampleMs: number | null;
  /** What was given to the voice, sentence by sentence. */
  readonly sentences: readonly string[];
  /** The words whose last sample was played, so far as its utterances have stopped. */
  readonly heard: string;
  readonly outcome: EventOf<'reply.stopped'>['outcome'] | null;
  /** Why it failed, and whose fault that is; null if it did not. */
  readonly failure: { readonly of: 'brain' | 'voice'; readonly message: string } | null;
};
