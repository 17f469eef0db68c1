import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ProviderError } from '../../base/errors.ts';
import type { FailedTry } from '../../base/retry.ts';
import { systemWallClock as wall } from '../../clock/wall-clock.ts';
import { FakeDaily } from '../../testing/daily/fake-daily.ts';
import { DEFAULT_TRANSCRIPTION, DailyRest } from './rest.ts';
import { newRoom } from './room.ts';

let daily: FakeDaily;
let failures: FailedTry[];
let rest: DailyRest;
beforeEach(async () => {
  daily = await FakeDaily.start();
  failures = [];
  rest = new DailyRest({ wall, apiKey: daily.apiKey, baseUrl: daily.restUrl, firstWaitMs: 1, onFailedTry: (failure) => failures.push(failure) });
});
afterEach(() => daily.close());

describe('a room', () => {
  test('throws everybody out when it expires, and its tokens open nothing else', async () => {
    const room = await newRoom({ rest, wall });
    const token = await room.tokenFor('Nora');
    const name = daily.room.name;
    const inSecs = (room.expiresAtSecs ?? 0) - wall.epochMs() / 1000;
    expect(inSecs).toBeGreaterThan(595);
    expect(inSecs).toBeLessThanOrEqual(600);
    expect(room.url).toBe(daily.room.url);
    expect(daily.room.properties).toEqual({ exp: room.expiresAtSecs, eject_at_room_exp: true });
    expect(daily.tokens.get(token ?? '')).toEqual({ room_name: name, user_name: 'Nora', exp: (room.expiresAtSecs ?? 0) + 60 });
  });

  test('can be told and asked: messages, transcription, an owner', async () => {
    const room = await newRoom({ rest, wall });
    const { name } = daily.room;
    await rest.createToken({ roomName: name, userName: 'Boss', expiresAtSecs: 7, owner: true });
    await rest.sendAppMessage(name, { hello: 1 });
    await room.startTranscription();
    expect(daily.room.transcription).toEqual(DEFAULT_TRANSCRIPTION);
    expect(daily.requests.slice(1)).toEqual([
      { line: 'POST /meeting-tokens', body: { properties: { room_name: name, user_name: 'Boss', exp: 7, is_owner: true } } },
      { line: `POST /rooms/${name}/send-app-message`, body: { data: { hello: 1 }, recipient: '*' } },
      { line: `POST /rooms/${name}/transcription/start`, body: DEFAULT_TRANSCRIPTION },
    ]);
  });

  test('can be deleted twice', async () => {
    const room = await newRoom({ rest, wall });
    await room.end();
    await room.end();
    expect(daily.rooms.size).toBe(0);
  });

  test('that cannot be deleted keeps nobody waiting', async () => {
    const room = await newRoom({ rest, wall, endMs: 20 });
    daily.prepare('say_nothing');
    daily.prepare('say_nothing');
    expect(await refusalOf(room.end())).toMatchObject({ kind: 'timeout', message: 'Daily did not answer within 0.02 s' });
  });
});

describe('trouble', () => {
  test('is tried again where that can help, as long after as was asked for', async () => {
    daily.prepare({ status: 429, body: { error: 'rate-limit-error' }, headers: { 'retry-after': '0.01' } });
    daily.prepare({ status: 503, body: '' });
    daily.prepare('hang_up');
    await newRoom({ rest, wall });
    expect(failures.map(({ error: { kind, status }, retryInMs }) => ({ kind, status, retryInMs }))).toEqual([
      { kind: 'rate_limited', status: 429, retryInMs: 10 },
      { kind: 'server', status: 503, retryInMs: 2 },
      { kind: 'network', status: undefined, retryInMs: 4 },
    ]);
  });

  test('is tried again at the date that was asked for', async () => {
    const epochMs = Date.UTC(2026, 0, 5, 9, 0, 0, 990);
    const account = { apiKey: daily.apiKey, baseUrl: daily.restUrl, firstWaitMs: 1 };
    const dated = new DailyRest({ ...account, wall: { ...wall, epochMs: () => epochMs }, onFailedTry: (failure) => failures.push(failure) });
    daily.prepare({ status: 429, body: {}, headers: { 'retry-after': 'Mon, 05 Jan 2026 09:00:01 GMT' } });
    await newRoom({ rest: dated, wall });
    expect(failures.map(({ retryInMs }) => retryInMs)).toEqual([10]);
  });

  test('is told after the last try', async () => {
    for (let n = 0; n < 4; n++) daily.prepare({ status: 500, body: { error: 'server-error', info: 'stack of the service' } });
    const error = await refusalOf(newRoom({ rest, wall }));
    expect(error).toMatchObject({ provider: 'daily', kind: 'server', status: 500, message: 'Daily answered POST /rooms with 500 server-error' });
    expect(daily.requests).toHaveLength(4);
  });

  test('that the user can mend is told at once, with neither the key nor the text of the service in it', async () => {
    const stranger = new DailyRest({ wall, apiKey: 'a-wrong-key', baseUrl: daily.restUrl });
    const error = await refusalOf(newRoom({ rest: stranger, wall }));
    expect(error).toMatchObject({ kind: 'unauthorized', status: 401, retryable: false });
    expect(error.message).toBe('Daily answered POST /rooms with 401 authentication-error: check DAILY_API_KEY');
    expect(daily.requests).toHaveLength(1);
    expect(await refusalOf(rest.startTranscription('nowhere'))).toMatchObject({ kind: 'not_found', status: 404 });
  });

  test('because of what cannot be sent quotes neither the key nor the address', async () => {
    const host = /127\.0\.0\.1(:\d+)?/;
    for (const bad of [{ apiKey: 'secret\nkey' }, { apiKey: 'x', baseUrl: 'https://somebody:secret@127.0.0.1/v1' }]) {
      await expect(new DailyRest({ wall, baseUrl: daily.restUrl, firstWaitMs: 1, ...bad }).startTranscription('room')).rejects.toMatchObject({
        kind: 'network',
        message: expect.stringMatching(new RegExp(`^the connection to Daily at ${host.source} failed \\(broken off\\)$`)) as string,
      });
    }
  });

  test('that is no answer at all ends at the time limit, and a cancelled request at once', async () => {
    daily.prepare('say_nothing');
    // The limit of the first try is reached as soon as its request has arrived, that of the second never.
    let tries = 0;
    const after = (_ms: number, fn: () => void): (() => void) =>
      tries++ === 0 ? wall.every(1, () => (daily.requests.length === 1 ? fn() : undefined)) : () => undefined;
    const impatient = new DailyRest({ wall: { ...wall, after }, apiKey: daily.apiKey, baseUrl: daily.restUrl, firstWaitMs: 1 });
    await newRoom({ rest: impatient, wall });
    expect(daily.requests, 'the second try was answered').toHaveLength(2);

    daily.prepare('say_nothing');
    const cancelled = new AbortController();
    const asked = refusalOf(rest.createToken({ roomName: 'room', userName: 'Nora', expiresAtSecs: 1 }, cancelled.signal));
    cancelled.abort(new Error('the user has had enough'));
    expect((await asked).message).toBe('the user has had enough');
  });

  test('does not make a cancelled run hang up on the room that is being made, but there is no other try', async () => {
    const cancelled = new AbortController();
    const making = newRoom({ rest, wall, signal: cancelled.signal });
    cancelled.abort(new Error('the user has had enough'));
    await (await making).end();
    expect(daily.rooms.size).toBe(0);
    daily.prepare('hang_up');
    const again = new AbortController();
    const failing = refusalOf(newRoom({ rest, wall, signal: again.signal }));
    again.abort(new Error('the user has had enough'));
    expect((await failing).message).toBe('the user has had enough');
  });
});

async function refusalOf(promise: Promise<unknown>): Promise<ProviderError> {
  return promise.then(
    () => Promise.reject(new Error('it was not refused')),
    (error: ProviderError) => error,
  );
}
