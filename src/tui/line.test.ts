import { expect, test } from 'vitest';
import { fitted, justified, type Line, lineColumns, wrapped } from './line.ts';

const textOf = (line: Line): string => line.map(({ text }) => text).join('');

test('a fitted line has exactly the columns it was given', () => {
  expect(textOf(fitted([{ text: 'ab' }], 4, '…'))).toBe('ab  ');
  expect(textOf(fitted([{ text: 'abc' }, { text: 'def' }], 5, '…'))).toBe('abcd…');
  expect(textOf(fitted([{ text: 'abc' }, { text: 'def' }], 3, '…'))).toBe('ab…');
  expect(textOf(fitted([{ text: 'abc' }, { text: '' }], 3, '…'))).toBe('abc');
  expect(lineColumns(fitted([{ text: '日本語' }], 4, '…'))).toBe(4);
});

test('the left end gives way to the right end', () => {
  expect(textOf(justified([{ text: 'left' }], [{ text: 'right' }], 12, '…'))).toBe('left   right');
  expect(textOf(justified([{ text: 'a long left' }], [{ text: 'right' }], 12, '…'))).toBe('a lon… right');
  expect(textOf(justified([{ text: 'left' }], [{ text: 'too long a right' }], 8, '…'))).toBe('left    ');
});

test('words move to the next line whole, with their style', () => {
  const lines = wrapped([{ text: 'one two', dim: true }, { text: ' thr' }, { text: 'ee', bold: true }, { text: ' four' }], 8);
  expect(lines.map(textOf)).toEqual(['one two', 'three', 'four']);
  expect(lines[1]).toContainEqual({ text: 'ee', bold: true });
});

test('a word longer than the line is broken', () => {
  expect(wrapped([{ text: 'a Donaudampfschiff' }], 6).map(textOf)).toEqual(['a', 'Donaud', 'ampfsc', 'hiff']);
});
