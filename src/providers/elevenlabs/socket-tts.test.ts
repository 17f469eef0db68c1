import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Retry } from '../../clock/live-answer.ts';
import { systemWallClock, type WallClock } from '../../clock/wall-clock.ts';
import type { LiveTtsContext } from '../../pipeline/live-tts.ts';
import { ElevenLabsServer } from '../../testing/eleven-labs/eleven-labs-server.ts';
import { CHARACTER_MS } from '../../testing/eleven-labs/speech-plan.ts';
import { failureOf, listen, NEVER, piecesOf, say, soundMs, type Speech, spokenWords, timedWords } from '../../testing/live-speech.ts';
import { ManualWallClock } from '../../testing/manual-wall-clock.ts';
import { ElevenLabsSocketTts } from './socket-tts.ts';

let server: ElevenLabsServer;
let voices: ElevenLabsSocketTts[];
/** The tries that failed and were followed by another, as they were heard of. */
let retries: Retry[];
let onRetry: () => void;

beforeEach(async () => {
  server = await ElevenLabsServer.start();
  voices = [];
  retries = [];
  onRetry = () => undefined;
});

afterEach(async () => {
  await Promise.all(voices.map((tts) => tts.close()));
  await server.close();
});

function voiceOf(options: { readonly wall?: WallClock; readonly apiKey?: string } = {}): ElevenLabsSocketTts {
  const tts = new ElevenLabsSocketTts({
    wall: systemWallClock,
    apiKey: server.apiKey,
    model: 'eleven_turbo_v2_5',
    baseUrl: server.baseUrl,
    waits: { firstWaitMs: 1, longestWaitMs: 4 },
    ...options,
  });
  voices.push(tts);
  return tts;
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

describe('ElevenLabs over the WebSocket', () => {
  test('speaks sentences in one context, as sound with the times of its words', async () => {
    const arrivals = await hear(say(voiceOf(), ['Hello there.', 'How are you?']));
    expect(timedWords(arrivals)).toEqual([
      ['Hello', 0, 5 * CHARACTER_MS],
      ['there.', 6 * CHARACTER_MS, 12 * CHARACTER_MS],
      ['How', 13 * CHARACTER_MS, 16 * CHARACTER_MS],
      ['are', 17 * CHARACTER_MS, 20 * CHARACTER_MS],
      ['you?', 21 * CHARACTER_MS, 25 * CHARACTER_MS],
    ]);
    expect(soundMs(arrivals)).toBe('Hello there. How are you? '.length * CHARACTER_MS);
    expect(retries).toEqual([]);
  });

  test('asks for the room\'s own format, without waiting for more text, and opens and closes each context', async () => {
    await hear(say(voiceOf(), ['Hello there.', 'How are you?']));
    expect(server.handshakes).toEqual([
      { voice: 'rachel', query: { model_id: 'eleven_turbo_v2_5', output_format: 'pcm_16000', auto_mode: 'true', sync_alignment: 'true' } },
    ]);
    const contextId = 'reply-1-1';
    expect(server.messages).toEqual([
      { socket: 1, kind: 'open', contextId },
      { socket: 1, kind: 'text', contextId, text: 'Hello there. ' },
      { socket: 1, kind: 'text', contextId, text: 'How are you? ' },
      { socket: 1, kind: 'flush', contextId },
      { socket: 1, kind: 'close_context', contextId },
    ]);
  });

  test('time goes on by each alignment, also by one that completes no word', async () => {
    const arrivals = await hear(say(voiceOf(), ['Incomprehensibilities abound.']));
    expect(timedWords(arrivals)).toEqual([
      ['Incomprehensibilities', 0, 21 * CHARACTER_MS],
      ['abound.', 22 * CHARACTER_MS, 29 * CHARACTER_MS],
    ]);
  });

  test('lists each word in the chunk in which its last sample lies', async () => {
    for (const { value } of await hear(say(voiceOf(), ['One two three four five six.']))) {
      for (const { endSample } of value.words) {
        expect(endSample).toBeGreaterThan(0);
        expect(endSample).toBeLessThanOrEqual(value.samples.length);
      }
    }
  });

  test('has several replies of one agent in contexts of one socket, and a socket for each agent and voice', async () => {
    const tts = voiceOf();
    const [first, second, other] = await Promise.all([
      hear(say(tts, ['One.'], { replyId: 'a' })),
      hear(say(tts, ['Two.'], { replyId: 'b' })),
      hear(say(tts, ['Three.'], { replyId: 'c', agent: 'User', voice: 'josh' })),
    ]);
    expect([first, second, other].map(spokenWords)).toEqual(['One.', 'Two.', 'Three.']);
    expect(server.handshakes.map(({ voice }) => voice).toSorted()).toEqual(['josh', 'rachel']);
    await hear(say(tts, ['Four.'], { replyId: 'd' }));
    expect(server.handshakes).toHaveLength(2);
  });

  test('is connected before the first sentence if it was prepared', async () => {
    const tts = voiceOf();
    await tts.prepare({ agent: 'System', voice: 'rachel' });
    expect(server.openSockets).toBe(1);
    await hear(say(tts, ['Hi.']));
    expect(server.handshakes).toHaveLength(1);
  });

  test('preparing is called off at once, even while nobody answers', async () => {
    server.deaf = true;
    const abort = new AbortController();
    const preparing = voiceOf({ wall: new ManualWallClock() }).prepare({ agent: 'System', voice: 'rachel' }, abort.signal);
    await server.until(() => server.unanswered === 1);
    abort.abort(new Error('called off'));
    await expect(preparing).rejects.toThrow('called off');
    await server.close();
    server = await ElevenLabsServer.start();
  });

  test('stamps each piece with the wall time since the context was opened', async () => {
    const wall = new ManualWallClock();
    const tts = voiceOf({ wall });
    await tts.prepare({ agent: 'System', voice: 'rachel' });
    wall.advance(1000);
    server.plans.push({ held: true });
    const context = say(tts, ['Hi.']);
    const reading = context.arrivals()[Symbol.asyncIterator]();
    const next = reading.next();
    await server.until(() => server.messages.some(({ kind }) => kind === 'close_context'));
    wall.advance(123.4567);
    server.release();
    expect(await next).toMatchObject({ value: { offsetMs: 123.457, value: { kind: 'sound' } } });
    expect(await last(reading)).toEqual({ offsetMs: 123.457, value: { kind: 'ended' } });
  });

  test('an interruption closes the context and keeps the socket, and what comes late is passed over', async () => {
    const tts = voiceOf();
    server.plans.push({ held: true, late: true });
    const barge = new AbortController();
    const context = tts.open({ agent: 'System', replyId: 'cut', voice: 'rachel' }, barge.signal);
    context.send('This will be cut.');
    await server.until(() => server.messages.some(({ kind }) => kind === 'text'));
    const heard = hear(context);
    barge.abort();
    expect(await heard).toEqual([]);
    expect(spokenWords(await hear(say(tts, ['Go on.'])))).toBe('Go on.');
    expect(server.messages.map(({ kind, contextId }) => [kind, contextId]).slice(0, 4)).toEqual([
      ['open', 'cut-1'],
      ['text', 'cut-1'],
      ['close_context', 'cut-1'],
      ['open', 'reply-1-2'],
    ]);
    expect(server.handshakes).toHaveLength(1);
    expect(retries).toEqual([]);
  });

  test('a reader who leaves closes the context', async () => {
    const tts = voiceOf();
    const context = tts.open({ agent: 'System', replyId: 'left', voice: 'rachel' }, NEVER);
    context.send('One two three four five.');
    for await (const _first of context.arrivals()) break;
    await server.until(() => server.messages.length === 3);
    expect(server.messages.at(-1)).toEqual({ socket: 1, kind: 'close_context', contextId: 'left-1' });
  });

  test('a reply without a sentence is over at once', async () => {
    expect(await hear(say(voiceOf(), []))).toEqual([]);
    expect(server.messages).toEqual([]);
  });

  test('keeps open contexts alive, and the socket when there is none', async () => {
    const wall = new ManualWallClock();
    const tts = voiceOf({ wall });
    await tts.prepare({ agent: 'System', voice: 'rachel' });
    const alive = (): (string | undefined)[] => server.messages.filter(({ kind }) => kind === 'keep_alive').map(({ contextId }) => contextId);
    wall.advance(10_000);
    await server.until(() => alive().length === 1);
    const context = tts.open({ agent: 'System', replyId: 'slow', voice: 'rachel' }, NEVER);
    await server.until(() => server.messages.some(({ kind }) => kind === 'open'));
    wall.advance(10_000);
    await server.until(() => alive().length === 2);
    expect(alive()).toEqual([undefined, 'slow-1']);
    context.end();
  });

  test('says goodbye when it is closed, and opens nothing after that', async () => {
    const tts = voiceOf();
    await tts.prepare({ agent: 'System', voice: 'rachel' });
    await tts.close();
    expect(server.messages).toEqual([{ socket: 1, kind: 'close_socket' }]);
    await server.until(() => server.openSockets === 0);
    expect(await failureOf(say(tts, ['Hi.']))).toMatchObject({ kind: 'network', retryable: false });
    expect(server.handshakes).toHaveLength(1);
  });

  test('flushes the last word and goes on without the last message, if only that is missing', async () => {
    const wall = new ManualWallClock();
    server.plans.push({ fault: 'stall', afterPieces: 1 });
    const context = say(voiceOf({ wall }), ['All of']);
    const reading = context.arrivals()[Symbol.asyncIterator]();
    expect(await reading.next()).toMatchObject({ value: { value: { words: [{ text: 'All' }, { text: 'of' }] } } });
    const end = last(reading);
    wall.advance(2500);
    expect(await end).toEqual({ offsetMs: 2500, value: { kind: 'ended' } });
    expect(retries).toEqual([]);
  });

  test('gives no word for an alignment that makes no sense, and goes on', async () => {
    server.plans.push({ fault: 'misaligned' });
    const arrivals = await hear(say(voiceOf(), ['Hello there.']));
    expect(timedWords(arrivals)).toEqual([]);
    expect(soundMs(arrivals)).toBe('Hello there. '.length * CHARACTER_MS);
  });
});

describe('when ElevenLabs fails over the WebSocket', () => {
  const again = { attempt: 1, retryInMs: 1 };

  test.each([
    ['empty sound', { fault: 'empty' }, 'empty', 'ElevenLabs took the text and sent no sound'],
    ['a dropped socket', { fault: 'drop' }, 'network', /^the connection to 127\.0\.0\.1:\d+ failed \(closed with 1006\)$/],
    ['a refusal for now', { refusal: { error: 'system_busy', message: 'Try later', closeCode: 1008 } }, 'rate_limited', 'ElevenLabs is asked too much at once'],
    ['a fault of its own', { refusal: { error: '', message: 'We are sorry, something went wrong' } }, 'server', /^127\.0\.0\.1:\d+ has a fault of its own$/],
  ] as const)('%s before the first sound is told and followed by another try, with all the text', async (_name, plan, kind, message) => {
    server.plans.push(plan);
    const arrivals = await hear(say(voiceOf(), ['Hello', 'there.']));
    expect(spokenWords(arrivals)).toBe('Hello there.');
    expect(retries).toMatchObject([{ ...again, failure: { kind, provider: 'elevenlabs' } }]);
    expect(retries[0]?.failure.message).toMatch(message);
  });

  test('a stalled stream is a failed try after 2.5 s without sound', async () => {
    const wall = new ManualWallClock();
    server.plans.push({ fault: 'stall' });
    const listening = hear(say(voiceOf({ wall }), ['Hello.']));
    await server.until(() => server.messages.some(({ kind }) => kind === 'close_context'));
    const retried = new Promise<void>((resolve) => void (onRetry = resolve));
    wall.advance(2500);
    await retried;
    expect(retries).toMatchObject([{ ...again, failure: { kind: 'timeout', message: 'ElevenLabs sent no sound for 2500 ms' } }]);
    wall.advance(1);
    expect(spokenWords(await listening)).toBe('Hello.');
  });

  test('nothing is said twice: what fails after its first sound is over', async () => {
    server.plans.push({ fault: 'drop', afterPieces: 1 });
    const context = say(voiceOf(), ['One two three.']);
    const reading = context.arrivals()[Symbol.asyncIterator]();
    expect((await reading.next()).done).toBe(false);
    expect(await last(reading)).toMatchObject({ value: { kind: 'failed', failure: { kind: 'network', retryable: false } } });
  });

  test('sound that stops half way is a failure, never the end', async () => {
    const wall = new ManualWallClock();
    server.plans.push({ fault: 'stall', afterPieces: 1 });
    const context = say(voiceOf({ wall }), ['One two three.']);
    const reading = context.arrivals()[Symbol.asyncIterator]();
    await reading.next();
    const end = last(reading);
    wall.advance(2500);
    expect(await end).toMatchObject({ offsetMs: 2500, value: { kind: 'failed', failure: { kind: 'timeout', retryable: false } } });
  });

  test('gives up after three tries', async () => {
    server.plans.push({ fault: 'empty' }, { fault: 'empty' }, { fault: 'empty' });
    expect(await piecesOf(say(voiceOf(), ['Hello.']))).toMatchObject([
      { kind: 'retrying', attempt: 1, retryInMs: 1 },
      { kind: 'retrying', attempt: 2, retryInMs: 2 },
      { kind: 'failed', failure: { kind: 'empty' } },
    ]);
  });

  test('a socket that was lost while nobody spoke is replaced without a failed try', async () => {
    const tts = voiceOf();
    await hear(say(tts, ['One.']));
    server.connections[0]?.close(1000, '');
    await server.until(() => server.openSockets === 0);
    expect(await hear(say(tts, ['Two.']))).not.toEqual([]);
    expect(server.handshakes).toHaveLength(2);
    expect(retries).toEqual([]);
  });

  test('what is no message of the protocol is a failure of the server', async () => {
    server.plans.push({ fault: 'unreadable' });
    expect(await failureOf(say(voiceOf(), ['Hello.']))).toMatchObject({ kind: 'server', message: 'ElevenLabs sent a message that is no JSON' });
    server.plans.push({ fault: 'mistyped' });
    expect(await failureOf(say(voiceOf(), ['Hello.']))).toMatchObject({ kind: 'server', message: 'ElevenLabs sent a message of an unknown form' });
  });

  test('a wrong key is no reason for another try, and no key is ever quoted', async () => {
    const message = expect.stringMatching(/^127\.0\.0\.1:\d+ refuses the key, or what it is used for: check ELEVENLABS_API_KEY \(401\)$/) as string;
    const failure = { provider: 'elevenlabs', kind: 'unauthorized', status: 401, message, retryable: false };
    const pieces = await piecesOf(say(voiceOf({ apiKey: 'sk-secret' }), ['Hello.']));
    expect(pieces).toEqual([{ kind: 'failed', failure }]);
    expect(JSON.stringify(pieces)).not.toContain('sk-secret');
  });

  test.each(['handshake', 'close'] as const)('an unknown voice is named, refused at the %s', async (how) => {
    server.unknownVoice = how;
    const error = await failureOf(say(voiceOf(), ['Hello.'], { voice: 'nobody' }));
    expect(error).toMatchObject({ kind: 'not_found', retryable: false });
    expect(error.message).toMatch(/^ElevenLabs knows no voice "nobody" in this account: `bottalk voices` lists those it knows \(\d+\)$/);
  });

  test('waits as long as a refused handshake asks', async () => {
    server.refusals.push({ status: 429, code: 'too_many_concurrent_requests', retryAfter: '0.003' });
    await hear(say(voiceOf(), ['Hello.']));
    expect(retries).toMatchObject([{ retryInMs: 3, failure: { kind: 'rate_limited', status: 429 } }]);
  });

  test('an empty account is told from a wrong key', async () => {
    server.refusals.push({ status: 401, code: 'quota_exceeded' });
    expect(await failureOf(say(voiceOf(), ['Hello.']))).toMatchObject({ kind: 'quota', message: 'the ElevenLabs account has no credits left for this (401)' });
  });

  test('a server that does not answer is given up after its time', async () => {
    const wall = new ManualWallClock();
    server.deaf = true;
    const preparing = voiceOf({ wall }).prepare({ agent: 'System', voice: 'rachel' });
    await server.until(() => server.handshakes.length === 1);
    server.deaf = false;
    wall.advance(2500);
    // The wait before the next try.
    while (wall.pending === 0) await wall.yieldToProcess();
    wall.advance(1);
    await preparing;
    expect(server.handshakes).toHaveLength(2);
  });

  test('nobody at the address is a failure of the network', async () => {
    const closed = await ElevenLabsServer.start();
    const { baseUrl } = closed;
    await closed.close();
    const tts = new ElevenLabsSocketTts({ wall: systemWallClock, apiKey: 'x', model: 'm', baseUrl, waits: { attempts: 1 } });
    await expect(tts.prepare({ agent: 'System', voice: 'rachel' })).rejects.toMatchObject({ kind: 'network', message: expect.stringMatching(/failed \(ECONNREFUSED\)$/) as unknown });
  });
});
