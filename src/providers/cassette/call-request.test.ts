import { describe, expect, it } from 'vitest';
import type { ContextMessage, LlmRequest } from '../../pipeline/llm.ts';
import { chatAsked, fingerprintOf } from './call-request.ts';

const FACTS = { provider: 'openai', model: 'gpt-4o', settings: { temperature: 0.7, maxCompletionTokens: undefined } };

function asked(messages: readonly ContextMessage[], more: Partial<LlmRequest> = {}, facts: Partial<typeof FACTS> = {}) {
  return chatAsked({ agent: 'Sarah', replyId: 'sarah-r1', messages, tools: [], cause: 'turn', ...more }, { ...FACTS, ...facts });
}

const print = (...given: Parameters<typeof asked>): string => fingerprintOf(asked(...given));
const user = (text: string): ContextMessage => ({ role: 'user', text });
const call = (callId: string, replyId = 'sarah-r1'): ContextMessage => ({ role: 'tool_call', callId, replyId, name: 'look_up', arguments: { a: 1, b: 2 } });
const result = (callId: string, value: unknown): ContextMessage => ({ role: 'tool_result', callId, name: 'look_up', result: value });

describe('the fingerprint of a request', () => {
  it('knows no ids, no reason for asking and no order of keys', () => {
    const one = print([{ role: 'assistant', text: 'Hi', replyId: 'x' }, call('call_abc'), result('call_abc', { x: 1, y: 2 })]);
    const sameCall = { ...call('7', 'z'), arguments: { b: 2, a: 1 } } as ContextMessage;
    const messages: ContextMessage[] = [{ role: 'assistant', text: 'Hi', replyId: 'y' }, sameCall, result('7', { y: 2, x: 1 })];
    const other = print(messages, { replyId: 'r9', cause: 'barge_in', agent: 'Mike' });
    expect(one).toBe(other);
    expect(one).toMatch(/^[0-9a-f]{32}$/);
  });

  it('knows who said what in which order, the model, its settings and its tools', () => {
    const tools = [{ name: 'look_up', description: '', parameters: {} }];
    const prints = [
      print([user('a'), user('b')]),
      print([user('b'), user('a')]),
      print([user('a'), { role: 'system', text: 'b' }]),
      print([user('a')]),
      print([user('a')], { tools }),
      print([user('a')], {}, { model: 'gpt-9' }),
      print([user('a')], {}, { provider: 'other' }),
      print([user('a')], {}, { settings: { temperature: 0, maxCompletionTokens: undefined } }),
    ];
    expect(new Set(prints).size).toBe(prints.length);
  });

  it('tells apart which of two calls with one id a result belongs to', () => {
    const { messages } = asked([call('1'), result('1', 'first'), call('1'), call('2'), result('2', 'third'), result('1', 'second'), result('9', 'nobody')]);
    expect(messages.map((message) => ('call' in message ? message.call : undefined))).toEqual([1, 1, 2, 3, 3, 2, null]);
  });
});
