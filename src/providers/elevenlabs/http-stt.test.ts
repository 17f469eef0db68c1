import { afterEach, describe, expect, it } from 'vitest';
import { systemWallClock as wall } from '../../clock/wall-clock.ts';
import { piecesHeard } from '../../testing/hear-segment.ts';
import { openTranscriptionServer, type TranscriptionAsked, type TranscriptionServer } from '../../testing/transcription-server.ts';
import { ElevenLabsStt, type ElevenLabsSttOptions } from './http-stt.ts';

const SOUND = Int16Array.from({ length: 1600 }, (_, i) => (i % 100) * 50);
const KEY = 'a-key-that-must-not-show';
const QUICK = { timeoutMs: 5000, attempts: 3, firstWaitMs: 1, longestWaitMs: 50 };

let server: TranscriptionServer;
afterEach(() => server.close());

async function opened(onAsked: (asked: TranscriptionAsked, count: number) => void, options: Partial<ElevenLabsSttOptions> = {}): Promise<ElevenLabsStt> {
  let count = 0;
  server = await openTranscriptionServer((asked) => onAsked(asked, ++count));
  const stt = new ElevenLabsStt({ wall, apiKey: KEY, baseUrl: server.baseUrl, patience: QUICK, ...options });
  await stt.prepare();
  return stt;
}

describe('transcription by ElevenLabs', () => {
  it('sends plain samples and hands over the text with the times of its words', async () => {
    const stt = await opened((asked) =>
      asked.hear('Hello there.', [
        { text: 'Hello', startSecs: 0.1, endSecs: 0.4 },
        { text: 'there.', startSecs: 0.5, endSecs: 0.9 },
      ]),
    );
    const words = [
      { text: 'Hello', startMs: 100, endMs: 400 },
      { text: 'there.', startMs: 500, endMs: 900 },
    ];
    expect(await piecesHeard(stt, SOUND)).toEqual([{ kind: 'text', text: 'Hello there.', words }, { kind: 'ended' }]);
    const [asked] = server.asked;
    expect(asked?.samples).toEqual(SOUND);
    expect(asked?.fields).toMatchObject({ model_id: 'scribe_v2', file_format: 'pcm_s16le_16', tag_audio_events: 'false' });
    expect(asked?.headers['xi-api-key']).toBe(KEY);
  });

  it('tries again after a fault of the server, and tells of it', async () => {
    const stt = await opened((asked, count) => (count === 1 ? asked.refuse(500, { detail: { status: 'internal' } }) : asked.hear('Hello.')));
    expect(await piecesHeard(stt, SOUND)).toMatchObject([{ kind: 'retrying', attempt: 1, failure: { kind: 'server' } }, { kind: 'text', text: 'Hello.' }, { kind: 'ended' }]);
  });

  it.each([
    [401, 'invalid_api_key', 'unauthorized', expect.stringMatching(/^127\.0\.0\.1:\d+ refuses the key, or what it is used for: check ELEVENLABS_API_KEY \(401\)$/) as string],
    [401, 'quota_exceeded', 'quota', 'the ElevenLabs account has no credits left for this (401)'],
    [400, 'invalid_model_id', 'not_found', 'ElevenLabs has no model "scribe_v2" for this: check transcription.model (400)'],
    [400, 'bad_things', 'bad_request', 'ElevenLabs does not accept the request for a transcription (400)'],
  ])('says what %i %s means', async (status, code, kind, message) => {
    const stt = await opened((asked) => asked.refuse(status, { detail: { status: code, message: 'no' } }));
    expect(await piecesHeard(stt, SOUND)).toMatchObject([{ kind: 'failed', failure: { provider: 'elevenlabs', kind, message } }]);
  });

  it('gives up on a server that keeps silent', async () => {
    const stt = await opened(() => undefined, { patience: { ...QUICK, timeoutMs: 20, attempts: 1 } });
    expect(await piecesHeard(stt, SOUND)).toMatchObject([{ kind: 'failed', failure: { kind: 'timeout', message: 'ElevenLabs sent no transcription for 20 ms' } }]);
  });

  it('closes the connection when nobody wants the text any more', async () => {
    const leaving = new AbortController();
    const stt = await opened(() => leaving.abort());
    expect(await piecesHeard(stt, SOUND, leaving.signal)).toEqual([]);
    expect(await server.asked[0]?.closed).toBe(true);
  });
});
