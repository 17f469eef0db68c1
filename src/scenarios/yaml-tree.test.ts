import { expect, test } from 'vitest';
import { mistakesIn, scenarioText } from '../testing/scenario.ts';
import { parseScenario } from './load.ts';

const EMPTY = ['1:1: the file is empty (`bottalk init` writes a scenario to start from)'];

test.each<[string, string, readonly string[]]>([
  ['an empty file', '', EMPTY],
  ['a file of comments', '# nothing yet\n', EMPTY],
  ['a file of one dash line', '---\n', EMPTY],
  ['a list', '- a\n- b\n', ['1:1: expected a mapping with title and agents, got a list of 2']],
  ['a sentence', 'hello there', ['1:1: expected a mapping with title and agents, got "hello there"']],
  ['an open quote', 'title: "Sales\n', ['2:1: not valid YAML: missing closing "quote']],
  ['an open bracket', 'title: T\ntags: [a, b\nagents: 1\n', ['3:1: not valid YAML: flow sequence in block collection must be sufficiently indented and end with a ]']],
  ['a colon in a text', 'title: Sales: the call\n', ['1:8: not valid YAML: nested mappings are not allowed in compact mappings (put a text that holds ": " in quotes)']],
  ['a tab', 'turn:\n\tprofile: compat\n', ['2:1: not valid YAML: tabs are not allowed as indentation (indent with spaces)']],
  ['a backtick', 'title: `T`\n', ['1:8: not valid YAML: plain value cannot start with reserved character ` (put the text in quotes)']],
  ['a variable that begins a text', 'title: {{ who }} calls\n', ['1:18: not valid YAML: unexpected scalar at node end (a text that begins with {{ needs quotes: "{{ name }} ...")']],
  ['a tag', 'title: !secret T\n', ['1:8: not valid YAML: unresolved tag: !secret']],
  ['two broken lines', 'title: `T`\ntopic: @x\n', ['1:8: not valid YAML: plain value cannot start with reserved character ` (put the text in quotes)', '2:8: not valid YAML: plain value cannot start with reserved character @ (put the text in quotes)']],
])('%s is refused in a clear line', (_, text, mistakes) => {
  expect(mistakesIn(text)).toEqual(mistakes);
});

test.each<[string, string, readonly string[]]>([
  ['a key given twice', 'title: Again\n', ['9:1: the key "title" is here twice (keep one of them)']],
  ['a second scenario', '---\ntitle: Two\n', ['9:1: a second document begins here (one file holds one scenario)']],
  ['an alias without anchor', 'topic: *who\n', ['9:8: *who has no anchor &who before it']],
  ['an anchor inside itself', 'tags: &all [*all]\n', ['9:13: *all stands inside its own anchor']],
  ['a list as a key', '? [a]\n: b\n', ['9:3: expected a plain key']],
  ['a variable without quotes', 'topic: {{ name: Rosa }}\n', ['9:8: a text that begins with {{ needs quotes (write "{{ name }} ...")']],
])('%s is a mistake at its place, and the rest is still read', (_, top, mistakes) => {
  expect(mistakesIn(scenarioText({ top }))).toEqual(mistakes);
});

test('of what is no YAML at all only the first lines are told', () => {
  const mistakes = mistakesIn('\t- a: b: c\n'.repeat(8));
  expect(mistakes.slice(0, -1).map((mistake) => mistake.replace(/:\d+: not valid YAML: .*/, ''))).toEqual(['1', '2', '3', '4', '5']);
  expect(mistakes.at(-1)).toBe('6:1: not valid YAML from here on, in 3 more lines (mend the first ones first)');
});

test('aliases that multiply are stopped', () => {
  const lists = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
  for (const [name, inner] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf']) lists.push(`${name}: &${name} [${Array(10).fill(`*${inner}`).join(', ')}]`);
  expect(mistakesIn(lists.join('\n'))).toContainEqual(expect.stringContaining('more than 100000 values once aliases are followed'));
});

test('an alias stands for what its anchor holds', () => {
  const { scenario } = parseScenario(scenarioText({ top: 'topic: &same Prices\ndescription: *same\n' }), 'x.yaml');
  expect(scenario.description).toBe('Prices');
});

test('places are right after a byte order mark and with Windows line ends', () => {
  const text = `\uFEFF${scenarioText({ top: 'max_turns: 0\n' })}`.replaceAll('\n', '\r\n');
  expect(mistakesIn(text)).toEqual(['9:12: max_turns: expected a whole number of at least 1, got 0']);
});
