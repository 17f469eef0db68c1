import { beforeAll, describe, expect, test } from 'vitest';
import { loadSocketMessages, type SocketMessages } from './socket-messages.ts';

let messages: SocketMessages;

beforeAll(async () => {
  messages = await loadSocketMessages();
});

describe('what is said to the speech socket', () => {
  test('is what the protocol wants, to the byte', () => {
    expect(messages.openContext('c')).toBe('{"text":" ","context_id":"c","voice_settings":{"stability":0.5,"similarity_boost":0.75,"style":0}}');
    expect(messages.text('c', 'Hi "you".')).toBe('{"text":"Hi \\"you\\". ","context_id":"c"}');
    expect(messages.flush('c')).toBe('{"context_id":"c","flush":true}');
    expect(messages.closeContext('c')).toBe('{"context_id":"c","close_context":true}');
    expect(messages.keepAlive('c')).toBe('{"text":"","context_id":"c"}');
    expect(messages.keepAlive()).toBe('{"text":""}');
    expect(messages.closeSocket()).toBe('{"close_socket":true}');
  });
});

describe('what the speech socket says', () => {
  const read = (message: unknown): ReturnType<SocketMessages['read']> => messages.read(JSON.stringify(message));
  const nothing = { contextId: undefined, sound: undefined, alignment: undefined, final: false, refusal: undefined };
  const alignment = { chars: ['H', 'i'], charStartTimesMs: [0, 50], charDurationsMs: [50, 40] };

  test('is sound with the times of its characters', () => {
    expect(read({ audio: 'AQD//w==', contextId: 'c', isFinal: null, normalizedAlignment: null, alignment })).toEqual({
      ...nothing,
      contextId: 'c',
      sound: Buffer.from([1, 0, 255, 255]),
      alignment: { characters: ['H', 'i'], startsMs: [0, 50], endsMs: [50, 90] },
    });
  });

  test('is timed by the text as it was sent, and else by the text as it was spoken', () => {
    const spoken = { ...alignment, chars: ['h', 'y'] };
    expect(read({ audio: 'AAA=', alignment, normalizedAlignment: spoken }).alignment?.characters).toEqual(['H', 'i']);
    expect(read({ audio: 'AAA=', alignment: null, normalizedAlignment: spoken }).alignment?.characters).toEqual(['h', 'y']);
  });

  test('is the end of a context, in either spelling', () => {
    expect(read({ isFinal: true, contextId: 'c' })).toEqual({ ...nothing, contextId: 'c', final: true });
    expect(read({ audio: null, is_final: true, contextId: 'c' })).toEqual({ ...nothing, contextId: 'c', final: true });
  });

  test('is a refusal in words', () => {
    expect(read({ message: 'No such key', error: 'invalid_api_key', code: 1008 })).toEqual({ ...nothing, refusal: 'invalid_api_key No such key' });
    expect(read({ code: 1008 })).toEqual({ ...nothing, refusal: 'refused' });
  });

  test('may hold keys that are new', () => {
    expect(read({ audio: 'AAA=', contextId: 'c', mood: 'happy' })).toEqual({ ...nothing, contextId: 'c', sound: Buffer.from([0, 0]) });
  });

  test('does not line up where a list is too short', () => {
    const short = read({ audio: 'AAA=', alignment: { ...alignment, charDurationsMs: [50] } }).alignment;
    expect(short).toEqual({ characters: ['H', 'i'], startsMs: [0, 50], endsMs: [] });
  });

  test.each([
    ['not json', 'ElevenLabs sent a message that is no JSON'],
    ['[]', 'ElevenLabs sent a message of an unknown form'],
    ['null', 'ElevenLabs sent a message of an unknown form'],
    ['{"contextId":"c"}', 'ElevenLabs sent a message of an unknown form'],
    ['{"audio":17,"contextId":"c"}', 'ElevenLabs sent a message of an unknown form'],
    ['{"audio":"AAA=","alignment":{"chars":"Hi"}}', 'ElevenLabs sent a message of an unknown form'],
  ])('is not understood when it is %s', (text, message) => {
    expect(() => messages.read(text)).toThrow(expect.objectContaining({ name: 'ProviderError', kind: 'server', message }) as Error);
  });
});
