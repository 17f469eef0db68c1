/** What the adapter makes of a server that refuses, breaks off or speaks a dialect; over real sockets. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../../base/errors.ts';
import type { LiveFailure } from '../../clock/live-answer.ts';
import { ChatAsker, type ChatPiece, KEY, REQUEST } from '../../testing/chat-asker.ts';
import type { ChatTurn } from '../../testing/chat-server.ts';
import { openChat } from './open-chat.ts';
import { freePort } from '../../testing/free-port.ts';

let asker: ChatAsker;
beforeEach(async () => {
  asker = await ChatAsker.open();
});
afterEach(() => asker.server.close());

type Answer = (turn: ChatTurn) => void;

const refuse =
  (status: number, error: object | string, headers: Record<string, string> = {}): Answer =>
  (turn) =>
    turn.refuse(status, error, headers);
const hello: Answer = (turn) => turn.answer('Hello.');
const HELLO: ChatPiece[] = [{ kind: 'text', text: 'Hello.' }, { kind: 'usage', usage: { promptTokens: 21, completionTokens: 9 } }, { kind: 'ended' }];

/** How it failed; every wait before another try is over at once. */
async function failureOf(answers: readonly Answer[], settings = {}): Promise<Omit<LiveFailure, 'provider'> | undefined> {
  const last = (await asker.answerTo(answers, settings)).at(-1);
  if (last?.kind !== 'failed') return undefined;
  const { provider, ...failure } = last.failure;
  expect(provider).toBe('openai');
  return { ...failure, message: failure.message.replace(asker.host, 'HOST') };
}

const retries = (pieces: readonly ChatPiece[]): unknown[] =>
  pieces.flatMap((piece) => (piece.kind === 'retrying' ? [[piece.attempt, piece.failure.kind, piece.failure.status, piece.retryInMs]] : []));

describe('what cannot be mended by another try', () => {
  const cases: [string, Answer, Omit<LiveFailure, 'provider' | 'retryable'>][] = [
    [
      'a wrong key',
      refuse(401, { message: `Incorrect API key provided: ${KEY}.`, type: 'invalid_request_error', param: null, code: 'invalid_api_key' }),
      { kind: 'unauthorized', status: 401, message: 'HOST refused the key (401, invalid_api_key); check OPENAI_API_KEY' },
    ],
    [
      'a key that may not use the model',
      refuse(403, { message: 'No access', type: 'invalid_request_error', code: 'model_not_allowed' }),
      { kind: 'unauthorized', status: 403, message: 'HOST does not let this key use gpt-4o (403, model_not_allowed)' },
    ],
    [
      'no quota, which comes with the status of haste',
      refuse(429, { message: 'You exceeded your current quota', type: 'insufficient_quota', param: null, code: 'insufficient_quota' }, { 'retry-after': '1' }),
      { kind: 'quota', status: 429, message: 'HOST says that this account has no quota left (429, insufficient_quota); check its plan and billing' },
    ],
    [
      'no balance',
      refuse(402, { message: 'Insufficient Balance', type: 'unknown_error', code: 'invalid_request_error' }),
      { kind: 'quota', status: 402, message: 'HOST says that this account has no quota left (402, invalid_request_error); check its plan and billing' },
    ],
    [
      'an unknown model',
      refuse(404, { message: 'The model `gpt-4o` does not exist', type: 'invalid_request_error', param: null, code: 'model_not_found' }),
      { kind: 'not_found', status: 404, message: 'HOST has no model gpt-4o, or no chat completions at this address (404, model_not_found); check both' },
    ],
    [
      'a page that is none of an API',
      refuse(404, '<html>nginx</html>', { 'content-type': 'text/html' }),
      { kind: 'not_found', status: 404, message: 'HOST has no model gpt-4o, or no chat completions at this address (404); check both' },
    ],
    [
      'a conversation that is too long',
      refuse(400, { message: 'Your messages resulted in 200000 tokens', type: 'invalid_request_error', param: 'messages', code: 'context_length_exceeded' }),
      { kind: 'bad_request', status: 400, message: 'HOST refused the request (400, context_length_exceeded; it names messages)' },
    ],
    [
      'a model that takes no tools',
      refuse(400, { message: 'registry/llama2 does not support tools', type: 'api_error', param: null, code: null }),
      { kind: 'bad_request', status: 400, message: 'HOST refused the request (400, api_error; it names tools)' },
    ],
  ];
  it.each(cases)('%s', async (_, answer, failure) => {
    expect(await failureOf([answer])).toEqual({ ...failure, retryable: false });
    expect(asker.server.turns).toHaveLength(1);
  });

  it('a server that wants a key, when there is none', async () => {
    const failure = await failureOf([refuse(401, { message: 'no key' })], { apiKey: undefined });
    expect(failure?.message).toBe('HOST wants a key (401); set OPENAI_API_KEY');
    expect(asker.server.turns[0]?.headers).not.toHaveProperty('authorization');
  });

  it.each([401, 403])('a server that only a scenario names and that wants a key: %i', async (status) => {
    const failure = await failureOf([refuse(status, { message: 'no key' })], { baseUrl: 'http://127.0.0.1:9/v1', scenarioUrl: asker.server.baseUrl });
    expect(failure?.message).toBe(`HOST wants a key (${status}); a server that only a scenario names is sent none: set OPENAI_BASE_URL to it`);
    expect(asker.server.turns[0]?.headers).not.toHaveProperty('authorization');
  });

  it('never repeats the key, not even where a server puts it into a code', async () => {
    const failures = [
      await failureOf([refuse(400, { message: KEY, type: KEY, param: KEY, code: KEY })]),
      await failureOf([refuse(418, `the key ${KEY} is a teapot`)]),
      await failureOf([refuse(401, { message: KEY, code: 'sk-other-key-0123' })], { apiKey: 'my.own.key' }),
      await failureOf([refuse(400, { message: 'x', code: 'my.own.key' })], { apiKey: 'my.own.key' }),
    ];
    expect(failures.map((failure) => failure?.status)).toEqual([400, 418, 401, 400]);
    expect(JSON.stringify(failures)).not.toMatch(/sk-|own/);
  });
});

describe('what another try may mend', () => {
  it('too many requests: waits as long as the server asks, then goes on', async () => {
    const busy = refuse(429, { message: 'slow down', type: 'requests', code: 'rate_limit_exceeded' }, { 'retry-after': '2' });
    const pieces = await asker.answerTo([busy, busy, hello]);
    expect(retries(pieces)).toEqual([[1, 'rate_limited', 429, 2000], [2, 'rate_limited', 429, 2000]]);
    expect(pieces.slice(2)).toEqual(HELLO);
  });

  it('too many requests: does not wait for a server that asks for more than a listener would', async () => {
    const failure = await failureOf([refuse(429, { code: 'rate_limit_exceeded' }, { 'retry-after': '60' })]);
    expect(failure).toEqual({ kind: 'rate_limited', status: 429, retryable: false, message: 'HOST is asked too often (429, rate_limit_exceeded)' });
    expect(asker.server.turns).toHaveLength(1);
  });

  it('a server in trouble: three tries in all, with waits that double', async () => {
    const pieces = await asker.answerTo([refuse(503, ''), refuse(500, '<html>oops</html>'), refuse(502, { message: 'upstream' })]);
    expect(retries(pieces)).toEqual([[1, 'server', 503, 400], [2, 'server', 500, 800]]);
    expect(pieces.at(-1)).toMatchObject({ kind: 'failed', failure: { kind: 'server', status: 502, retryable: false, message: `${asker.host} failed (502)` } });
  });

  it('a connection that breaks before the first token', async () => {
    const pieces = await asker.answerTo([(turn) => turn.hangUp(), hello]);
    expect(retries(pieces)).toEqual([[1, 'network', null, 400]]);
    expect(pieces.slice(1)).toEqual(HELLO);
  });

  it('an error that comes in the stream, before the first token', async () => {
    const busy: Answer = (turn) => turn.begin().raw('data: {"error":{"message":"overloaded","type":"server_error","code":null}}\n\n').end();
    const pieces = await asker.answerTo([busy, hello]);
    expect(retries(pieces)).toEqual([[1, 'server', null, 400]]);
    expect(pieces.slice(1)).toEqual(HELLO);
  });

  it('is not tried any more once it is aborted', async () => {
    const abort = new AbortController();
    const asked = await asker.ask({}, { signal: abort.signal });
    (await asker.nextTurn()).refuse(503, '');
    expect((await asked.next())?.value).toMatchObject({ kind: 'retrying', retryInMs: 400 });
    abort.abort();
    asker.wall.advance(400);
    expect(await asked.rest()).toEqual([]);
    expect(asker.server.turns).toHaveLength(1);
  });
});

describe('after the first token there is no other try from here', () => {
  it('when the connection breaks', async () => {
    const asked = await asker.ask();
    const turn = await asker.nextTurn();
    turn.begin().say('Well, ');
    await asked.next();
    turn.hangUp();
    const message = `the connection to ${asker.host} failed (UND_ERR_SOCKET)`;
    expect(await asked.rest()).toEqual([{ kind: 'failed', failure: { provider: 'openai', kind: 'network', message, retryable: true, status: null } }]);
    expect(asker.server.turns).toHaveLength(1);
  });

  it('when what comes is no HTTP any more', async () => {
    const asked = await asker.ask();
    const turn = await asker.nextTurn();
    turn.begin().say('Well, ');
    await asked.next();
    turn.garble();
    const message = `the connection to ${asker.host} failed`;
    expect(await asked.rest()).toMatchObject([{ kind: 'failed', failure: { kind: 'network', retryable: true, message } }]);
  });

  it.each([
    ['rate_limit_exceeded', 'rate_limited', 429, true],
    [502, 'server', 502, true],
    ['insufficient_quota', 'quota', null, false],
  ])('when an error comes in the stream (%s)', async (code, kind, status, retryable) => {
    const answer: Answer = (turn) => turn.begin().say('Well, ').raw(`data: ${JSON.stringify({ error: { message: 'no', code } })}\n\n`).end();
    expect(await failureOf([answer])).toMatchObject({ kind, retryable });
    expect((await asker.answerTo([answer])).at(-1)).toMatchObject({ failure: { status } });
    expect(asker.server.turns).toHaveLength(2);
  });

  it('when the stream turns into something else', async () => {
    const failure = await failureOf([(turn) => turn.begin().say('Well, ').raw('data: {"choices": [{"del\n\n').end()]);
    expect(failure).toEqual({ kind: 'server', status: null, retryable: true, message: 'HOST sent what cannot be read' });
  });
});

describe('a server that speaks a dialect', () => {
  const unknown = (name: string): Answer => refuse(400, { message: `Unrecognized request argument supplied: ${name}`, type: 'invalid_request_error', param: null, code: null });

  it('knows the limit only by its old name: it is asked so, and is never asked otherwise again', async () => {
    const chat = await openChat({ apiKey: KEY, baseUrl: asker.server.baseUrl }, asker.wall);
    for (const answers of [[unknown('max_completion_tokens'), hello], [hello]]) {
      const iterator = chat.ask(REQUEST, new AbortController().signal)[Symbol.asyncIterator]();
      for (const answer of answers) answer(await asker.nextTurn());
      while (!(await iterator.next()).done);
    }
    expect(asker.server.turns.map(({ body }) => [body['max_completion_tokens'], body['max_tokens']])).toEqual([[200, undefined], [undefined, 200], [undefined, 200]]);
  });

  it.each([
    ['Mistral', refuse(422, JSON.stringify({ object: 'error', message: { detail: [{ type: 'extra_forbidden', loc: ['body', 'max_completion_tokens'] }] } })), 'max_completion_tokens'],
    ['older Azure', unknown('stream_options'), 'stream_options'],
    ['a reasoning model', refuse(400, { message: "'temperature' does not support 0.7 with this model.", param: 'temperature', code: 'unsupported_value' }), 'temperature'],
  ])('refuses a parameter by name in its own form (%s): it is spared it at once', async (_, refusal, name) => {
    const pieces = await asker.answerTo([refusal, hello]);
    expect(retries(pieces)).toEqual([[1, 'bad_request', expect.any(Number), 0]]);
    expect(pieces.at(-1)).toEqual({ kind: 'ended' });
    expect(asker.server.turns.map(({ body }) => name in body)).toEqual([true, false]);
  });

  it('refuses one parameter after the other', async () => {
    const pieces = await asker.answerTo([unknown('stream_options'), unknown('max_completion_tokens'), hello]);
    expect(pieces.at(-1)).toEqual({ kind: 'ended' });
    expect(Object.keys(asker.server.turns[2]?.body ?? {}).toSorted()).toEqual(['max_tokens', 'messages', 'model', 'stream', 'temperature']);
  });

  it('refuses a value that the user chose: that is the user’s to mend', async () => {
    const failure = await failureOf([refuse(400, { message: 'temperature: 9 is too high', param: 'temperature', code: 'decimal_above_max_value' })]);
    expect(failure?.message).toBe('HOST refused the request (400, decimal_above_max_value; it names temperature)');
    expect(asker.server.turns).toHaveLength(1);
  });

  it('takes no notice of the limit: it is cut off where it has long been passed', async () => {
    const asked = await asker.ask({ maxCompletionTokens: 10 });
    const turn = await asker.nextTurn();
    turn.begin();
    for (let i = 0; i < 100; i++) turn.say('words ');
    const pieces = await asked.rest();
    expect(pieces).toEqual([...Array.from({ length: 11 }, () => ({ kind: 'text', text: 'words ' })), { kind: 'ended' }]);
    expect(await turn.closed).toBe(true);
  });

  it('leaves out what OpenAI sends: roles, ids, indexes, usage, a reason to stop, the last line', async () => {
    const answer: Answer = (turn) => {
      turn.raw('data: {"choices":[],"prompt_filter_results":[]}\n\n').raw('data: {}\n\n').raw('data: {"choices":null,"usage":null}\n\n');
      turn.raw('data: {"choices":[{"delta":null}]}\n\n').raw('data: {"choices":[{}]}\n\n').raw('data: {"choices":[{"delta":{"content":null}}]}\n\n');
      turn.raw('data: {"choices":[{"delta":{"content":"Hello."}}]}\n\n');
      turn.raw('data: {"choices":[{"delta":{"tool_calls":[{"function":{"name":"lookup","arguments":"{}"}}]}}]}\r\n\r\n').end();
    };
    expect(await asker.answerTo([answer])).toEqual([
      { kind: 'text', text: 'Hello.' },
      { kind: 'tool_call', callId: 'reply-1-call-1', name: 'lookup', arguments: {} },
      { kind: 'ended' },
    ]);
  });

  it('tells its version in the address, as Azure does: query and key go where they belong', async () => {
    const baseUrl = `${asker.server.baseUrl.replace('/v1', '/openai/deployments/mine')}/?api-version=2024-10-21`;
    expect((await asker.answerTo([hello], { baseUrl })).at(-1)).toEqual({ kind: 'ended' });
    const [turn] = asker.server.turns;
    expect(turn?.path).toBe('/openai/deployments/mine/chat/completions?api-version=2024-10-21');
    expect(turn?.headers).toMatchObject({ 'api-key': KEY });
    expect(turn?.headers).not.toHaveProperty('authorization');
  });
});

describe('an address', () => {
  it('where nobody listens is a failure of the network', async () => {
    const port = await freePort();
    const chat = await openChat({ apiKey: KEY, baseUrl: `http://127.0.0.1:${port}/v1`, patience: { attempts: 1 } }, asker.wall);
    const iterator = chat.ask(REQUEST, new AbortController().signal)[Symbol.asyncIterator]();
    const message = `the connection to 127.0.0.1:${port} failed (ECONNREFUSED)`;
    expect((await iterator.next()).value).toMatchObject({ value: { kind: 'failed', failure: { kind: 'network', retryable: false, message } } });
  });

  it.each(['localhost:11434', 'ftp://example.com', 'not an address', 'https://user:secret@example.com/v1'])('that is none is the user’s to mend (%s)', async (baseUrl) => {
    const error: unknown = await openChat({ apiKey: KEY, baseUrl }, asker.wall).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).not.toContain('secret');
  });

  it('with a key that no header can carry is the user’s to mend, and the key is not repeated', async () => {
    const error: unknown = await openChat({ apiKey: 'sk-one\nsk-two' }, asker.wall).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).not.toContain('sk-');
  });
});
