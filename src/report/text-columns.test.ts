import { describe, expect, it } from 'vitest';
import { leftTable, oneLine, padStart, shorten, table, textTable, wrap } from './text-columns.ts';

describe('text in columns', () => {
  it('takes out what could steer a terminal', () => {
    expect(oneLine(' a\u001b[31mb\n\tc\u202e\u0007 ')).toBe('a[31mb c');
  });

  it('breaks at blanks, and inside a word only when it fits nowhere', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('abcdefghij k', 4)).toEqual(['abcd', 'efgh', 'ij k']);
    expect(wrap('', 4)).toEqual(['']);
  });

  it('counts two columns for what is two columns wide', () => {
    expect(wrap('日本語', 4)).toEqual(['日本', '語']);
    expect(padStart('日', 3)).toBe(' 日');
  });

  it('marks what it cut', () => {
    expect(shorten('abcdef', 4)).toBe('abc…');
    expect(shorten('abcd', 4)).toBe('abcd');
  });

  it('aligns the first column to the left and figures to the right', () => {
    expect(table([['name', 'n'], ['a', '10'], ['longer', '1']])).toEqual(['name     n', 'a       10', 'longer   1']);
  });

  it('aligns every column to the left by what a terminal shows, not by characters', () => {
    expect(leftTable([['name', 'kind'], ['東京', 'a'], ['longer', '']])).toEqual(['name    kind', '東京    a', 'longer']);
  });

  it('takes out of a text of columns what could steer a terminal', () => {
    expect(textTable([['name', 'kind'], ['a\u001B[2J', 'b']])).toBe('name  kind\na[2J  b\n');
  });
});
