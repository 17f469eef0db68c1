import { describe, expect, test } from 'vitest';
import { mistakesIn, scenarioText } from '../testing/scenario.ts';
import { parseScenario } from './load.ts';

const filled = (agent: string, { top = '', variables }: { top?: string; variables?: Record<string, string> } = {}) =>
  parseScenario(scenarioText({ agent, top }), 'x.yaml', { variables }).scenario;

describe('which value wins', () => {
  const agent = 'rules: ["{{ city: Linz }}"]';
  const shared = 'variables: { city: Graz }';

  test('the default in the text, when nothing else is there', () => {
    expect(filled(agent).agents[1].rules).toEqual(['Linz']);
  });
  test("the scenario's over the default", () => {
    expect(filled(agent, { top: shared }).agents[1].rules).toEqual(['Graz']);
  });
  test("the agent's over the scenario's", () => {
    expect(filled(`${agent}\nvariables: { city: Wels }`, { top: shared }).agents[1].rules).toEqual(['Wels']);
  });
  test('--var over everything', () => {
    expect(filled(`${agent}\nvariables: { city: Wels }`, { top: shared, variables: { city: 'Steyr' } }).agents[1].rules).toEqual(['Steyr']);
  });
});

test('every text is filled: names, scripts, patterns, answers of tools', () => {
  const scenario = filled(
    `variables: { item: lamp, days: 2 }
script:
  lines: ["A {{ item }}.", { say: ["One {{ item }}", Two], barge_in: { on: "{{ item }}s?" } }]
  answers: [{ on: ["{{ item }}"], say: "Yes, {{ who }}." }]
tools: [{ name: look_up, description: "Finds a {{ item }}.", answer: { text: "{{ days }} {{ item }}s", deep: ["{{ item }}"] } }]`,
    { top: 'description: Call of {{ who }}\nvariables: { who: Rosa }' },
  );
  const [, ben] = scenario.agents;
  expect(scenario.description).toBe('Call of Rosa');
  expect(ben.script?.lines.map(({ say }) => say)).toEqual([['A lamp.'], ['One lamp', 'Two']]);
  expect(ben.script?.lines[1]?.barge_in?.on).toBe('lamps?');
  expect(ben.script?.answers[0]).toMatchObject({ on: ['lamp'], say: ['Yes, Rosa.'] });
  expect(ben.tools[0]).toMatchObject({ description: 'Finds a lamp.', answer: { text: '2 lamps', deep: ['lamp'] } });
});

test('numbers are inserted as they are written, truth values as words', () => {
  expect(filled('rules: ["{{ order }} {{ price }} {{ paid }}"]', { top: 'variables: { order: 0042, price: 1.50, paid: true }' }).agents[1].rules).toEqual(['0042 1.50 true']);
});

test('a variable may be made of others, with the values that hold where it is used', () => {
  const scenario = filled('rules: ["{{ greeting }}"]\nvariables: { name: Rosa }', { top: 'variables: { greeting: "Hi {{ name }}, {{ day: today }}", name: Ann }' });
  expect(scenario.agents[1].rules).toEqual(['Hi Rosa, today']);
});

test('text from --var is inserted as it is', () => {
  expect(filled('rules: ["{{ name }}"]', { variables: { name: '{{ other }}' } }).agents[1].rules).toEqual(['{{ other }}']);
});

test('escaped braces stay as braces', () => {
  expect(filled('rules: ["use \\\\{{ name }}"]').agents[1].rules).toEqual(['use {{ name }}']);
});

test('in a then, the answer of the tool is left for later and everything else is filled', () => {
  const scenario = filled(
    `variables: { name: Rosa }
tools: [{ name: look_up, description: Looks., answer: 1 }]
script: { lines: [{ call: { name: look_up }, then: "{{ name }}, it is {{ result.day: Monday }}, {{ odd }} and \\\\{{ x }}" }] }`,
    { variables: { odd: '{{ result.x }}' } },
  );
  expect(scenario.agents[1].script?.lines[0]?.then).toEqual(['Rosa, it is {{ result.day: Monday }}, \\{{ result.x }} and \\{{ x }}']);
});

describe('mistakes', () => {
  test.each<[string, readonly string[]]>([
    ['rules: ["{{ nobody }}"]', ['9:14: the variable nobody has no value (set it under variables, with --var nobody=..., or as {{ nobody: default }})']],
    ['rules: ["{{ city }} and {{ cty }}"]', ['9:29: the variable cty has no value (did you mean city?)']],
    ['rules: ["{{ result.x }}"]', ['9:14: {{ result.x }} is known only in the then of a script, when the tool has answered']],
    ['rules: ["{{ two words }}"]', ['9:14: "{{ two words }}" is no variable (write {{ name }} or {{ name: default }}, and \\{{ for braces as they are)']],
    ['rules: ["say {{ city"]', ['9:18: "{{" is no variable (write {{ name }} or {{ name: default }}, and \\{{ for braces as they are)']],
    ['rules:\n  - |\n    Live in {{ city }},\n    by {{ rivr }}.', ['12:12: the variable rivr has no value (did you mean river?)']],
    ['variables: { a: "{{ b }}", b: "{{ a }}" }\nrules: ["{{ a }}"]', ['10:13: the variable a is made of itself, in the value of b']],
    ['variables: { a: "x {{ b }}" }\nrules: ["{{ a }}"]', ['10:13: the variable b has no value, in the value of a (set it under variables, with --var b=..., or as {{ b: default }})']],
  ])('%s', (agent, mistakes) => {
    expect(mistakesIn(scenarioText({ agent, top: 'variables: { city: Graz, river: Mur }\n' }))).toEqual(mistakes);
  });

  test('a --var that no text uses is refused with the nearest that one does', () => {
    const text = scenarioText({ agent: 'rules: ["{{ city: Graz }}"]' });
    expect(mistakesIn(text, { variables: { ctiy: 'Wels' } })).toEqual(['--var ctiy: x.yaml uses no variable of this name (did you mean city?)']);
    expect(mistakesIn(text, { recordedVariables: { ctiy: 'Wels' } })).toEqual([]);
    expect(mistakesIn(text, { variables: { constructor: 'Wels' } })).toEqual(['--var constructor: x.yaml uses no variable of this name']);
  });
});
