import { expect, test } from 'vitest';
import { compilePattern, patternFault } from './pattern.ts';

test.each<[string | readonly string[], string, boolean]>([
  ['how much|price', 'so how much is that', true],
  ['/^no\\b/', 'no thanks', true],
  ['/^no\\b/i', 'well no', false],
  ['PRICE', 'the price please', true],
  [['price', 'cost'], 'what does it cost', true],
  [['price'], 'prices went up', false],
  [["don't know"], 'i dont  know', true],
  [["don't know"], "i don't know", true],
  [['a.b', 'c++'], 'axb', false],
  [['c++'], 'we use c++ here', true],
  [['退款'], '我要退款请', true],
  [['退款'], '我要退货', false],
  [['visa'], '我有visa卡', true],
  [['visa'], '我有visas', false],
])('%s and "%s"', (pattern, heard, matches) => {
  expect(compilePattern(pattern).test(heard)).toBe(matches);
});

test('a pattern that is none throws a SyntaxError', () => {
  expect(() => compilePattern('(oops')).toThrow(SyntaxError);
  expect(patternFault('(oops')).toBe('unterminated group');
  expect(patternFault('(no )?oops')).toBeUndefined();
});
