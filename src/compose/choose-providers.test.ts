import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UsageError } from '../base/errors.ts';
import { scenarioText } from '../testing/scenario.ts';
import { agentSettings } from './agent-settings.ts';
import { type ChosenCase, loadChosenCase, type ProviderFlags } from './choose-providers.ts';
import type { Secrets } from './secrets.ts';

const OPENAI = { OPENAI_API_KEY: 'sk-1' };
const ELEVENLABS = { ELEVENLABS_API_KEY: 'xi-1' };

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'bottalk-choose-'))));
afterAll(() => rmSync(folder, { recursive: true }));

type Given = { readonly text?: string; readonly pace?: number; readonly chromium?: string };

function choose(flags: ProviderFlags, secrets: Secrets = {}, { text = scenarioText(), pace, chromium }: Given = {}): Promise<ChosenCase> {
  const file = join(folder, 'x.yaml');
  writeFileSync(file, text);
  const findChromium = (): string => {
    if (chromium !== undefined) return chromium;
    throw new UsageError('there is none', 'get chromium');
  };
  return loadChosenCase(file, { flags, secrets, pace, findChromium });
}

const used = ({ of }: ChosenCase): readonly string[] => of.scenario.agents.map(({ llm, tts }) => `${llm.provider} ${tts.provider}`);

describe('without --live', () => {
  test('keys alone change nothing, and there is nothing to explain', async () => {
    const chosen = await choose({}, { ...OPENAI, ...ELEVENLABS });
    expect(used(chosen)).toEqual(['script offline', 'script offline']);
    expect(chosen.of.scenario.room.kind).toBe('embedded');
    expect(chosen.choices).toEqual([]);
  });

  test('a flag wins over the scenario: a scripted one can have a model, and needs no change for it', async () => {
    expect(used(await choose({ llm: 'openai' }, OPENAI))).toEqual(['openai offline', 'openai offline']);
    expect(used(await choose({ llm: 'script', tts: 'offline' }, {}, { text: scenarioText({ agent: 'llm: { provider: openai }\ntts: { provider: elevenlabs }' }) }))).toEqual([
      'script offline',
      'script offline',
    ]);
  });

  test('a scenario without a script cannot have the offline brain, and its place is told', async () => {
    const text = scenarioText({ agent: 'llm: { provider: openai }' }).replace('    script: { lines: [Hi.] }\n', '');
    await expect(choose({ llm: 'script' }, OPENAI, { text })).rejects.toThrow(`${join(folder, 'x.yaml')}:6:5: Ben has no script`);
  });
});

describe('--live', () => {
  test('takes what has a key, and says what it takes and what is missing for the rest', async () => {
    const chosen = await choose({ live: true }, OPENAI);
    expect(used(chosen)).toEqual(['openai offline', 'openai offline']);
    expect(chosen.choices).toEqual(['brains: openai', 'voices: offline; elevenlabs needs ELEVENLABS_API_KEY', 'room: embedded; daily needs DAILY_API_KEY']);
  });

  test('needs a browser for a Daily room, and says how to get it', async () => {
    expect((await choose({ live: true }, { ...ELEVENLABS, DAILY_API_KEY: 'd' })).choices).toEqual([
      'brains: script; openai needs OPENAI_API_KEY',
      'voices: elevenlabs',
      'room: embedded; daily needs Chromium (get chromium)',
    ]);
  });

  test('takes a Daily room where there are a key and a browser, and leaves the transcription to it', async () => {
    const { of, choices } = await choose({ live: true }, { DAILY_API_KEY: 'd' }, { chromium: '/usr/bin/chromium' });
    expect([of.scenario.room.kind, of.scenario.transcription.provider, choices.at(-1)]).toEqual(['daily', 'room', 'room: daily']);
    const elsewhere = await choose({ live: true, room: 'embedded', transcription: 'openai' }, { ...OPENAI, DAILY_API_KEY: 'd' }, { chromium: '/usr/bin/chromium' });
    expect([elsewhere.of.scenario.room.kind, elsewhere.of.scenario.transcription.provider, elsewhere.choices.at(-1)]).toEqual([
      'embedded',
      'openai',
      'room: embedded, as --room says',
    ]);
  });

  test('takes no Daily room where a pace is asked for', async () => {
    expect((await choose({ live: true }, { DAILY_API_KEY: 'd' }, { pace: 20, chromium: '/usr/bin/chromium' })).choices.at(-1)).toBe('room: embedded; daily needs real time, and --pace asks for another');
  });

  test('takes a chat server of one\'s own for a brain, key or not', async () => {
    expect(used(await choose({ live: true }, { OPENAI_BASE_URL: 'http://localhost:11434/v1' }))).toEqual(['openai offline', 'openai offline']);
  });

  test('leaves what the scenario or a flag says, and says so', async () => {
    const text = scenarioText({ agent: 'llm: { provider: script }' });
    const chosen = await choose({ live: true, tts: 'offline' }, { ...OPENAI, ...ELEVENLABS }, { text });
    expect(used(chosen)).toEqual(['openai offline', 'script offline']);
    expect(chosen.choices).toEqual(['brains: openai for Ann, script for Ben, as the scenario says', 'voices: offline, as --tts says', 'room: embedded; daily needs DAILY_API_KEY']);
  });

  test('without any key is refused with the names of all', async () => {
    await expect(choose({ live: true })).rejects.toThrow(/--live finds no key \(put OPENAI_API_KEY, ELEVENLABS_API_KEY or DAILY_API_KEY into \.env\.local/);
  });

  test('tells no key to anybody', async () => {
    expect(JSON.stringify(await choose({ live: true }, { ...OPENAI, ...ELEVENLABS }))).not.toMatch(/sk-1|xi-1/);
  });
});

describe('voices of ElevenLabs', () => {
  const voices = async (agent: string, secrets: Secrets = {}): Promise<readonly string[]> => {
    const { scenario } = (await choose({ tts: 'elevenlabs' }, ELEVENLABS, { text: scenarioText({ agent }) })).of;
    return scenario.agents.map((each, order) => agentSettings(scenario, each, order, secrets).voice);
  };

  test('are those of the roles where the scenario names offline voices', async () => {
    expect(await voices('voice: ross')).toEqual(['21m00Tcm4TlvDq8ikWAM', 'TxGEqnHWrfWFTfGW9XjX']);
    expect(await voices('voice: ross', { SYSTEM_VOICE_ID: 'one', USER_VOICE_ID: 'other' })).toEqual(['one', 'other']);
  });

  test('are those of the scenario where it names them', async () => {
    expect(await voices('voice: { offline: ross, elevenlabs: Rachel }')).toEqual(['21m00Tcm4TlvDq8ikWAM', 'Rachel']);
  });
});
