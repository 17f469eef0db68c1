import { expect, it } from 'vitest';
import type { NewEvent } from '../events/event.ts';
import { ConversationContext } from './context.ts';

function context(): { readonly context: ConversationContext; readonly events: NewEvent[] } {
  const events: NewEvent[] = [];
  return { context: new ConversationContext('Ann', 'You are Ann.', { append: (event) => void events.push(event) }), events };
}

const call = (callId: string, replyId = 'r1') => ({ replyId, callId, name: callId, arguments: {} });
const result = (callId: string) => ({ callId, name: callId, result: 1 });

it('begins with the system prompt and keeps messages as they come', () => {
  const { context: made, events } = context();
  made.user('one');
  made.user('two');
  made.assistant('three', 'r1');
  expect(made.messages).toEqual([
    { role: 'system', text: 'You are Ann.' },
    { role: 'user', text: 'one' },
    { role: 'user', text: 'two' },
    { role: 'assistant', text: 'three', replyId: 'r1' },
  ]);
  expect(events.map(({ type }) => type)).toEqual(Array(4).fill('context.appended'));
});

it('has no trace of a reply of which nothing was heard', () => {
  const { context: made, events } = context();
  made.assistant('', 'r1');
  expect([made.messages.length, events.length]).toEqual([1, 1]);
});

it('hands out lists that later messages do not change', () => {
  const { context: made } = context();
  const before = made.messages;
  made.user('one');
  made.amendUser('two');
  expect(before.length).toBe(1);
});

it('amends what was heard last, whatever came after it', () => {
  const { context: made, events } = context();
  made.user('one');
  made.user('two');
  made.system('three');
  made.amendUser('and a half');
  expect(made.messages.slice(1)).toMatchObject([{ text: 'one' }, { text: 'two and a half' }, { text: 'three' }]);
  expect(events.at(-1)).toEqual({ type: 'context.amended', agent: 'Ann', role: 'user', text: 'two and a half' });
});

it('knows late words as the first ones if nothing was heard yet', () => {
  const { context: made } = context();
  made.amendUser('hello');
  expect(made.messages.at(-1)).toEqual({ role: 'user', text: 'hello' });
  expect(made.hasHeard).toBe(true);
});

it('puts tool messages as models want them, in whatever order they come', () => {
  const { context: made } = context();
  made.user('look');
  made.toolCall(call('a'));
  made.toolCall(call('b'));
  made.toolResult(result('b'));
  made.user('hurry');
  made.toolResult(result('a'));
  made.assistant('Let me see.', 'r1');
  made.toolCall(call('c', 'r2'));
  made.toolResult(result('c'));
  expect(made.messages.slice(1).map((message) => ('text' in message ? `${message.role} ${message.text}` : `${message.role} ${message.callId}`))).toEqual([
    'user look',
    'assistant Let me see.',
    'tool_call a',
    'tool_call b',
    'tool_result b',
    'tool_result a',
    'user hurry',
    'tool_call c',
    'tool_result c',
  ]);
});
