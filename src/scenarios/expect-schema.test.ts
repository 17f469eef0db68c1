import { describe, expect, test } from 'vitest';
import { parseScenario } from '../scenarios/load.ts';
import { mistakesIn, scenarioText } from '../testing/scenario.ts';

const expecting = (item: string): string => scenarioText({ top: `expect: [${item}]\n` });

describe('an expectation of meaning', () => {
  test('is a criterion, asked once unless more votes are wanted', () => {
    const { scenario } = parseScenario(expecting('{ judge: "Ann  is kind.", severity: should }, { judge: Ben is rude, votes: 3 }'), 'x.yaml');
    expect(scenario.expect).toEqual([
      { kind: 'criterion', criterion: 'Ann is kind.', votes: 1, severity: 'should', line: 9 },
      { kind: 'criterion', criterion: 'Ben is rude', votes: 3, severity: 'must', line: 9 },
    ]);
    expect(scenario.judge).toBeUndefined();
  });

  test('or the least that KPIs may be', () => {
    const { scenario } = parseScenario(expecting('{ kpis: { discovery: 60, nextSteps: 50 } }'), 'x.yaml');
    expect(scenario.expect).toEqual([{ kind: 'kpis', atLeast: { discovery: 60, nextSteps: 50 }, severity: 'must', line: 9 }]);
  });

  test('has its judge described at the top of the file', () => {
    const { scenario } = parseScenario(scenarioText({ top: 'judge: { base_url: "http://localhost:11434/v1", model: small }\n' }), 'x.yaml');
    expect(scenario.judge).toEqual({ base_url: 'http://localhost:11434/v1', model: 'small', role_check: true });
  });

  test.each<[string, readonly string[]]>([
    ['{ matches: "(oops" }', ['9:21: matches: "(oops" is no regular expression: unterminated group']],
    ['{ judge: "" }', ['9:19: judge: must not be empty']],
    ['{ judge: 5 }', ['9:19: judge: expected text, got 5 (put it in quotes: "5")']],
    ['{ judge: Ann is kind, votes: 2 }', ['9:39: votes: expected an odd number, so that there is a majority, got 2']],
    ['{ judge: Ann is kind, votes: 11 }', ['9:39: votes: expected a whole number from 1 to 9, got 11']],
    ['{ judge: Ann is kind, votes: many }', ['9:39: votes: expected a whole number from 1 to 9, got "many"']],
    ['{ contains: kind, votes: 3 }', ['9:35: votes: says nothing beside contains']],
    ['{ judge: Ann is kind, by: Ann }', ['9:36: by: says nothing beside judge']],
    ['{ judge: Ann is kind, contains: kind }', ['9:10: expect, entry 1: one expectation each: contains and judge need two']],
    ['{ kpis: {} }', ['9:18: kpis: expected at least one of discovery, objectionHandling, valueArticulation, turnTaking, responseRelevance, nextSteps, got an empty mapping']],
    ['{ kpis: { discovry: 60 } }', ['9:20: unknown key "discovry" (did you mean discovery?)']],
    ['{ kpis: { discovery: 101 } }', ['9:31: discovery: expected a number from 0 to 100, got 101']],
    ['{ kpis: { discovery: good } }', ['9:31: discovery: expected a number from 0 to 100, got "good"']],
  ])('%s', (item, mistakes) => {
    expect(mistakesIn(expecting(item))).toEqual(mistakes);
  });

  test.each<[string, readonly string[]]>([
    ['judge: gpt-4o', ['9:8: judge: expected a mapping, got "gpt-4o"']],
    ['judge: { base_url: localhost }', ['9:20: base_url: expected an http or https address, got "localhost"']],
    ['judge: { modl: x }', ['9:10: unknown key "modl" (did you mean model?)']],
  ])('%s', (top, mistakes) => {
    expect(mistakesIn(scenarioText({ top: `${top}\n` }))).toEqual(mistakes);
  });
});

test.each<[string, string]>([
  ['{ contains: "?!" }', '9:22: contains: expected a word: punctuation alone is never heard, got "?!"'],
  ['{ not_contains: [refund, "%"] }', '9:35: not_contains, entry 2: expected a word: punctuation alone is never heard, got "%"'],
  ['{ contains: [refund, ""] }', '9:31: contains, entry 2: must not be empty'],
  ['{ in_order: [hello] }', '9:22: in_order: expected two phrases or more, got a list of 1'],
  ['{ in_order: [hello, "..."] }', '9:30: in_order, entry 2: expected a word: punctuation alone is never heard, got "..."'],
])('%s could not fail, or never hold', (item, mistake) => {
  expect(mistakesIn(expecting(item))).toEqual([mistake]);
});

test('one expectation that is refused hides no mistake in another', () => {
  expect(mistakesIn(expecting('{ contains: kind, votes: 3 }, { contains: kind, by: Anna }, { tool_called: look }'))).toEqual([
    '9:35: votes: says nothing beside contains',
    '9:40: expect: there is no agent "Anna" (did you mean Ann?)',
    '9:70: expect: no agent has a tool "look"',
  ]);
});
