/** Where the key for OpenAI goes, and where it does not, over real sockets; and that no address of the environment shows. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTranscriptionServer, type TranscriptionServer } from '../../src/testing/transcription-server.ts';
import { LIVE_SCENARIO, LiveRuns } from './live-run.ts';

let runs: LiveRuns;
let ears: TranscriptionServer;
beforeEach(async () => {
  runs = await LiveRuns.open();
  ears = await openTranscriptionServer((asked) => asked.hear('Hello.'));
});
afterEach(async () => {
  await runs.close();
  await ears.close();
});

const KEY = 'sk-loopback-key-of-the-brain';

/** A brain, an end of turn and a transcription, each at an address that the file names. */
const named = (): string => `
title: Named
turn: { profile: responsive }
max_turns: 2
max_duration: 20s
transcription: { provider: openai, base_url: "${ears.openAiUrl}" }
agents:
  - { name: Sarah, prompt: You are Sarah., llm: { provider: openai, base_url: "${runs.chat.baseUrl}" } }
  - { name: Mike, prompt: You are Mike., script: { lines: ["Fine."] }, turn: { strategy: llm, base_url: "${runs.chat.baseUrl}" } }
`;

/** The keys that came with the requests for text, those that came with sound, and the models that were asked. */
function keysSent(): { text: string[]; sound: string[]; models: string[] } {
  const each = (values: readonly string[]): string[] => [...new Set(values)].toSorted((a, b) => a.localeCompare(b));
  return {
    text: each(runs.chat.turns.map(({ headers }) => headers.authorization ?? 'none')),
    sound: each(ears.asked.map(({ headers }) => headers.authorization ?? 'none')),
    models: each(runs.chat.turns.map(({ body }) => body.model)),
  };
}

const MODELS = ['gpt-4o', 'gpt-4o-mini'];

test('servers that only a scenario names are asked without the key', async () => {
  const seen = await runs.run({ scenario: named(), secrets: { OPENAI_API_KEY: KEY } });
  expect(seen.thrown).toBeUndefined();
  expect(keysSent()).toEqual({ text: ['none'], sound: ['none'], models: MODELS });
});

test('the server of OPENAI_BASE_URL gets the key, whoever names it, and no other does', async () => {
  const seen = await runs.run({ scenario: named(), secrets: { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: runs.chat.baseUrl } });
  expect(seen.thrown).toBeUndefined();
  expect(keysSent()).toEqual({ text: [`Bearer ${KEY}`], sound: ['none'], models: MODELS });
});

test('a server that wants a key all the same says what to do', async () => {
  runs.onTurn = (turn) => turn.refuse(401, { message: 'no key' });
  const { ending } = await runs.run({ scenario: named(), secrets: { OPENAI_API_KEY: KEY } });
  expect(ending?.reason).toMatch(/wants a key \(401\); a server that only a scenario names is sent none: set OPENAI_BASE_URL to it$/);
});

test('what OPENAI_BASE_URL holds goes to the server and into no line, file or cassette', async () => {
  const secrets = { ...runs.secrets, OPENAI_BASE_URL: `${runs.chat.baseUrl}?api-version=2024-10-21&code=q-0123456789` };
  const fine = await runs.run({ scenario: LIVE_SCENARIO, secrets });
  expect(runs.chat.turns[0]?.path).toBe('/v1/chat/completions?api-version=2024-10-21&code=q-0123456789');
  expect(fine.files).toContain('cassette.jsonl');
  runs.onTurn = (turn) => turn.refuse(404, { message: 'q-0123456789' });
  const refused = await runs.run({ scenario: LIVE_SCENARIO, secrets });
  expect(refused.ending).toMatchObject({ endedBy: 'error' });
  expect([fine.faults, refused.faults]).toEqual([[], []]);
});
