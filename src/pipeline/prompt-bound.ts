/**
 * How many tokens a prompt can have at most. No tokenizer is asked: whichever a server uses, two bytes of UTF-8 to a
 * token are fewer than it needs for speech in any language, and what JSON puts around each message pays for its frame.
 */
import type { LlmRequest } from './llm.ts';

const BYTES_PER_TOKEN = 2;
/** What a server adds to the whole. */
const FRAME_TOKENS = 16;

export function mostPromptTokens({ messages, tools }: Pick<LlmRequest, 'messages' | 'tools'>): number {
  return Math.ceil(new TextEncoder().encode(JSON.stringify([messages, tools])).length / BYTES_PER_TOKEN) + FRAME_TOKENS;
}
