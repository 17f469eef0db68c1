/**
 * The conversation as the chat completions protocol wants it: a reply's tool calls stand in one assistant message,
 * together with what was heard of that reply, and their results follow it at once.
 */
import type { OpenAI } from 'openai';
import type { ContextMessage } from '../../pipeline/llm.ts';

type WireMessage = OpenAI.Chat.ChatCompletionMessageParam;
type ToolCall = Extract<ContextMessage, { role: 'tool_call' }>;
type ToolResult = Extract<ContextMessage, { role: 'tool_result' }>;

export function chatMessages(messages: readonly ContextMessage[]): WireMessage[] {
  const calls = messages.filter((message) => message.role === 'tool_call');
  const callsOf = Map.groupBy(calls, ({ replyId }) => replyId);
  const resultOf = matchResults(messages);
  return messages.flatMap((message): WireMessage[] => {
    switch (message.role) {
      case 'system':
      case 'user':
        return [{ role: message.role, content: message.text }];
      case 'assistant':
        return callsOf.has(message.replyId) ? [] : [{ role: 'assistant', content: message.text }];
      case 'tool_call': {
        const siblings = callsOf.get(message.replyId) ?? [];
        if (message !== siblings[0]) return [];
        return [withCalls(siblings, heardOf(message.replyId, messages)), ...siblings.map((call) => answer(call, resultOf.get(call)))];
      }
      case 'tool_result':
        return [];
    }
  });
}

/** What was heard of the reply often stands behind its calls, because it is known only when the reply was played. */
function heardOf(replyId: string, messages: readonly ContextMessage[]): string | null {
  const heard = messages.flatMap((message) => (message.role === 'assistant' && message.replyId === replyId ? [message.text] : []));
  return heard.length === 0 ? null : heard.join(' ');
}

function withCalls(calls: readonly ToolCall[], content: string | null): WireMessage {
  return {
    role: 'assistant',
    content,
    tool_calls: calls.map(({ callId, name, arguments: given }) => ({ id: callId, type: 'function', function: { name, arguments: JSON.stringify(given) } })),
  };
}

/** A call without an answer would be refused; the words are those of Pipecat. */
function answer({ callId }: ToolCall, result: ToolResult | undefined): WireMessage {
  return { role: 'tool', tool_call_id: callId, content: result ? contentOf(result.result) : 'IN_PROGRESS' };
}

function contentOf(result: unknown): string {
  if (result === undefined) return 'COMPLETED';
  return typeof result === 'string' ? result : JSON.stringify(result);
}

/** The next result of the same id that no earlier call has: some servers number the calls of each answer anew. */
function matchResults(messages: readonly ContextMessage[]): ReadonlyMap<ToolCall, ToolResult> {
  const open: ToolCall[] = [];
  const matched = new Map<ToolCall, ToolResult>();
  for (const message of messages) {
    if (message.role === 'tool_call') open.push(message);
    if (message.role !== 'tool_result') continue;
    const index = open.findIndex(({ callId }) => callId === message.callId);
    const [call] = index === -1 ? [] : open.splice(index, 1);
    if (call) matched.set(call, message);
  }
  return matched;
}
