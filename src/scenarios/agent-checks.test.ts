import { expect, test } from 'vitest';
import { mistakesIn, scenarioText } from '../testing/scenario.ts';

const VOICES = ['slt', 'rms', 'awb'];

test('the two agents need two names, whatever their case', () => {
  expect(mistakesIn(scenarioText().replace('Ben', 'ANN'))).toEqual(['6:11: name: both agents are called "Ann" (they know each other by name)']);
});

test.each<[string, string, readonly string[]]>([
  ['goes_first: true', 'goes_first: true', ['10:17: goes_first: both agents go first (say goes_first: true for one of them)']],
  ['goes_first: false', 'goes_first: false', ['10:17: goes_first: neither agent goes first (say goes_first: true for one of them)']],
  ['role: system', 'role: system', ['10:11: role: both agents are system (system is the agent under test, user the one that simulates a caller)']],
  ['role: user', 'role: user', ['10:11: role: both agents are user (system is the agent under test, user the one that simulates a caller)']],
  ['goes_first: true', 'goes_first: false', []],
  ['goes_first: false', 'role: system', []],
])('%s beside %s', (first, second, mistakes) => {
  expect(mistakesIn(scenarioText({ agent: second }).replace('    prompt: Greet.\n', `    prompt: Greet.\n    ${first}\n`))).toEqual(mistakes);
});

test.each<[string, readonly string[]]>([
  ['voice: rms', []],
  ['voice: RMZ', ['9:12: voice: expected slt, rms or awb, got "RMZ" (did you mean rms?)']],
  ['voice: { offline: robot }', ['9:23: voice: expected slt, rms or awb, got "robot"']],
  ['voice: { elevenlabs: Rachel }', []],
  ['voice: { elevenlabs: Rachel, offline: slt }', []],
])('%s', (agent, mistakes) => {
  expect(mistakesIn(scenarioText({ agent }), { voices: VOICES })).toEqual(mistakes);
});

test('the offline brain needs a script', () => {
  expect(mistakesIn(scenarioText().replace('    script: { lines: [Hi.] }\n', ''))).toEqual(['6:5: Ben has no script (the offline brain says what script.lines hold)']);
});
