/** The adapter through OpenAI's own client, over real sockets, against a server of this machine. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChatAsker, type ChatPiece, KEY, REQUEST } from '../../testing/chat-asker.ts';

let asker: ChatAsker;
beforeEach(async () => {
  asker = await ChatAsker.open();
});
afterEach(() => asker.server.close());

const text = (said: string): ChatPiece => ({ kind: 'text', text: said });

describe('a completion', () => {
  it('is asked for as OpenAI wants it', async () => {
    const tool = { name: 'lookup', description: 'Finds an order.', parameters: { type: 'object', properties: { id: { type: 'string' } } } };
    await asker.answerTo([(turn) => turn.answer('Hello.')], {}, { ...REQUEST, tools: [tool] });
    expect(asker.server.turns[0]?.body).toEqual({
      model: 'gpt-4o',
      messages: [
        { role: 'system', content: 'You are Sarah.' },
        { role: 'user', content: 'Good morning.' },
      ],
      stream: true,
      stream_options: { include_usage: true },
      max_completion_tokens: 200,
      temperature: 0.7,
      tools: [{ type: 'function', function: tool }],
    });
    expect(asker.server.turns[0]?.path).toBe('/v1/chat/completions');
    expect(asker.server.turns[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  });

  it('is streamed as it comes, each piece stamped from the opening of the request', async () => {
    asker.wall.advance(5000);
    const asked = await asker.ask();
    const turn = await asker.nextTurn();
    turn.begin();
    asker.wall.advance(300.5);
    turn.say('Good ');
    expect(await asked.next()).toEqual({ offsetMs: 300.5, value: text('Good ') });
    asker.wall.advance(12.5);
    turn.say('morning.');
    expect(await asked.next()).toEqual({ offsetMs: 313, value: text('morning.') });
    asker.wall.advance(20);
    turn.finish();
    expect(await asked.next()).toEqual({ offsetMs: 333, value: { kind: 'usage', usage: { promptTokens: 21, completionTokens: 9 } } });
    expect(await asked.next()).toEqual({ offsetMs: 333, value: { kind: 'ended' } });
    expect(await asked.next()).toBeUndefined();
    expect(asker.wall.pending).toBe(0);
  });

  it('is stamped when its bytes arrive, also while nobody asks for them', async () => {
    const asked = await asker.ask();
    const turn = await asker.nextTurn();
    asker.wall.advance(250);
    turn.answer('One two');
    await asker.settled();
    asker.wall.advance(4000);
    const offsetsMs = [await asked.next(), await asked.next(), await asked.next()].map((piece) => piece?.offsetMs);
    expect(offsetsMs).toEqual([250, 250, 250]);
  });

  it('begins with its first word: blanks before it are nothing to wait for', async () => {
    const pieces = await asker.answerTo([(turn) => turn.begin().say(' ').say('\n\n').say('  Yes').say(', sir.').finish()]);
    expect(pieces.slice(0, 2)).toEqual([text('Yes'), text(', sir.')]);
  });

  it('takes settings of the user', async () => {
    await asker.answerTo([(turn) => turn.answer('Hi.')], { model: 'llama3.2', maxCompletionTokens: 60, temperature: 0 });
    expect(asker.server.turns[0]?.body).toMatchObject({ model: 'llama3.2', max_completion_tokens: 60, temperature: 0 });
  });

  it('brings several tool calls at once, put together from their pieces', async () => {
    const pieces = await asker.answerTo([(turn) => {
      turn.begin().say('Let me see.');
      turn.delta({ tool_calls: [{ index: 0, id: 'call_a', type: 'function', function: { name: 'lookup', arguments: '' } }] });
      turn.delta({ tool_calls: [{ index: 0, function: { arguments: '{"id":' } }] });
      turn.delta({ tool_calls: [{ index: 1, id: 'call_b', type: 'function', function: { name: 'weather', arguments: '' } }] });
      turn.delta({ tool_calls: [{ index: 0, function: { arguments: '"A7"}' } }] });
      turn.finish('tool_calls');
    }]);
    expect(pieces).toEqual([
      text('Let me see.'),
      { kind: 'tool_call', callId: 'call_a', name: 'lookup', arguments: { id: 'A7' } },
      { kind: 'tool_call', callId: 'call_b', name: 'weather', arguments: {} },
      { kind: 'usage', usage: { promptTokens: 21, completionTokens: 9 } },
      { kind: 'ended' },
    ]);
  });

  it('without a word or a call is a failure of its own', async () => {
    const pieces = await asker.answerTo([(turn) => turn.begin().say(' ').finish('length')]);
    expect(pieces.at(-1)).toEqual({
      kind: 'failed',
      failure: { provider: 'openai', kind: 'empty', message: 'gpt-4o ended its turn without a word (finish_reason: length)', retryable: true, status: null },
    });
    expect(asker.server.turns).toHaveLength(1);
  });

  it('that a content filter cuts off is a failure, however much was said', async () => {
    const pieces = await asker.answerTo([(turn) => turn.begin().say('Well, I would').finish('content_filter')]);
    expect(pieces[0]).toEqual({ kind: 'text', text: 'Well, I would' });
    expect(pieces.at(-1)).toMatchObject({ kind: 'failed', failure: { kind: 'server', message: "gpt-4o was cut off by its server's content filter", retryable: false } });
    expect(asker.server.turns).toHaveLength(1);
  });

  it('with a call that cannot be read is a failure', async () => {
    const call = { index: 0, id: 'a', function: { name: 'lookup', arguments: '{"id": "A' } };
    const pieces = await asker.answerTo([(turn) => turn.begin().delta({ tool_calls: [call] }).finish('length')]);
    const message = 'gpt-4o called a tool in a way that cannot be read (finish_reason: length)';
    expect(pieces.at(-1)).toMatchObject({ kind: 'failed', failure: { kind: 'server', message } });
  });
});

describe('closing', () => {
  it('by an abort closes the connection, and the answer just ends', async () => {
    const abort = new AbortController();
    const asked = await asker.ask({}, { signal: abort.signal });
    const turn = await asker.nextTurn();
    turn.begin().say('Well, ');
    expect((await asked.next())?.value).toEqual(text('Well, '));
    abort.abort();
    expect(await turn.closed).toBe(true);
    expect(await asked.rest()).toEqual([]);
    expect(asker.wall.pending).toBe(0);
  });

  it('by an abort before the server has answered closes the connection as well', async () => {
    const abort = new AbortController();
    const asked = await asker.ask({}, { signal: abort.signal });
    const turn = await asker.nextTurn();
    abort.abort();
    expect(await turn.closed).toBe(true);
    expect(await asked.rest()).toEqual([]);
  });

  it('the answer without an abort closes the connection, even while a piece is waited for', async () => {
    const asked = await asker.ask();
    const turn = await asker.nextTurn();
    turn.begin().say('Well, ');
    await asked.next();
    const pending = asked.next();
    await asked.close();
    expect(await turn.closed).toBe(true);
    expect(await pending).toBeUndefined();
    expect(asker.wall.pending).toBe(0);
  });

  it('an answer that was aborted before it was asked for makes no request', async () => {
    const abort = new AbortController();
    abort.abort();
    const asked = await asker.ask({}, { signal: abort.signal });
    expect(await asked.rest()).toEqual([]);
    expect(asker.server.turns).toEqual([]);
  });
});

describe('a server that keeps silent', () => {
  it('is given up when the first token does not come', async () => {
    const asked = await asker.ask({ patience: { firstTokenMs: 2000 } });
    const turn = await asker.nextTurn();
    turn.begin().raw(': keep-alive\n\n');
    asker.wall.advance(2000);
    const message = `${asker.host} sent no first token within 2000 ms`;
    expect(await asked.rest()).toEqual([{ kind: 'failed', failure: { provider: 'openai', kind: 'timeout', message, retryable: true, status: null } }]);
    expect(await turn.closed).toBe(true);
    expect(asker.server.turns).toHaveLength(1);
  });

  it('is given up when it stops in mid-sentence; each chunk gives it new time', async () => {
    const asked = await asker.ask({ patience: { betweenChunksMs: 1000 } });
    const turn = await asker.nextTurn();
    turn.begin();
    for (const word of ['I ', 'think ', 'that ']) {
      turn.say(word);
      expect((await asked.next())?.value).toEqual(text(word));
      asker.wall.advance(999);
    }
    asker.wall.advance(1);
    const message = `${asker.host} stopped in mid-sentence and sent nothing for 1000 ms`;
    expect((await asked.next())?.value).toMatchObject({ kind: 'failed', failure: { kind: 'timeout', message } });
    expect(await turn.closed).toBe(true);
  });

  it('after it has said why it stops has said all', async () => {
    const asked = await asker.ask({ patience: { betweenChunksMs: 1000 } });
    const turn = await asker.nextTurn();
    turn.begin().chunk({ choices: [{ index: 0, delta: { content: 'Bye.' }, finish_reason: 'stop' }] });
    expect((await asked.next())?.value).toEqual(text('Bye.'));
    asker.wall.advance(1000);
    expect(await asked.rest()).toEqual([{ kind: 'ended' }]);
    expect(await turn.closed).toBe(true);
  });
});
