import { describe, expect, it } from 'vitest';
import { ReplyReader, type WireChunk } from './reply-reader.ts';

const says = (content: unknown): WireChunk => ({ choices: [{ delta: { content } }] });

describe('reading a reply', () => {
  it('has not begun with a role, a thought or a blank, but with the first word or call', () => {
    const reader = new ReplyReader(200);
    const thought: object = { reasoning_content: 'Hm.' };
    const thinking: WireChunk = { choices: [{ delta: thought }] };
    for (const chunk of [says(''), says(null), says('\n'), thinking, {}, { choices: [] }]) expect(reader.read(chunk)).toBe('');
    expect(reader.begun).toBe(false);
    expect(reader.read(says('\n Yes'))).toBe('Yes');
    expect(reader.read(says(' \n'))).toBe(' \n');
    expect(reader.begun).toBe(true);

    const calling = new ReplyReader(200);
    calling.read({ choices: [{ delta: { tool_calls: [{ id: 'a', function: { name: 'lookup' } }] } }] });
    expect(calling.begun).toBe(true);
  });

  it('takes a refusal for what it is: words', () => {
    expect(new ReplyReader(200).read({ choices: [{ delta: { content: null, refusal: 'I cannot help with that.' } }] })).toBe('I cannot help with that.');
  });

  it('knows the last usage, whole or not at all', () => {
    const reader = new ReplyReader(200);
    reader.read({ ...says('Hi.'), usage: { prompt_tokens: 5, completion_tokens: 1 } });
    reader.read({ choices: [], usage: { prompt_tokens: 5, completion_tokens: 2 } });
    reader.read({ choices: [], usage: { prompt_tokens: null } });
    expect(reader.finish('reply-1')).toEqual({ chunks: [{ kind: 'usage', usage: { promptTokens: 5, completionTokens: 2 } }], outcome: 'complete' });
  });

  it('knows how much of the prompt was cached where the server says so', () => {
    const reader = new ReplyReader(200);
    reader.read({ ...says('Hi.'), usage: { prompt_tokens: 1200, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 1024 } } });
    expect(reader.finish('reply-1').chunks).toEqual([{ kind: 'usage', usage: { promptTokens: 1200, completionTokens: 2, cachedPromptTokens: 1024 } }]);
  });

  it('is overlong only by both measures, tokens and letters', () => {
    const fine = new ReplyReader(10);
    for (let i = 0; i < 40; i++) fine.read(says('x'));
    expect(fine.overlong).toBe(false);
    const few = new ReplyReader(10);
    few.read(says('a long answer in a single piece, which some gateways send'));
    expect(few.overlong).toBe(false);
    const long = new ReplyReader(10);
    for (let i = 0; i < 11; i++) long.read(says('word '));
    expect(long.overlong).toBe(true);
  });
});
