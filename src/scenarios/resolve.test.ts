import { describe, expect, test } from 'vitest';
import { scenarioText } from '../testing/scenario.ts';
import { parseScenario, type ScenarioOptions } from './load.ts';

const DEFAULTS = ['slt', 'rms'] as const;

function resolved(changes: { first?: string; second?: string; top?: string }, options: ScenarioOptions = {}) {
  const text = scenarioText({ agent: changes.second ?? '', top: changes.top ?? '' });
  return parseScenario(changes.first === undefined ? text : text.replace('    prompt: Greet.\n', `    prompt: Greet.\n    ${changes.first}\n`), 'x.yaml', options);
}

describe('who goes first', () => {
  test.each<[string | undefined, string | undefined, readonly boolean[]]>([
    [undefined, undefined, [true, false]],
    ['goes_first: true', undefined, [true, false]],
    [undefined, 'goes_first: true', [false, true]],
    ['goes_first: false', undefined, [false, true]],
    [undefined, 'goes_first: false', [true, false]],
    ['goes_first: false', 'goes_first: true', [false, true]],
  ])('%s beside %s', (first, second, expected) => {
    const { agents } = resolved({ ...(first !== undefined && { first }), ...(second !== undefined && { second }) }).scenario;
    expect(agents.map((agent) => agent.goes_first)).toEqual(expected);
    expect(agents.map((agent) => agent.end_conversation)).toEqual(expected);
  });
});

test('the first is the system unless somebody says otherwise', () => {
  const roles = (changes: Parameters<typeof resolved>[0]): readonly string[] => resolved(changes).scenario.agents.map(({ role }) => role);
  expect(roles({})).toEqual(['system', 'user']);
  expect(roles({ second: 'role: system' })).toEqual(['user', 'system']);
  expect(roles({ first: 'role: user' })).toEqual(['user', 'system']);
});

describe('voices', () => {
  test.each<[string | undefined, string | undefined, readonly unknown[]]>([
    [undefined, undefined, ['slt', 'rms']],
    ['voice: rms', undefined, ['rms', 'slt']],
    [undefined, 'voice: slt', ['rms', 'slt']],
    [undefined, 'voice: awb', ['slt', 'awb']],
    ['voice: slt', 'voice: slt', ['slt', 'slt']],
    ['voice: { elevenlabs: Rachel }', 'voice: { offline: slt }', [{ elevenlabs: 'Rachel', offline: 'rms' }, { offline: 'slt' }]],
  ])('%s beside %s', (first, second, expected) => {
    const { agents } = resolved({ ...(first !== undefined && { first }), ...(second !== undefined && { second }) }, { defaultVoices: DEFAULTS }).scenario;
    expect(agents.map(({ voice }) => voice)).toEqual(expected);
  });
});

test('turn settings of an agent win key by key over those of the scenario', () => {
  const { agents } = resolved({ second: 'turn: { min_words: 3 }', top: 'turn: { profile: responsive, stop_secs: 2 }\n' }).scenario;
  expect(agents[0].turn).toEqual({ profile: 'responsive', min_words: 0, stop_secs: 2 });
  expect(agents[1].turn).toEqual({ profile: 'responsive', min_words: 3, stop_secs: 2 });
  expect(resolved({}).scenario.agents[0].turn).toEqual({ profile: 'compat', min_words: 0 });
});

test('seed and turns come from the file unless the command line says otherwise', () => {
  const top = 'seed: 5\nmax_turns: 3\n';
  expect(resolved({ top })).toMatchObject({ seed: 5, file: 'x.yaml', scenario: { seed: 5, max_turns: 3 } });
  expect(resolved({ top }, { seed: 7, maxTurns: 2 })).toMatchObject({ seed: 7, scenario: { seed: 7, max_turns: 2 } });
  expect(() => resolved({}, { seed: -1, maxTurns: 0 })).toThrow(
    '--max-turns: expected a whole number of at least 1, got 0\n--seed: expected a whole number from 0 to 4294967295, got -1',
  );
});

test('a resolved scenario is plain JSON, without variables left', () => {
  const { scenario } = resolved({ second: 'rules: ["{{ city }}"]\nvariables: { city: Graz }', top: 'max_duration: 2m\nvariables: { city: Linz }\n' });
  expect(JSON.parse(JSON.stringify(scenario))).toEqual(scenario);
  expect(JSON.stringify(scenario)).not.toContain('variables');
  expect(scenario).toMatchObject({ max_duration: 120, inactivity: 15, max_turns: 20, started_at: '2026-01-05T09:00:00Z' });
});

test('what is said over several lines of the file is one line', () => {
  const { scenario } = resolved({ second: 'script:\n  lines:\n    - |\n      Hi there,\n      this is Ben.\n' });
  expect(scenario.agents[1].script?.lines[0]?.say).toEqual(['Hi there, this is Ben.']);
});
