import { afterEach, describe, expect, it } from 'vitest';
import { systemWallClock as wall } from '../../clock/wall-clock.ts';
import { piecesHeard } from '../../testing/hear-segment.ts';
import { openTranscriptionServer, type TranscriptionAsked, type TranscriptionServer } from '../../testing/transcription-server.ts';
import { openStt, type OpenAiSttSettings } from './open-stt.ts';

const SOUND = Int16Array.from({ length: 1600 }, (_, i) => (i % 100) * 50);
const KEY = 'sk-a-key-that-must-not-show';
const QUICK = { timeoutMs: 5000, attempts: 3, firstWaitMs: 1, longestWaitMs: 50 };

let server: TranscriptionServer;
afterEach(() => server.close());

async function opened(onAsked: (asked: TranscriptionAsked, count: number) => void, settings: Partial<OpenAiSttSettings> = {}) {
  let count = 0;
  server = await openTranscriptionServer((asked) => onAsked(asked, ++count));
  return openStt({ apiKey: KEY, baseUrl: server.openAiUrl, patience: QUICK, ...settings }, wall);
}

describe('transcription by OpenAI', () => {
  it('sends the sound as a file of the room\'s own format and hands over the text', async () => {
    const stt = await opened((asked) => asked.hear(' Hello there. '));
    expect(await piecesHeard(stt, SOUND)).toEqual([{ kind: 'text', text: 'Hello there.' }, { kind: 'ended' }]);
    const [asked] = server.asked;
    expect(asked?.samples).toEqual(SOUND);
    expect(asked?.fields).toEqual({ model: 'gpt-4o-transcribe', response_format: 'json' });
    expect(asked?.headers.authorization).toBe(`Bearer ${KEY}`);
  });

  it('asks for the times of words only from the model that gives them', async () => {
    const stt = await opened((asked) => asked.hear('Hello there.', [{ text: 'Hello', startSecs: 0.1, endSecs: 0.4 }]), { model: 'whisper-1' });
    const [text] = await piecesHeard(stt, SOUND);
    expect(text).toEqual({ kind: 'text', text: 'Hello there.', words: [{ text: 'Hello', startMs: 100, endMs: 400 }] });
    expect(server.asked[0]?.fields).toEqual({ model: 'whisper-1', response_format: 'verbose_json', 'timestamp_granularities[]': 'word' });
  });

  it('tries again when the server is busy, and tells of it', async () => {
    const stt = await opened((asked, count) => (count === 1 ? asked.refuse(429, { error: { message: 'slow down', code: 'rate_limit_exceeded' } }) : asked.hear('Hello.')));
    expect(await piecesHeard(stt, SOUND)).toMatchObject([{ kind: 'retrying', attempt: 1, failure: { kind: 'rate_limited' } }, { kind: 'text', text: 'Hello.' }, { kind: 'ended' }]);
  });

  it('gives up after as many tries as it has', async () => {
    const stt = await opened((asked) => asked.hangUp());
    const pieces = await piecesHeard(stt, SOUND);
    expect(pieces.map(({ kind }) => kind)).toEqual(['retrying', 'retrying', 'failed']);
    expect(pieces[2]).toMatchObject({ failure: { provider: 'openai', kind: 'network', retryable: false } });
  });

  it.each([
    [401, { message: 'no', code: 'invalid_api_key' }, 'unauthorized', /refused the key \(401, invalid_api_key\); check OPENAI_API_KEY/],
    [429, { message: 'no', code: 'insufficient_quota' }, 'quota', /no quota left/],
    [404, { message: 'no', code: 'model_not_found' }, 'not_found', /has no model gpt-4o-transcribe, or no transcriptions at this address/],
  ] as const)('says what a refusal with %i means', async (status, error, kind, message) => {
    const stt = await opened((asked) => asked.refuse(status, { error }));
    const [piece, ...rest] = await piecesHeard(stt, SOUND);
    expect(rest).toEqual([]);
    expect(piece).toMatchObject({ kind: 'failed', failure: { kind, message: expect.stringMatching(message) as string } });
    expect(JSON.stringify(piece)).not.toContain(KEY);
  });

  it('fails on an answer that is no transcription', async () => {
    const stt = await opened((asked) => asked.json(200, { nothing: true }));
    expect((await piecesHeard(stt, SOUND)).at(-1)).toMatchObject({ kind: 'failed', failure: { kind: 'server', message: expect.stringContaining('no transcription') as string } });
  });

  it('gives up on a server that keeps silent', async () => {
    const stt = await opened(() => undefined, { patience: { ...QUICK, timeoutMs: 20, attempts: 1 } });
    expect(await piecesHeard(stt, SOUND)).toMatchObject([{ kind: 'failed', failure: { kind: 'timeout', message: expect.stringMatching(/within 20 ms/) as string } }]);
  });

  it('closes the connection when nobody wants the text any more', async () => {
    const leaving = new AbortController();
    const stt = await opened(() => leaving.abort());
    expect(await piecesHeard(stt, SOUND, leaving.signal)).toEqual([]);
    expect(await server.asked[0]?.closed).toBe(true);
  });
});
