import { expect, test } from 'vitest';
import { readValues } from './read-values.ts';

const environment = { kind: 'environment', env: { OPENAI_API_KEY: 'sk-planted', EMPTY: '' } } as const;
const file = { kind: 'file', from: '.env', text: 'OPENAI_API_KEY="sk planted"\nDAILY_API_KEY=d\nPCC_PRIVATE_KEY=p\nEMPTY=\n' } as const;

test('values come from the environment, a file or stdin', () => {
  expect([...readValues(['OPENAI_API_KEY'], environment).values]).toEqual([['OPENAI_API_KEY', 'sk-planted']]);
  expect([...readValues(['DAILY_API_KEY'], file).values]).toEqual([['DAILY_API_KEY', 'd']]);
  expect([...readValues(['A'], { kind: 'value', text: ' two\nlines \n' }).values]).toEqual([['A', ' two\nlines ']]);
});

test('a whole file goes without what is empty and without the keys of the account', () => {
  const { values, warnings } = readValues([], file);
  expect(Object.fromEntries(values)).toEqual({ OPENAI_API_KEY: 'sk planted', DAILY_API_KEY: 'd' });
  expect(warnings).toEqual([]);
});

test('names that Pipecat Cloud uses itself, and keys of the account, are warned of', () => {
  expect(readValues(['PORT', 'PCC_PRIVATE_KEY', 'A'], { kind: 'file', from: 'f', text: 'PORT=1\nPCC_PRIVATE_KEY=p\nA=b' }).warnings).toEqual([
    'PORT is a name that Pipecat Cloud uses itself; an agent may not see this value, or not start',
    'PCC_PRIVATE_KEY opens the whole account; an agent does not need it',
  ]);
});

test.each([
  [['OPENAI_API_KEY=sk-planted', 'A=b'], environment, 2, /^the value of OPENAI_API_KEY does not belong on the command line/],
  [['NONE', 'EMPTY', 'bad name'], environment, 3, /^the environment holds no NONE\nthe environment holds an empty EMPTY\n"bad name" is no name for a secret/],
  [['OPENAI_KEY'], file, 1, /^\.env holds no OPENAI_KEY \(did you mean OPENAI_API_KEY\?\)$/],
  [[], environment, 1, /^no secret is named/],
  [['A', 'B'], { kind: 'value', text: 'x' }, 1, /^--stdin gives one value/],
  [['A'], { kind: 'value', text: '\n' }, 1, /^stdin holds an empty A$/],
  [[], { kind: 'file', from: 'stdin', text: '# nothing\n' }, 1, /^stdin holds no NAME=value line that can be used$/],
] as const)('%j is refused with every mistake and no value', (names, source, count, words) => {
  let message = '';
  try {
    readValues(names, source);
  } catch (error) {
    ({ message } = error as Error);
  }
  expect(message).toMatch(words);
  expect(message.split('\n')).toHaveLength(count);
  expect(message).not.toContain('planted');
});
