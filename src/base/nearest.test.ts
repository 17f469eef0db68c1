import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

const KEYS = ['name', 'goes_first', 'prompt', 'title', 'allow_interruptions', 'max_turns', 'say'];

test.each([
  ['goes_frist', 'goes_first'],
  ['goesFirst', 'goes_first'],
  ['Max-Turns', 'max_turns'],
  ['nmae', 'name'],
  ['nam', 'name'],
  ['tilte', 'title'],
  ['sya', 'say'],
  ['system_prompt', 'prompt'],
  ['interruptions', 'allow_interruptions'],
])('%s stands for %s', (word, key) => {
  expect(nearest(word, KEYS)).toBe(key);
});

test.each(['colour', 'x', '', 'list', 'voice_speed'])('%s stands for nothing known', (word) => {
  expect(nearest(word, KEYS)).toBeUndefined();
});

test('without candidates there is no guess', () => {
  expect(nearest('name', [])).toBeUndefined();
});
