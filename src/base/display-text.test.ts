import { expect, test } from 'vitest';
import { columnsOf, displayable, splitAt, truncated } from './display-text.ts';

test('what steers a terminal, hides or joins is taken out, and blanks become one', () => {
  expect(displayable('a\x1b[31mred\x07\u200bb\t\n c')).toBe('a[31mredb c');
  expect(displayable('two  blanks')).toBe('two blanks');
  expect(displayable('\u{1f44d}\u{1f3fd} \u{1f468}\u200d\u{1f469}')).toBe('\u{1f44d} \u{1f468}\u{1f469}');
});

test('wide characters count two columns, accents none', () => {
  expect(columnsOf('abc')).toBe(3);
  expect(columnsOf('日本語')).toBe(6);
  expect(columnsOf('e\u0301')).toBe(1);
  expect(columnsOf('ok \u{1f44d}')).toBe(5);
});

test('what is too long ends with the mark and never reaches over', () => {
  expect(truncated('a long title', 7, '…')).toBe('a long…');
  expect(truncated('日本語です', 6, '…')).toBe('日本…');
  expect(truncated('short', 5, '…')).toBe('short');
  expect(truncated('ab', 0, '…')).toBe('');
});

test('a wide character that would reach over goes to the other side', () => {
  expect(splitAt('日本', 3)).toEqual(['日', '本']);
  expect(splitAt('abc', 2)).toEqual(['ab', 'c']);
});
