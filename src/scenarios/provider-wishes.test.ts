import { describe, expect, test } from 'vitest';
import { mistakesIn, scenarioText } from '../testing/scenario.ts';
import { parseScenario, type ScenarioOptions } from './load.ts';
import type { ProviderWishes } from './provider-wishes.ts';

const OFFLINE = {
  voices: ['clara', 'ross'],
  defaultVoices: ['clara', 'ross'],
  unspeakable: (text: string) => /[^\x20-\x7e]+/.exec(text)?.[0],
} as const satisfies ScenarioOptions;

const second = (agent: string, providers: ProviderWishes) => parseScenario(scenarioText({ agent }), 'x.yaml', { ...OFFLINE, providers }).scenario.agents[1];

describe('a provider that is always wanted', () => {
  test('takes the place of what the file says, for both agents, and leaves the rest of it', () => {
    const { scenario } = parseScenario(scenarioText({ agent: 'llm: { provider: script, model: gpt-4o-mini }' }), 'x.yaml', { providers: { always: { llm: 'openai' } } });
    expect(scenario.agents.map(({ llm }) => [llm.provider, llm.model])).toEqual([['openai', undefined], ['openai', 'gpt-4o-mini']]);
  });

  test('is refused at its place if the scenario cannot have it', () => {
    const text = scenarioText().replace('    script: { lines: [Hi.] }\n', '    llm: { provider: openai }\n');
    expect(mistakesIn(text)).toEqual([]);
    expect(mistakesIn(text, { providers: { always: { llm: 'script' } } })).toEqual(['6:5: Ben has no script (the offline brain says what script.lines hold)']);
    expect(mistakesIn(scenarioText(), { providers: { always: { room: 'moon' } } })).toEqual([expect.stringContaining('kind: expected')]);
  });

  test('does not hide that the file is wrong', () => {
    expect(mistakesIn(scenarioText({ agent: 'tts: loud' }), { providers: { always: { tts: 'elevenlabs' } } })).toEqual([expect.stringContaining('tts: expected a mapping')]);
  });
});

describe('a provider where the file does not say', () => {
  test('is not taken where it does', () => {
    const { scenario } = parseScenario(scenarioText({ agent: 'llm: { provider: script }' }), 'x.yaml', { providers: { unsaid: { llm: 'openai', tts: 'elevenlabs' } } });
    expect(scenario.agents.map(({ llm, tts }) => `${llm.provider} ${tts.provider}`)).toEqual(['openai elevenlabs', 'script elevenlabs']);
  });

  test('gives way to the one that is always wanted', () => {
    expect(second('', { always: { tts: 'offline' }, unsaid: { tts: 'elevenlabs' } }).tts.provider).toBe('offline');
  });
});

test.each<[string, ProviderWishes, unknown]>([
  ['', {}, undefined],
  ['', { always: { llm: 'script', room: 'embedded' }, unsaid: {} }, undefined],
  ['', { always: { llm: 'openai' }, unsaid: { tts: 'elevenlabs', room: 'daily' } }, { llm: 'openai', tts: 'elevenlabs', room: 'daily' }],
  ['llm: { provider: openai }', { always: { llm: 'openai', transcription: 'elevenlabs' } }, { llm: 'openai', transcription: 'elevenlabs' }],
  ['llm: { provider: script }', { unsaid: { llm: 'openai' } }, undefined],
])('of an agent with %j and %j a case remembers that %j were chosen in the place of what the file has', (agent, providers, chosen) => {
  expect(parseScenario(scenarioText({ agent }), 'x.yaml', { ...OFFLINE, providers }).chosen).toEqual(chosen);
});

describe('the voice, when another provider speaks than the file says', () => {
  const elevenlabs = { always: { tts: 'elevenlabs' } };
  test.each<[string, ProviderWishes, unknown]>([
    ['voice: clara', elevenlabs, { offline: 'clara' }],
    ['voice: EXAVITQu4vr4xnSDxMaL', elevenlabs, 'EXAVITQu4vr4xnSDxMaL'],
    ['voice: { offline: ross, elevenlabs: Rachel }', elevenlabs, { offline: 'ross', elevenlabs: 'Rachel' }],
    ['voice: Rachel\ntts: { provider: elevenlabs }', elevenlabs, 'Rachel'],
    ['voice: Rachel\ntts: { provider: elevenlabs }', { always: { tts: 'offline' } }, { elevenlabs: 'Rachel', offline: 'ross' }],
  ])('%j with %j', (agent, wishes, voice) => {
    expect(second(agent, wishes).voice).toEqual(voice);
  });
});

describe('what is checked follows the provider', () => {
  const script = 'script: { lines: ["Привет."] }';
  test('only the offline voice has to be able to speak the script, and to have the voice', () => {
    expect(mistakesIn(scenarioText({ agent: script }), OFFLINE)).toEqual(['8:23: say: the offline voice cannot speak "Привет", in "Привет."']);
    expect(mistakesIn(scenarioText({ agent: script }), { ...OFFLINE, providers: { always: { tts: 'elevenlabs' } } })).toEqual([]);
    const spoken = `tts: { provider: elevenlabs }\n${script}`;
    expect(mistakesIn(scenarioText({ agent: spoken }), OFFLINE)).toEqual([]);
    expect(mistakesIn(scenarioText({ agent: spoken }), { ...OFFLINE, providers: { always: { tts: 'offline' } } })).toHaveLength(1);
  });
});
