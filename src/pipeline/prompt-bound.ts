/**
 * How many tokens a prompt can have at most. No tokenizer is asked: whichever a server uses, it makes fewer tokens
 * of speech, in any language, than half its bytes in UTF-8; what JSON puts around each message pays for its frame.
 */
import type { LlmRequest } from './llm.ts';

const BYTES_PER_TOKEN = 2;
/** What a server adds to the whole. */
const FRAME_TOKENS = 16;

export function mostPromptTokens({ messages, tools, answerFormat }: Pick<LlmRequest, 'messages' | 'tools' | 'answerFormat'>): number {
  const sent = JSON.stringify([messages, tools, ...(answerFormat ? [answerFormat] : [])]);
  return Math.ceil(new TextEncoder().encode(sent).length / BYTES_PER_TOKEN) + FRAME_TOKENS;
}
