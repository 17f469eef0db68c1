import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemWallClock } from '../../clock/wall-clock.ts';
import { ElevenLabsServer } from '../../testing/eleven-labs/eleven-labs-server.ts';
import { ManualWallClock } from '../../testing/manual-wall-clock.ts';
import { type ListedVoice, listVoices } from './list-voices.ts';

/** The vendor's client takes its time to load, the more so on a busy machine. */
beforeAll(() => import('@elevenlabs/elevenlabs-js'), 60_000);

let server: ElevenLabsServer;

beforeEach(async () => {
  server = await ElevenLabsServer.start();
});

afterEach(() => server.close());

const list = (options: Partial<Parameters<typeof listVoices>[0]> = {}): Promise<ListedVoice[]> => {
  return listVoices({ wall: systemWallClock, apiKey: server.apiKey, baseUrl: server.baseUrl, waits: { firstWaitMs: 1 }, ...options });
};

describe('the voices of an account', () => {
  test('are listed with what tells them apart', async () => {
    expect(await list()).toEqual([
      { id: 'rachel', name: 'RACHEL', category: 'premade', description: undefined, labels: { accent: 'american' } },
      { id: 'josh', name: 'JOSH', category: 'premade', description: undefined, labels: { accent: 'american' } },
    ]);
  });

  test('are all listed, however many pages they fill', async () => {
    server.voices.splice(0, 2, ...Array.from({ length: 7 }, (_, i) => `voice-${i}`));
    server.voicesPerPage = 3;
    expect((await list()).map(({ id }) => id)).toEqual(server.voices);
  });

  test('are asked for once more when the server is busy', async () => {
    server.refusals.push({ status: 429 });
    expect(await list()).toHaveLength(2);
  });

  test.each(['SECRET', 'ftp://me:SECRET@files.example'])('are not asked for at %s, which is not repeated', async (baseUrl) => {
    await expect(list({ baseUrl })).rejects.toThrow(/^the address of ElevenLabs cannot be read \(ELEVENLABS_BASE_URL is an http or https address[^S]*$/);
  });

  test('are not given for a wrong key, nor by somebody else', async () => {
    await expect(list({ apiKey: 'sk-secret' })).rejects.toMatchObject({ kind: 'unauthorized', status: 401 });
    await expect(list({ baseUrl: `${server.baseUrl}/elsewhere` })).rejects.toMatchObject({
      kind: 'not_found',
      message: expect.stringMatching(/^127\.0\.0\.1:\d+ is no ElevenLabs: check the address \(404\)$/) as unknown,
    });
  });

  test('are not waited for when it is called off or takes too long', async () => {
    const abort = new AbortController();
    abort.abort(new Error('called off'));
    await expect(list({ signal: abort.signal })).rejects.toThrow('called off');
    const wall = new ManualWallClock();
    const listing = list({ wall, patienceMs: 100, waits: { attempts: 1 } });
    server.deaf = true;
    await server.until(() => server.unanswered === 1);
    wall.advance(100);
    await expect(listing).rejects.toMatchObject({ kind: 'timeout', message: 'ElevenLabs sent no list of voices for 100 ms' });
  });
});
