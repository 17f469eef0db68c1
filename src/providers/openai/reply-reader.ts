/**
 * Reads one streamed completion: what is said, which tools are called, how many tokens it took. It tolerates what
 * compatible servers leave out (choices, ids, usage, a finish reason) and decides nothing about failures.
 */
import type { LlmChunk, TokenUsage } from '../../pipeline/llm.ts';
import { ToolCallReader, type WireToolCall } from './tool-call-reader.ts';

/** What may be in a chunk; OpenAI sends more, others less. */
export type WireChunk = {
  readonly choices?:
    | readonly {
        readonly delta?: { readonly content?: unknown; readonly refusal?: unknown; readonly tool_calls?: readonly WireToolCall[] | null } | null;
        readonly finish_reason?: string | null;
      }[]
    | null;
  readonly usage?: {
    readonly prompt_tokens?: number | null;
    readonly completion_tokens?: number | null;
    readonly prompt_tokens_details?: { readonly cached_tokens?: number | null } | null;
  } | null;
};

/** About four letters make a token of English, so a server that keeps to the limit does not come beyond both bounds. */
const LETTERS_PER_TOKEN = 4;

export class ReplyReader {
  readonly #maxTokens: number;
  readonly #tools = new ToolCallReader();
  #letters = 0;
  #texts = 0;
  #finishReason: string | undefined;
  #usage: TokenUsage | undefined;

  /** `maxTokens` is what the server was asked to keep to. */
  constructor(maxTokens: number) {
    this.#maxTokens = maxTokens;
  }

  /** Whether the first token is there: the first that is said, or the first of a tool call. */
  get begun(): boolean {
    return this.#letters > 0 || this.#tools.begun;
  }

  /** Why the model stopped, once it has said so. */
  get finishReason(): string | undefined {
    return this.#finishReason;
  }

  /**
   * Whether more was sent than was asked for. Ollama and LM Studio know the limit only by its old name and take no
   * notice of the new one; they send a token at a time.
   */
  get overlong(): boolean {
    return this.#texts > this.#maxTokens && this.#letters > LETTERS_PER_TOKEN * this.#maxTokens;
  }

  /** Takes one chunk in; returns what it says, leading blanks left out, or nothing. */
  read({ choices, usage }: WireChunk): string {
    if (typeof usage?.prompt_tokens === 'number' && typeof usage.completion_tokens === 'number') {
      const cached = usage.prompt_tokens_details?.cached_tokens;
      this.#usage = {
        promptTokens: usage.prompt_tokens,
        completionTokens: usage.completion_tokens,
        ...(typeof cached === 'number' && { cachedPromptTokens: cached }),
      };
    }
    const choice = choices?.[0];
    if (choice?.finish_reason) this.#finishReason = choice.finish_reason;
    for (const call of choice?.delta?.tool_calls ?? []) this.#tools.add(call);
    // A model that refuses says so in words of its own; they are its turn.
    const said = [choice?.delta?.content, choice?.delta?.refusal].find((text) => typeof text === 'string' && text !== '');
    if (typeof said !== 'string') return '';
    const text = this.#letters === 0 ? said.trimStart() : said;
    if (text === '') return '';
    this.#letters += text.length;
    this.#texts += 1;
    return text;
  }

  /** What is known when nothing follows: the tool calls and the usage. `unreadable`: a call makes no sense. */
  finish(replyId: string): { readonly chunks: readonly LlmChunk[]; readonly outcome: 'complete' | 'silent' | 'unreadable' } {
    const usage: LlmChunk[] = this.#usage ? [{ kind: 'usage', usage: this.#usage }] : [];
    const calls = this.#tools.calls(replyId);
    if (!calls) return { chunks: usage, outcome: 'unreadable' };
    return { chunks: [...calls, ...usage], outcome: this.begun ? 'complete' : 'silent' };
  }
}
