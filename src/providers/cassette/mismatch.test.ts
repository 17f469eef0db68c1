import { describe, expect, it } from 'vitest';
import type { AskedMessage, ChatAsked } from './call-request.ts';
import { chatMismatch, speechMismatch } from './mismatch.ts';

const FACTS = { provider: 'openai', model: 'gpt-4o', settings: {}, tools: [] };
const chat = (messages: readonly AskedMessage[], more: Partial<ChatAsked> = {}): ChatAsked => ({ ...FACTS, messages, ...more });
const user = (text: string): AskedMessage => ({ role: 'user', text });
const speech = (...sentences: string[]) => ({ provider: 'elevenlabs', model: 'turbo', voice: 'rachel', sentences });

const ofChat = (recorded: ChatAsked, asked: ChatAsked): string => chatMismatch('Mike', asked, recorded).message;

describe('what is said of a request that was not recorded', () => {
  it('is its first message that differs', () => {
    expect(ofChat(chat([user('a'), user('b'), user('c')]), chat([user('a'), user('x'), user('y')]))).toBe(
      'Mike\'s brain is not asked what was recorded: message 2 was "user: b" and is "user: x"',
    );
    expect(ofChat(chat([user('a'), user('b')]), chat([user('a')]))).toMatch(/message 2 was "user: b" and is nothing$/);
  });

  it('is shortened, and begins a little before the difference', () => {
    const long = 'once upon a time there was a house in which nobody wanted to live for long, '.repeat(3);
    const [, was, is] = /was "(.*)" and is "(.*)"$/.exec(ofChat(chat([user(`${long}red${long}`)]), chat([user(`${long}blue${long}`)]))) ?? [];
    expect(was).toMatch(/^…to live for long, redonce/);
    expect(is).toMatch(/^…to live for long, blueonce/);
    expect(was?.length).toBeLessThan(80);
  });

  it('is a tool, its arguments or its result, the model or a setting', () => {
    const call = (value: number): AskedMessage => ({ role: 'tool_call', call: 1, name: 'look_up', arguments: { value } });
    expect(ofChat(chat([call(1)]), chat([call(2)]))).toContain('message 1 was "tool_call look_up: {"value":1}" and is "tool_call look_up: {"value":2}"');
    expect(ofChat(chat([]), chat([], { model: 'gpt-9' }))).toContain('the model was "gpt-4o" and is "gpt-9"');
    expect(ofChat(chat([]), chat([], { settings: { temperature: 1 } }))).toContain('the settings were {} and are {"temperature":1}');
    expect(ofChat(chat([]), chat([], { tools: [{ name: 't', description: '', parameters: {} }] }))).toContain('the tools was "[]" and is "[{');
  });

  it('is the first sentence of speech that differs', () => {
    const say = (recorded: string[], asked: string[]): string => speechMismatch('Mike', speech(...asked), speech(...recorded)).message;
    expect(say(['One.', 'Two.'], ['One.', 'Three.'])).toBe('Mike\'s voice is not given what was recorded: sentence 2 was "Two." and is "Three."');
    expect(say(['One.', 'Two.'], ['One.'])).toMatch(/sentence 2 was "Two." and is nothing$/);
    expect(say(['One.'], ['One.', 'Two.'])).toMatch(/sentence 2 was nothing and is "Two."$/);
    expect(speechMismatch('Mike', speech('One.'), { ...speech('One.'), voice: 'josh' }).message).toContain('the voice was "josh" and is "rachel"');
    expect(speechMismatch('Mike', speech('One.'), undefined).message).toBe('Mike\'s voice is asked once more than was recorded; "One."');
  });
});
