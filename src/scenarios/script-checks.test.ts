import { describe, expect, test } from 'vitest';
import { mistakesIn, scenarioText } from '../testing/scenario.ts';

const unspeakable = (text: string): string | undefined => text.split(' ').find((word) => /[^\x20-\x7e]/.test(word));

describe('lines and answers', () => {
  test.each<[string, readonly string[]]>([
    ['{ say: Bye., end: true }', ['11:29: end: Ben may not end the conversation (give the agent end_conversation: true)']],
    ['{ say: Bye., end: false }', []],
    ['{ say: Bye., call: { name: end_conversation } }', ['11:38: call: Ben may not end the conversation (give the agent end_conversation: true)']],
    ['{ say: Well., call: { name: look_up }, then: "{{ result }}" }', []],
    ['{ say: Well., call: { name: lookup } }', ['11:39: call: Ben has no tool "lookup" (did you mean look_up?)']],
    ['{ say: Well., call: { name: transfer } }', ['11:39: call: Ben has no tool "transfer" (it has look_up)']],
    ['{ say: Well., then: Done. }', ['11:31: then: there is no call to wait for (then is said when the tool has answered)']],
    ['{ say: Well., barge_in: { on: "(oops" } }', ['11:41: on: "(oops" is no regular expression: unterminated group']],
    ['{ say: Well., barge_in: { on: ["(oops"] } }', []],
  ])('%s', (line, mistakes) => {
    const agent = `tools: [{ name: look_up, description: Looks., answer: 1 }]\nscript:\n  lines:\n    - ${line}`;
    expect(mistakesIn(scenarioText({ agent }))).toEqual(mistakes);
  });

  test('a rule whose pattern does not compile is told, written plainly or between slashes', () => {
    expect(mistakesIn(scenarioText({ agent: 'script: { lines: [Hi], answers: [{ on: "[a-", say: Hi }, { on: "/a{2,1}/", say: Hi }] }' }))).toEqual([
      '8:44: on: "[a-" is no regular expression: unterminated character class',
      '8:68: on: "/a{2,1}/" is no regular expression: numbers out of order in {} quantifier',
    ]);
  });

  test('who goes first may end the call, and whoever is allowed to', () => {
    const text = scenarioText({ agent: 'script: { lines: [{ say: Bye., end: true }] }' });
    expect(mistakesIn(text.replace('prompt: Answer.', 'prompt: Answer.\n    goes_first: true'))).toEqual([]);
    expect(mistakesIn(text.replace('prompt: Answer.', 'prompt: Answer.\n    end_conversation: true'))).toEqual([]);
    expect(mistakesIn(text.replace('prompt: Greet.', 'prompt: Greet.\n    goes_first: false'))).toEqual([]);
  });
});

test('every text that is spoken must be speakable, and no other', () => {
  const agent = `rules: [Grüß freundlich]
backchannel: { every: 3s, words: [mm-hm, öh] }
tools: [{ name: look_up, description: Sucht überall., answer: übermorgen }]
script:
  lines:
    - Tschüs
    - { say: [Hi, "Grüezi"], call: { name: look_up }, then: "Für {{ result.name }}", aside: { every: 3s, words: ["Psst, Jörg"] } }
  answers: [{ on: ü, say: [Hi] }]
  unheard: Wie bitte, hä
  otherwise: [Adiós]`;
  expect(mistakesIn(scenarioText({ agent }), { unspeakable })).toEqual([
    '9:46: words: the offline voice cannot speak "öh"',
    '13:11: say: the offline voice cannot speak "Tschüs"',
    '14:23: say: the offline voice cannot speak "Grüezi"',
    '14:65: then: the offline voice cannot speak "Für", in "Für {{ result.name }}"',
    '14:118: words: the offline voice cannot speak "Jörg", in "Psst, Jörg"',
    '16:16: unheard: the offline voice cannot speak "hä", in "Wie bitte, hä"',
    '17:19: otherwise: the offline voice cannot speak "Adiós"',
  ]);
});

describe('tools', () => {
  test.each<[string, readonly string[]]>([
    ['answer: 1, answers: [{ when: {}, answer: 2 }]', ['answers: there is an answer already (give answer, answers or error)']],
    ['answer: 1, error: down', ['answer: a tool that fails with error has no answer (give answer, answers or error)']],
    ['error: down, answers: [{ when: {}, answer: 2 }]', ['answers: a tool that fails with error has no answers (give answer, answers or error)']],
    ['answers: [{ when: { id: 1 } }]', ['answers: an entry needs either answer or error']],
    ['answers: [{ when: { id: 1 }, answer: 1, error: down }]', ['answers: an entry needs either answer or error']],
    ['answers: [{ when: { id: 1 }, error: down }]', []],
  ])('%s', (answers, mistakes) => {
    const found = mistakesIn(scenarioText({ agent: `tools: [{ name: look_up, description: Looks., ${answers} }]` }));
    expect(found.map((line) => line.replace(/^\d+:\d+: /, ''))).toEqual(mistakes);
  });

  test('two of one name, and the one that is built in, are refused', () => {
    const tool = (name: string): string => `{ name: ${name}, description: Does., answer: 1 }`;
    expect(mistakesIn(scenarioText({ agent: `tools: [${tool('look_up')}, ${tool('look_up')}, ${tool('end_conversation')}]` }))).toEqual([
      '9:71: name: Ben has two tools called "look_up"',
      '9:121: name: end_conversation is built in (give the agent end_conversation: true instead)',
    ]);
  });
});
