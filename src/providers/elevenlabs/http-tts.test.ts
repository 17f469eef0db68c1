import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Retry } from '../../clock/live-answer.ts';
import { systemWallClock, type WallClock } from '../../clock/wall-clock.ts';
import type { LiveTtsContext } from '../../pipeline/live-tts.ts';
import { ElevenLabsServer } from '../../testing/eleven-labs/eleven-labs-server.ts';
import { CHARACTER_MS } from '../../testing/eleven-labs/speech-plan.ts';
import { failureOf, listen, NEVER, piecesOf, say, soundMs, type Speech, spokenWords, timedWords } from '../../testing/live-speech.ts';
import { ManualWallClock } from '../../testing/manual-wall-clock.ts';
import { ElevenLabsHttpTts } from './http-tts.ts';

/** The vendor's client takes its time to load, the more so on a busy machine. */
beforeAll(() => import('@elevenlabs/elevenlabs-js'), 60_000);

let server: ElevenLabsServer;
/** The tries that failed and were followed by another, as they were heard of. */
let retries: Retry[];
let onRetry: () => void;

beforeEach(async () => {
  server = await ElevenLabsServer.start();
  retries = [];
  onRetry = () => undefined;
});

afterEach(() => server.close());

function voiceOf(options: { readonly wall?: WallClock; readonly apiKey?: string; readonly baseUrl?: string } = {}): ElevenLabsHttpTts {
  return new ElevenLabsHttpTts({
    wall: systemWallClock,
    apiKey: server.apiKey,
    model: 'eleven_turbo_v2_5',
    baseUrl: server.baseUrl,
    waits: { firstWaitMs: 1, longestWaitMs: 1000 },
    ...options,
  });
}

function hear(context: LiveTtsContext): Promise<Speech> {
  return listen(context, (retry) => {
    retries.push(retry);
    onRetry();
  });
}

/** What comes after what was read already. */
async function last(reading: AsyncIterator<unknown>): Promise<unknown> {
  const piece = await reading.next();
  expect(await reading.next()).toEqual({ done: true, value: undefined });
  return piece.value;
}

describe('ElevenLabs over HTTP, through its own client', () => {
  test('speaks sentence by sentence, as sound with the times of its words', async () => {
    const speech = await hear(say(voiceOf(), ['Hello there.', 'How are you?']));
    const second = 'Hello there.'.length;
    expect(timedWords(speech)).toEqual([
      ['Hello', 0, 5 * CHARACTER_MS],
      ['there.', 6 * CHARACTER_MS, 12 * CHARACTER_MS],
      ['How', second * CHARACTER_MS, (second + 3) * CHARACTER_MS],
      ['are', (second + 4) * CHARACTER_MS, (second + 7) * CHARACTER_MS],
      ['you?', (second + 8) * CHARACTER_MS, (second + 12) * CHARACTER_MS],
    ]);
    expect(soundMs(speech)).toBe('Hello there.How are you?'.length * CHARACTER_MS);
  });

  test('asks for the room\'s own format and says what was said before', async () => {
    await hear(say(voiceOf(), ['One.', 'Two.', 'Three.']));
    const settings = { voice: 'rachel', model: 'eleven_turbo_v2_5', format: 'pcm_16000', voiceSettings: { stability: 0.5, similarityBoost: 0.75, style: 0 } };
    expect(server.requests).toEqual([
      { ...settings, text: 'One.', previousText: undefined },
      { ...settings, text: 'Two.', previousText: 'One.' },
      { ...settings, text: 'Three.', previousText: 'One. Two.' },
    ]);
  });

  test('speaks a sentence that comes when those before it were spoken, and ends when it is told to', async () => {
    const context = voiceOf().open({ agent: 'System', replyId: 'slow', voice: 'rachel' }, NEVER);
    const reading = context.arrivals()[Symbol.asyncIterator]();
    context.send('One.');
    expect(await reading.next()).toMatchObject({ value: { value: { words: [] } } });
    expect(await reading.next()).toMatchObject({ value: { value: { words: [{ text: 'One.' }] } } });
    context.send('Two.');
    expect((await reading.next()).done).toBe(false);
    expect(await reading.next()).toMatchObject({ value: { value: { words: [{ text: 'Two.' }] } } });
    const end = last(reading);
    context.end();
    expect(await end).toMatchObject({ value: { kind: 'ended' } });
  });

  test('stamps each piece with the wall time since the context was opened', async () => {
    const wall = new ManualWallClock();
    const tts = voiceOf({ wall });
    wall.advance(1000);
    server.plans.push({ held: true });
    const reading = say(tts, ['Hi.']).arrivals()[Symbol.asyncIterator]();
    const next = reading.next();
    await server.until(() => server.requests.length === 1);
    wall.advance(123.4567);
    server.release();
    expect(await next).toMatchObject({ value: { offsetMs: 123.457, value: { kind: 'sound' } } });
    expect(await reading.next()).toMatchObject({ value: { value: { words: [{ text: 'Hi.' }] } } });
    expect(await last(reading)).toEqual({ offsetMs: 123.457, value: { kind: 'ended' } });
  });

  test('an interruption breaks the request off and ends the speech, wherever it was', async () => {
    const tts = voiceOf();
    server.plans.push({ held: true });
    const barge = new AbortController();
    const listening = hear(say(tts, ['One.', 'Two.'], { signal: barge.signal }));
    await server.until(() => server.requests.length === 1);
    const before = server.openRequests;
    barge.abort();
    expect(await listening).toEqual([]);
    await server.until(() => server.openRequests === 0);
    expect(before).toBe(1);
    expect(await hear(say(tts, ['Three.'], { signal: barge.signal }))).toEqual([]);
    const waiting = new AbortController();
    const idle = hear(tts.open({ agent: 'System', replyId: 'idle', voice: 'rachel' }, waiting.signal));
    waiting.abort();
    expect(await idle).toEqual([]);
    expect(server.requests).toHaveLength(1);
    expect(retries).toEqual([]);
  });

  test('a reply without a sentence is over at once', async () => {
    expect(await hear(say(voiceOf(), []))).toEqual([]);
    expect(server.requests).toEqual([]);
  });
});

describe('when ElevenLabs fails over HTTP', () => {
  test.each([
    ['empty sound with status 200', { fault: 'empty' }, 'empty', 'ElevenLabs took the text and sent no sound'],
    ['a connection that breaks', { fault: 'drop' }, 'network', /^the connection to 127\.0\.0\.1:\d+ failed \(UND_ERR_SOCKET\)$/],
  ] as const)('%s before the first sound is told and followed by another try', async (_name, plan, kind, message) => {
    server.plans.push(plan);
    expect(spokenWords(await hear(say(voiceOf(), ['Hello there.'])))).toBe('Hello there.');
    expect(retries).toMatchObject([{ attempt: 1, retryInMs: 1, failure: { kind, provider: 'elevenlabs', status: null } }]);
    expect(retries[0]?.failure.message).toMatch(message);
  });

  test.each([
    [{ status: 429, code: 'too_many_concurrent_requests', retryAfter: '0.003' }, 'rate_limited', 3],
    [{ status: 503 }, 'server', 1],
  ] as const)('status %o is followed by another try, as late as it asks', async (refusal, kind, retryInMs) => {
    server.refusals.push(refusal);
    expect(spokenWords(await hear(say(voiceOf(), ['Hello.'])))).toBe('Hello.');
    expect(retries).toMatchObject([{ retryInMs, failure: { kind, status: refusal.status } }]);
  });

  test.each([
    [{ status: 401, code: 'invalid_api_key' }, 'unauthorized', expect.stringMatching(/^127\.0\.0\.1:\d+ refuses the key, or what it is used for: check ELEVENLABS_API_KEY \(401\)$/) as string],
    [{ status: 401, code: 'quota_exceeded' }, 'quota', 'the ElevenLabs account has no credits left for this (401)'],
    [{ status: 402 }, 'quota', 'the ElevenLabs account has no credits left for this (402)'],
    [{ status: 400, code: 'model_not_found' }, 'not_found', 'ElevenLabs has no model "eleven_turbo_v2_5" for this: check ELEVENLABS_MODEL (400)'],
    [{ status: 422 }, 'bad_request', 'ElevenLabs does not accept the request; does the voice fit the model? (422)'],
  ] as const)('status %o is no reason for another try', async (refusal, kind, message) => {
    server.refusals.push(refusal);
    const failure = { provider: 'elevenlabs', kind, message, status: refusal.status, retryable: false };
    expect(await piecesOf(say(voiceOf(), ['Hello.', 'Not said.']))).toEqual([{ kind: 'failed', failure }]);
    expect(server.requests).toEqual([]);
  });

  test('an unknown voice is named', async () => {
    const error = await failureOf(say(voiceOf(), ['Hello.'], { voice: 'nobody' }));
    expect(error.message).toBe('ElevenLabs knows no voice "nobody" in this account: `bottalk voices` lists those it knows (404)');
  });

  test('a wrong key is never quoted', async () => {
    const error = await failureOf(say(voiceOf({ apiKey: 'sk-secret' }), ['Hello.']));
    expect(error.kind).toBe('unauthorized');
    expect(JSON.stringify([error, error.cause])).not.toContain('sk-secret');
  });

  test('a stalled stream is a failed try after 2.5 s without sound', async () => {
    const wall = new ManualWallClock();
    server.plans.push({ fault: 'stall' });
    const listening = hear(say(voiceOf({ wall }), ['Hello.']));
    await server.until(() => server.requests.length === 1);
    const retried = new Promise<void>((resolve) => void (onRetry = resolve));
    wall.advance(2500);
    await retried;
    expect(retries).toMatchObject([{ attempt: 1, retryInMs: 1, failure: { kind: 'timeout', message: 'ElevenLabs sent no sound for 2500 ms' } }]);
    wall.advance(1);
    expect(spokenWords(await listening)).toBe('Hello.');
  });

  test.each([
    ['drop', 'network'],
    ['unreadable', 'server'],
    ['mistyped', 'server'],
  ] as const)('nothing is said twice: %s after the first sound is the end', async (fault, kind) => {
    server.plans.push({ fault, afterPieces: 1 });
    const reading = say(voiceOf(), ['One two three.']).arrivals()[Symbol.asyncIterator]();
    expect((await reading.next()).done).toBe(false);
    expect(await last(reading)).toMatchObject({ value: { kind: 'failed', failure: { kind, retryable: false } } });
    expect(server.requests).toHaveLength(1);
  });

  test('nobody at the address is a failure of the network', async () => {
    const closed = await ElevenLabsServer.start();
    const { baseUrl } = closed;
    await closed.close();
    const pieces = await piecesOf(say(voiceOf({ baseUrl }), ['Hello.']));
    expect(pieces.map(({ kind }) => kind)).toEqual(['retrying', 'retrying', 'failed']);
    expect(pieces.at(-1)).toMatchObject({ failure: { kind: 'network', message: expect.stringMatching(/failed \(ECONNREFUSED\)$/) as unknown } });
  });

  test('closing ends what is being said with a failure', async () => {
    const tts = voiceOf();
    server.plans.push({ held: true });
    const failure = failureOf(say(tts, ['Hello.']));
    await server.until(() => server.requests.length === 1);
    await tts.close();
    expect(await failure).toMatchObject({ kind: 'network', message: 'the connection to ElevenLabs was closed on this side' });
  });
});
