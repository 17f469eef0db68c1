/** The port to a language model, and the conversation that is sent to it. */
import type { OnRetry } from '../clock/live-answer.ts';
import type { MostTokens } from '../events/event.ts';
import type { Manners } from './manners.ts';

/** One message of the conversation as this agent remembers it. */
export type ContextMessage =
  | { readonly role: 'system'; readonly text: string }
  /** What the peer was heard to say. */
  | { readonly role: 'user'; readonly text: string }
  /** What this agent said and was heard to say; replyId names the reply, so that a provider can find its own lines. */
  | { readonly role: 'assistant'; readonly text: string; readonly replyId: string }
  | { readonly role: 'tool_call'; readonly replyId: string; readonly callId: string; readonly name: string; readonly arguments: Readonly<Record<string, unknown>> }
  | { readonly role: 'tool_result'; readonly callId: string; readonly name: string; readonly result: unknown };

/** A function that the model may call. `parameters` is a JSON Schema. */
export type ToolSpec = { readonly name: string; readonly description: string; readonly parameters: Readonly<Record<string, unknown>> };

/**
 * Why the model is asked: to open the call, to answer what was heard, to answer speech of which no word was
 * understood, to go on after a tool has answered, to break into the peer's turn, to judge whether the peer has finished, or
 * to say what to make of the whole call when it is over.
 */
export type LlmCause = 'kickoff' | 'turn' | 'unheard' | 'tool_result' | 'barge_in' | 'end_of_turn' | 'evaluation';

/** An answer that is data: one JSON object of this JSON Schema. Models that cannot promise that are only asked for it. */
export type AnswerFormat = { readonly name: string; readonly schema: Readonly<Record<string, unknown>> };

export type LlmRequest = {
  readonly agent: string;
  readonly replyId: string;
  readonly messages: readonly ContextMessage[];
  readonly tools: readonly ToolSpec[];
  readonly cause: LlmCause;
  /** Absent where the answer is to be spoken. */
  readonly answerFormat?: AnswerFormat;
};

/** Cached tokens are a part of the prompt's. */
export type TokenUsage = { readonly promptTokens: number; readonly completionTokens: number; readonly cachedPromptTokens?: number };

export type LlmChunk =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tool_call'; readonly callId: string; readonly name: string; readonly arguments: Readonly<Record<string, unknown>> }
  | { readonly kind: 'usage'; readonly usage: TokenUsage };

/** A language model. */
export interface LlmProvider {
  /** For headers, events and reports: `script`, `openai`. */
  readonly name: string;
  readonly model: string;
  /** Answers speech of which no word was understood (cause `unheard`); other models are not asked then. */
  readonly answersUnheard?: boolean;
  /** What the request can be billed for at most; brains whose tokens nobody counts have no such bound. */
  mostTokens?(request: LlmRequest): MostTokens | undefined;
  /** What this brain plans to do while its peer speaks, asked when a turn of the peer begins. */
  plannedManners?(messages: readonly ContextMessage[]): Manners;
  /**
   * Streams one completion in call time: the iterator's waits are clock waits. Ends when the completion is over,
   * throws a ProviderError when the world failed, and ends its request when the signal aborts.
   */
  complete(request: LlmRequest, signal: AbortSignal, onRetry?: OnRetry): AsyncIterable<LlmChunk>;
}
