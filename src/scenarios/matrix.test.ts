import { describe, expect, test } from 'vitest';
import { parseScenario, parseScenarios } from './load.ts';

const FILE = `title: A call
agents:
  - { name: Sarah, prompt: "Be {{ mood: kind }}.", voice: clara, script: { lines: [Hello.] } }
  - { name: Mike, prompt: Listen., voice: ross, script: { lines: [Hello.] } }
matrix:
`;
const cases = (matrix: string) => parseScenarios(FILE + matrix, 'call.yaml');

describe('a matrix', () => {
  test('makes the product of its values into cases, each with what is different in it', () => {
    const made = cases('  variables.mood: [calm, angry]\n  agents.Mike.voice: [ross, angus]\n');
    expect(made.map(({ variant }) => variant)).toEqual([
      { 'variables.mood': 'calm', 'agents.Mike.voice': 'ross' },
      { 'variables.mood': 'calm', 'agents.Mike.voice': 'angus' },
      { 'variables.mood': 'angry', 'agents.Mike.voice': 'ross' },
      { 'variables.mood': 'angry', 'agents.Mike.voice': 'angus' },
    ]);
    expect(made.map(({ scenario: { agents } }) => `${agents[0].prompt} ${String(agents[1].voice)}`)).toEqual(['Be calm. ross', 'Be calm. angus', 'Be angry. ross', 'Be angry. angus']);
  });

  test('knows its values by what a line can show of them', () => {
    expect(cases('  variables.mood: ["calm,\\nthen \\e[31mangry", calm]\n').map(({ variant }) => variant)).toEqual([{ 'variables.mood': 'calm, then [31mangry' }, { 'variables.mood': 'calm' }]);
  });

  test('sets keys that the file does not have', () => {
    expect(cases('  turn.stop_secs: [0.4, 0.8]\n').map(({ scenario }) => scenario.agents[0].turn.stop_secs)).toEqual([0.4, 0.8]);
  });

  test('finds agents and variables whose names hold dots', () => {
    const made = parseScenarios(`${FILE.replace('name: Sarah', 'name: Dr. Lee').replaceAll('mood', 'a.mood')}  agents.Dr. Lee.voice: [angus]\n  variables.a.mood: [calm]\n`, 'call.yaml');
    expect(made.map(({ scenario: { agents } }) => [agents[0].voice, agents[0].prompt])).toEqual([['angus', 'Be calm.']]);
  });

  test('is no part of the scenario, and is set aside where one case is wanted', () => {
    const { scenario, variant } = parseScenario(`${FILE}  variables.mood: [calm]\n`, 'call.yaml');
    expect(variant).toBeUndefined();
    expect(scenario).not.toHaveProperty('matrix');
    expect(scenario.agents[0].prompt).toBe('Be kind.');
  });

  test('may set a variable that only some of its cases use, and so may --var', () => {
    const matrix = '  agents.Mike.prompt: ["Be {{ tone }}.", Listen.]\n  variables.tone: [calm]\n';
    expect(cases(matrix)).toHaveLength(2);
    expect(parseScenarios(FILE + matrix.split('  variables')[0], 'call.yaml', { variables: { tone: 'calm' } })).toHaveLength(2);
  });

  test.each([
    ['  variables.mood: []\n', 'call.yaml:6:19: matrix: variables.mood needs a list of values'],
    ['  variables.mood: calm\n', 'call.yaml:6:19: matrix: variables.mood needs a list of values'],
    ['  variables.mood: [1, calm, "1"]\n', 'call.yaml:6:29: matrix: variables.mood has "1" twice (keep one of them)'],
    ['  agents.Sara.voice: [ross]\n', 'call.yaml:6:3: matrix: "agents.Sara.voice" names nothing in agents (did you mean Sarah?)'],
    ['  turn.stop_secs: [0.4, soon]\n', 'call.yaml:6:25: stop_secs: expected a number from 0 to 20, got "soon"'],
    ['  variables.moods: [calm]\n', 'call.yaml:6:3: matrix: "variables.moods" sets a variable that no text uses (did you mean mood?)'],
    ['  agents.Sarah.variables.tone: [calm]\n', 'call.yaml:6:3: matrix: "agents.Sarah.variables.tone" sets a variable that no text uses'],
    ['  turns.stop_secs: [0.4]\n', 'call.yaml:6:3: unknown key "turns" (did you mean turn?)'],
  ])('%j is refused at its place', (matrix, message) => {
    expect(() => cases(matrix)).toThrow(message);
  });

  test('of more combinations than anybody means is refused', () => {
    const many = JSON.stringify(Array.from({ length: 40 }, (_, i) => `m${i}`));
    expect(() => cases(`  variables.mood: ${many}\n  variables.other: ${many}\n`)).toThrow('more than 1000 combinations');
  });
});
