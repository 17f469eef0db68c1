import { tmpdir } from 'node:os';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ElevenLabsServer } from '../testing/eleven-labs/eleven-labs-server.ts';
import { commandLine } from '../testing/command-line.ts';
import { registerVoices } from './voices.ts';

/** The vendor's client takes its time to load, the more so on a busy machine. */
beforeAll(() => import('@elevenlabs/elevenlabs-js'), 60_000);

const here = process.cwd();
let server: ElevenLabsServer;
beforeEach(async () => {
  // Away from the keys of whoever runs the tests.
  process.chdir(tmpdir());
  server = await ElevenLabsServer.start();
  process.env['ELEVENLABS_API_KEY'] = server.apiKey;
  process.env['ELEVENLABS_BASE_URL'] = server.baseUrl;
});
afterEach(async () => {
  delete process.env['ELEVENLABS_API_KEY'];
  delete process.env['ELEVENLABS_BASE_URL'];
  process.chdir(here);
  await server.close();
});

const voices = (...words: readonly string[]) => commandLine(registerVoices, 'voices', ...words);

test('the voices that are built in come before those of the account', async () => {
  expect((await voices()).output).toMatchInlineSnapshot(`
    "PROVIDER    VOICE   NAME    CATEGORY  ABOUT
    offline     clara   clara   built in  a clear woman, US English
    offline     ross    ross    built in  a calm man, US English
    offline     angus   angus   built in  a brisk man, Scottish English
    offline     otto    otto    built in  a robot of the 1990s, US English
    elevenlabs  rachel  RACHEL  premade   american
    elevenlabs  josh    JOSH    premade   american
    "
  `);
});

test('one provider can be asked for, and JSON had', async () => {
  expect(JSON.parse((await voices('--provider', 'elevenlabs', '--json')).output)).toEqual([
    { provider: 'elevenlabs', id: 'rachel', name: 'RACHEL', category: 'premade', description: null, labels: { accent: 'american' } },
    { provider: 'elevenlabs', id: 'josh', name: 'JOSH', category: 'premade', description: null, labels: { accent: 'american' } },
  ]);
  expect(JSON.parse((await voices('--provider', 'offline', '--json')).output)).toHaveLength(4);
});

test('without a key there are those that are built in, and a line says what the others need', async () => {
  delete process.env['ELEVENLABS_API_KEY'];
  const { output, errors } = await voices();
  expect(output.trimEnd().split('\n')).toHaveLength(5);
  expect(errors).toBe('for the voices of ElevenLabs put ELEVENLABS_API_KEY into .env.local or the environment\n');
  expect((await voices('--provider', 'offline')).errors).toBe('');
  expect((await voices('--provider', 'elevenlabs')).error).toMatchObject({
    name: 'UsageError',
    message: 'the list of ElevenLabs voices needs ELEVENLABS_API_KEY (put it into .env.local or the environment)',
  });
});

test('a wrong key is told in our words', async () => {
  process.env['ELEVENLABS_API_KEY'] = 'xi-wrong';
  expect((await voices()).error).toMatchObject({ kind: 'unauthorized', message: expect.stringMatching(/^127\.0\.0\.1:\d+ refuses the key, or what it is used for: check ELEVENLABS_API_KEY \(401\)$/) as string });
});
