/**
 * What is asked of a chat server, and in which dialect. Compatible servers do not all know the same parameters, so a
 * server that refuses one by name is asked without it from then on. It sends nothing itself.
 */
import type { OpenAI } from 'openai';
import type { AnswerFormat, LlmRequest } from '../../pipeline/llm.ts';
import { chatMessages } from './chat-messages.ts';

export type ChatSettings = { readonly model: string; readonly maxCompletionTokens: number; readonly temperature: number };

/** The parameters that a server may be spared. */
export type Dialect = {
  /** Azure's older versions and strict servers know only `max_tokens`, OpenAI's reasoning models only the newer name. */
  readonly limit: 'max_completion_tokens' | 'max_tokens';
  /** Asks for usage by `stream_options`. */
  readonly usage: boolean;
  /** Reasoning models take no temperature. */
  readonly temperature: boolean;
  /** How an answer is asked for that is data: by its schema, as any JSON, or in words alone. */
  readonly format: 'json_schema' | 'json_object' | 'words';
};

/** What OpenAI itself is asked in. */
export const FULL_DIALECT: Dialect = { limit: 'max_completion_tokens', usage: true, temperature: true, format: 'json_schema' };

export type ChatBody = OpenAI.Chat.ChatCompletionCreateParamsStreaming;

export function chatBody({ messages, tools, answerFormat }: LlmRequest, { model, maxCompletionTokens, temperature }: ChatSettings, dialect: Dialect): ChatBody {
  return {
    model,
    messages: chatMessages(messages),
    stream: true,
    [dialect.limit]: maxCompletionTokens,
    ...(dialect.usage && { stream_options: { include_usage: true } }),
    ...(dialect.temperature && { temperature }),
    ...(answerFormat && dialect.format !== 'words' && { response_format: responseFormat(answerFormat, dialect.format) }),
    // An empty list is refused.
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => ({ type: 'function' as const, function: { name, description, parameters } })),
    }),
  };
}

function responseFormat({ name, schema }: AnswerFormat, format: 'json_schema' | 'json_object'): NonNullable<ChatBody['response_format']> {
  return format === 'json_object' ? { type: 'json_object' } : { type: 'json_schema', json_schema: { name, strict: true, schema } };
}

/** What a server says of a request that it does not take. */
export type Refusal = { readonly status: number | undefined; readonly param: unknown; readonly code: unknown; readonly message: string };

/** The dialect without what the server refused by name; undefined if that is nothing that it can be spared. */
export function simplerDialect(dialect: Dialect, { status, param, code, message }: Refusal): Dialect | undefined {
  if (status !== 400 && status !== 422) return undefined;
  const refuses = (name: string): boolean => (typeof param === 'string' ? param === name || param.startsWith(`${name}.`) : message.includes(name));
  if (dialect.limit === 'max_completion_tokens' && refuses('max_completion_tokens')) return { ...dialect, limit: 'max_tokens' };
  if (dialect.usage && refuses('stream_options')) return { ...dialect, usage: false };
  // LM Studio knows schemas and no other JSON, others the reverse, so both are tried before words alone.
  if (dialect.format !== 'words' && (refuses('response_format') || refuses('json_schema'))) {
    return { ...dialect, format: dialect.format === 'json_schema' ? 'json_object' : 'words' };
  }
  // A temperature out of range is the user's to mend.
  if (dialect.temperature && refuses('temperature') && typeof code === 'string' && code.startsWith('unsupported_')) return { ...dialect, temperature: false };
  return undefined;
}
