/**
 * What a provider was asked, in the one form that requests are compared in: without ids, keys, addresses and times. Two
 * requests are equal when their fingerprints are; how often it was asked before is counted elsewhere.
 */
import { createHash } from 'node:crypto';
import type { ContextMessage, LlmRequest, ToolSpec } from '../../pipeline/llm.ts';

/** A tool's calls are known by their number in the conversation, whatever ids a server gave them. */
export type AskedMessage =
  | { readonly role: 'system' | 'user' | 'assistant'; readonly text: string }
  | { readonly role: 'tool_call'; readonly call: number; readonly name: string; readonly arguments: unknown }
  | { readonly role: 'tool_result'; readonly call: number | null; readonly name: string; readonly result: unknown };

export type ChatAsked = {
  readonly provider: string;
  readonly model: string;
  /** What the scenario says of how to answer. */
  readonly settings: Readonly<Record<string, number>>;
  readonly tools: readonly ToolSpec[];
  readonly messages: readonly AskedMessage[];
};

export type SpeechAsked = { readonly provider: string; readonly model: string; readonly voice: string; readonly sentences: readonly string[] };

/** Sound is known by its hash and is not kept. */
export type TranscriptionAsked = { readonly provider: string; readonly model: string; readonly sound: string; readonly samples: number };

export type CallRequest = ChatAsked | SpeechAsked | TranscriptionAsked;

export type ChatFacts = { readonly provider: string; readonly model: string; readonly settings: Readonly<Record<string, number | undefined>> };

export function chatAsked({ messages, tools }: LlmRequest, { provider, model, settings }: ChatFacts): ChatAsked {
  return {
    provider,
    model,
    settings: Object.fromEntries(Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    tools: tools.map(({ name, description, parameters }) => ({ name, description, parameters })),
    messages: askedMessages(messages),
  };
}

function askedMessages(messages: readonly ContextMessage[]): AskedMessage[] {
  // Some servers number the calls of each answer anew, so a result belongs to the first call of its id without one.
  const open: { readonly callId: string; readonly call: number }[] = [];
  let calls = 0;
  return messages.map((message): AskedMessage => {
    switch (message.role) {
      case 'system':
      case 'user':
      case 'assistant':
        return { role: message.role, text: message.text };
      case 'tool_call': {
        const call = ++calls;
        open.push({ callId: message.callId, call });
        return { role: 'tool_call', call, name: message.name, arguments: message.arguments };
      }
      case 'tool_result': {
        const at = open.findIndex(({ callId }) => callId === message.callId);
        const [answered] = at === -1 ? [] : open.splice(at, 1);
        return { role: 'tool_result', call: answered?.call ?? null, name: message.name, result: message.result };
      }
    }
  });
}

export function transcriptionAsked(samples: Int16Array, { provider, model }: { readonly provider: string; readonly model: string }): TranscriptionAsked {
  return { provider, model, sound: soundHash(samples), samples: samples.length };
}

/** SHA-256 of the samples as 16-bit little-endian, in hex. */
export function soundHash(samples: Int16Array): string {
  const bytes = Buffer.alloc(samples.length * 2);
  for (const [i, sample] of samples.entries()) bytes.writeInt16LE(sample, 2 * i);
  return createHash('sha256').update(bytes).digest('hex');
}

/** 128 bits of a SHA-256 over the request with its keys in order, as 32 hex digits. */
export function fingerprintOf(request: CallRequest): string {
  return createHash('sha256').update(orderedJson(request)).digest('hex').slice(0, 32);
}

/** JSON in which the order of keys says nothing. */
export function orderedJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}
