import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine } from '../testing/command-line.ts';
import { scenarioText } from '../testing/scenario.ts';
import { registerValidate } from './validate.ts';

let folder = '';
const path = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bottalk-validate-'));
  await writeFile(path('good.yaml'), scenarioText());
  await writeFile(path('bad.yaml'), scenarioText({ agent: 'voice: clra', top: 'max_turns: 0\n' }));
  await writeFile(path('open.yml'), scenarioText({ agent: 'rules: ["{{ who }}"]' }));
});
afterAll(() => rm(folder, { recursive: true }));

test('each file is a line, and every mistake of all files is told at the end', async () => {
  const { output, error } = await commandLine(registerValidate, 'validate', folder);
  expect(output.split('\n')).toEqual([`bad  ${path('bad.yaml')}  2 mistakes`, `ok   ${path('good.yaml')}  Test`, `bad  ${path('open.yml')}  1 mistake`, '']);
  expect(error).toMatchObject({
    name: 'UsageError',
    message: [
      `${path('bad.yaml')}:9:12: voice: expected clara, ross, angus or otto, got "clra" (did you mean clara?)`,
      `${path('bad.yaml')}:10:12: max_turns: expected a whole number of at least 1, got 0`,
      `${path('open.yml')}:9:14: the variable who has no value (set it under variables, with --var who=..., or as {{ who: default }})`,
    ].join('\n'),
  });
});

test('files that are fine end without an error', async () => {
  expect(await commandLine(registerValidate, 'validate', path('good.yaml'))).toEqual({ errors: '', output: `ok   ${path('good.yaml')}  Test\n`, error: undefined });
});

test('what a matrix makes of a file is checked, too', async () => {
  const file = path('matrix.txt');
  await writeFile(file, scenarioText({ top: 'matrix: { max_turns: [3, none], variables.who: [Rosa] }\n' }));
  expect((await commandLine(registerValidate, 'validate', file)).error).toMatchObject({
    message: [
      `${file}:9:26: max_turns: expected a whole number of at least 1, got "none"`,
      `${file}:9:33: matrix: "variables.who" sets a variable that no text uses`,
    ].join('\n'),
  });
});

test('a variable that a file leaves open can be given', async () => {
  expect((await commandLine(registerValidate, 'validate', path('open.yml'), '--var', 'who=Rosa')).error).toBeUndefined();
  expect((await commandLine(registerValidate, 'validate', path('open.yml'), '--var', 'who')).error).toMatchObject({ code: 'commander.invalidArgument' });
});

test('a variable that is given may be asked for by some of the files, but has to be by one', async () => {
  const files = [path('good.yaml'), path('open.yml')];
  expect((await commandLine(registerValidate, 'validate', ...files, '--var', 'who=Rosa')).error).toBeUndefined();
  const { error } = await commandLine(registerValidate, 'validate', ...files, '--var', 'who=Rosa', '--var', 'wo=Rosa');
  expect(error).toMatchObject({ message: '--var wo: none of 2 scenarios uses a variable of this name (did you mean who?)' });
});

test('as JSON every mistake has its line and column', async () => {
  const { output, error } = await commandLine(registerValidate, 'validate', path('bad.yaml'), path('good.yaml'), '--json');
  expect(JSON.parse(output)).toEqual({
    valid: false,
    files: [
      {
        file: path('bad.yaml'),
        valid: false,
        mistakes: [
          { message: 'voice: expected clara, ross, angus or otto, got "clra"', hint: 'did you mean clara?', line: 9, column: 12 },
          { message: 'max_turns: expected a whole number of at least 1, got 0', line: 10, column: 12 },
        ],
      },
      { file: path('good.yaml'), valid: true, title: 'Test', mistakes: [] },
    ],
  });
  expect(error).toMatchObject({ name: 'UsageError' });
});
