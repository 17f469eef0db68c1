import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemWallClock as wall } from '../../clock/wall-clock.ts';
import { type ChatServer, type ChatTurn, openChatServer } from '../../testing/chat-server.ts';
import { FakeDaily } from '../../testing/daily/fake-daily.ts';
import { ElevenLabsServer } from '../../testing/eleven-labs/eleven-labs-server.ts';
import { ManualWallClock } from '../../testing/manual-wall-clock.ts';
import type { Secrets } from '../secrets.ts';
import { isFine } from './check.ts';
import { checkOnline, type OnlineOptions } from './online-checks.ts';

/** The vendors' clients take their time to load, the more so on a busy machine. */
beforeAll(() => Promise.all([import('@elevenlabs/elevenlabs-js'), import('openai')]), 60_000);

async function ask(secrets: Secrets, options: Partial<OnlineOptions> = {}): Promise<readonly string[]> {
  const checks = await checkOnline({ wall, env: {}, secrets, signal: new AbortController().signal, ...options });
  expect(isFine(checks)).toBe(checks.every(({ state }) => state === 'works'));
  return checks.map(({ state, name, detail, advice }) => `${state} ${name}: ${detail}${advice === undefined ? '' : ` (${advice})`}`);
}

test('without keys nobody is asked', async () => {
  expect(await ask({})).toEqual([]);
});

test('a key that cannot be one is not sent, and not quoted', async () => {
  const bad = 'secret\nkey';
  const lines = await ask({ OPENAI_API_KEY: bad, OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', ELEVENLABS_API_KEY: bad, DAILY_API_KEY: bad });
  expect(lines.map((line) => line.replace(/ \(.*/, ''))).toEqual([
    'broken OpenAI: the key for the chat server holds a blank or a character that no key has',
    'broken ElevenLabs: ELEVENLABS_API_KEY holds a blank or a character that no key has',
    'broken Daily: DAILY_API_KEY holds a blank or a character that no key has',
  ]);
  expect(lines.join()).not.toContain('secret');
});

describe('OpenAI', () => {
  let server: ChatServer;
  afterEach(() => server.close());
  const open = async (onTurn: (turn: ChatTurn) => void, models?: readonly string[]): Promise<string> => {
    server = await openChatServer(onTurn, models ? { models } : {});
    return server.baseUrl;
  };

  test('is asked for one token of the usual model', async () => {
    const openAiUrl = await open((turn) => turn.answer('Hello'));
    expect(await ask({ OPENAI_API_KEY: 'sk-1' }, { openAiUrl })).toEqual(['works OpenAI: gpt-4o answers']);
    expect(server.turns.map(({ body }) => [body.model, body['max_completion_tokens']])).toEqual([['gpt-4o', 1]]);
  });

  test('counts as working when the one token is not spoken', async () => {
    const openAiUrl = await open((turn) => turn.begin().finish('length'));
    expect(await ask({ OPENAI_API_KEY: 'sk-1' }, { openAiUrl })).toEqual(['works OpenAI: gpt-4o answers']);
  });

  test('that refuses the key is told in our words, once', async () => {
    const openAiUrl = await open((turn) => turn.refuse(401, { message: 'Incorrect API key provided: sk-1', code: 'invalid_api_key' }));
    expect(await ask({ OPENAI_API_KEY: 'sk-1' }, { openAiUrl })).toEqual([
      expect.stringMatching(/^broken OpenAI: 127\.0\.0\.1:\d+ refused the key \(401, invalid_api_key\); check OPENAI_API_KEY$/) as unknown,
    ]);
    expect(server.turns).toHaveLength(1);
  });

  test('at another address is asked for its models, which costs nothing and needs no key', async () => {
    const OPENAI_BASE_URL = await open(() => undefined, ['llama3.1:8b', 'qwen3:4b']);
    expect(await ask({ OPENAI_BASE_URL })).toEqual(['works OpenAI: the server answers, with llama3.1:8b, qwen3:4b (a scenario names one as llm.model)']);
    expect(server.turns).toEqual([]);
  });

  test('at another address that has no list of models is asked for one token', async () => {
    const OPENAI_BASE_URL = await open((turn) => turn.answer('Hello'));
    expect(await ask({ OPENAI_BASE_URL })).toEqual(['works OpenAI: gpt-4o answers']);
    expect(server.turns.map(({ body }) => body['max_completion_tokens'])).toEqual([1]);
  });

  test('at another address that has neither the list nor the usual model is a chat server all the same', async () => {
    const OPENAI_BASE_URL = await open((turn) => turn.refuse(404, { message: 'no such model', code: 'model_not_found' }));
    expect(await ask({ OPENAI_BASE_URL })).toEqual(['works OpenAI: the server answers; it lists no models, and has no gpt-4o (a scenario names one of its own as llm.model)']);
  });

  test('at an address where there is none is told', async () => {
    const OPENAI_BASE_URL = await open((turn) => turn.refuse(404, { message: 'Not Found' }));
    const host = new URL(OPENAI_BASE_URL).host;
    expect(await ask({ OPENAI_BASE_URL })).toEqual([`broken OpenAI: ${host} lists no models at this address (404); check OPENAI_BASE_URL`]);
    expect(await ask({ OPENAI_BASE_URL: 'nowhere' })).toEqual([expect.stringMatching(/^broken OpenAI: the address of the chat server cannot be read \(OPENAI_BASE_URL is/) as unknown]);
  });
});

describe('ElevenLabs', () => {
  let server: ElevenLabsServer;
  beforeEach(async () => {
    server = await ElevenLabsServer.start();
  });
  afterEach(() => server.close());

  test('lists its voices, and says what is left where the key may know', async () => {
    const secrets = { ELEVENLABS_API_KEY: server.apiKey, ELEVENLABS_BASE_URL: server.baseUrl };
    expect(await ask(secrets)).toEqual(['works ElevenLabs: 2 voices']);
    server.charactersLeft = 1234;
    expect(await ask(secrets)).toEqual(['works ElevenLabs: 2 voices, 1234 characters left']);
    server.charactersLeft = 0;
    expect(await ask(secrets)).toEqual(['broken ElevenLabs: 2 voices, 0 characters left (the account has no characters left in this period)']);
  });

  test('that refuses the key is told in our words', async () => {
    expect(await ask({ ELEVENLABS_API_KEY: 'xi-wrong', ELEVENLABS_BASE_URL: server.baseUrl })).toEqual([
      `broken ElevenLabs: ${new URL(server.baseUrl).host} refuses the key, or what it is used for: check ELEVENLABS_API_KEY (401)`,
    ]);
  });

  test('that does not answer is waited for no longer than it may take', async () => {
    const patient = new ManualWallClock();
    server.deaf = true;
    const asking = ask({ ELEVENLABS_API_KEY: server.apiKey, ELEVENLABS_BASE_URL: server.baseUrl }, { wall: patient });
    await server.until(() => server.unanswered === 2);
    patient.advance(20_000);
    expect(await asking).toEqual([expect.stringMatching(/^broken ElevenLabs: (no answer within 20 s|ElevenLabs sent no list of voices for 15000 ms)$/) as unknown]);
  });
});

describe('Daily, without a browser', () => {
  let daily: FakeDaily;
  beforeEach(async () => {
    daily = await FakeDaily.start();
  });
  afterEach(() => daily.close());
  const secrets = (): Secrets => ({ DAILY_API_KEY: daily.apiKey, DAILY_BASE_URL: daily.restUrl, BOTTALK_CHROMIUM: '/nowhere' });

  test('makes a room that lives for a minute, and deletes it', async () => {
    expect(await ask(secrets())).toEqual(['works Daily: a room was made and deleted; it was not joined, because Chromium is missing']);
    expect(daily.requests.map(({ line }) => line.replace(/[\w-]+$/, ''))).toEqual(['POST /', 'DELETE /rooms/']);
    const { properties } = (daily.requests.at(0) ?? { body: {} }).body as { readonly properties: { readonly exp: number } };
    expect(properties.exp - wall.epochMs() / 1000).toBeLessThanOrEqual(60);
    expect(daily.rooms.size).toBe(0);
  });

  test('that refuses the key is told in our words', async () => {
    expect(await ask({ ...secrets(), DAILY_API_KEY: 'wrong' })).toEqual([expect.stringMatching(/^broken Daily: .*DAILY_API_KEY/) as unknown]);
  });

  test('is not asked when the user has called it off', async () => {
    await expect(ask(secrets(), { signal: AbortSignal.abort(new Error('called off')) })).rejects.toThrow('called off');
    expect(daily.requests).toEqual([]);
  });
});
