import { describe, expect, it } from 'vitest';
import type { ContextMessage } from '../../pipeline/llm.ts';
import { chatMessages } from './chat-messages.ts';

const call = (replyId: string, callId: string, given: Record<string, unknown> = {}): ContextMessage => ({ role: 'tool_call', replyId, callId, name: 'lookup', arguments: given });
const result = (callId: string, value: unknown): ContextMessage => ({ role: 'tool_result', callId, name: 'lookup', result: value });
const wireCall = (id: string, given = '{}'): object => ({ id, type: 'function', function: { name: 'lookup', arguments: given } });

describe('the conversation on the wire', () => {
  it('keeps what was said as it was, message by message', () => {
    expect(
      chatMessages([
        { role: 'system', text: 'You are Sarah.' },
        { role: 'user', text: 'Hello.' },
        { role: 'user', text: 'Are you there?' },
        { role: 'assistant', text: 'I am.', replyId: 'reply-1' },
      ]),
    ).toEqual([
      { role: 'system', content: 'You are Sarah.' },
      { role: 'user', content: 'Hello.' },
      { role: 'user', content: 'Are you there?' },
      { role: 'assistant', content: 'I am.' },
    ]);
  });

  it('puts all calls of a reply into one message with what was heard of it, and their results behind', () => {
    expect(
      chatMessages([
        call('reply-1', 'a', { id: 7 }),
        call('reply-1', 'b'),
        result('b', { found: false }),
        // Said before the calls, but known to be heard only when it was played.
        { role: 'assistant', text: 'Let me see.', replyId: 'reply-1' },
        result('a', 'Order 7 is late.'),
        { role: 'assistant', text: 'It is late.', replyId: 'reply-2' },
      ]),
    ).toEqual([
      { role: 'assistant', content: 'Let me see.', tool_calls: [wireCall('a', '{"id":7}'), wireCall('b')] },
      { role: 'tool', tool_call_id: 'a', content: 'Order 7 is late.' },
      { role: 'tool', tool_call_id: 'b', content: '{"found":false}' },
      { role: 'assistant', content: 'It is late.' },
    ]);
  });

  it('answers a call that has no answer yet, however the peer goes on meanwhile', () => {
    expect(chatMessages([call('reply-1', 'a'), { role: 'user', text: 'Wait.' }])).toEqual([
      { role: 'assistant', content: null, tool_calls: [wireCall('a')] },
      { role: 'tool', tool_call_id: 'a', content: 'IN_PROGRESS' },
      { role: 'user', content: 'Wait.' },
    ]);
  });

  it('tells calls of several replies apart even if the server numbers them alike', () => {
    const messages = [call('reply-1', 'call_0'), result('call_0', 'first'), call('reply-2', 'call_0'), result('call_0', 'second')];
    expect(chatMessages(messages).map(({ role, content }) => [role, content])).toEqual([
      ['assistant', null],
      ['tool', 'first'],
      ['assistant', null],
      ['tool', 'second'],
    ]);
  });

  it('writes every result as text', () => {
    const written = (value: unknown): unknown => chatMessages([call('r', 'a'), result('a', value)])[1]?.content;
    expect([0, false, null, [1], undefined, '', 'done'].map(written)).toEqual(['0', 'false', 'null', '[1]', 'COMPLETED', '', 'done']);
  });

  it('leaves out a result that nobody asked for', () => {
    expect(chatMessages([{ role: 'user', text: 'Hi.' }, result('a', 1)])).toEqual([{ role: 'user', content: 'Hi.' }]);
  });
});
