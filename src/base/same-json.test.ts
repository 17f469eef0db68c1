import { expect, test } from 'vitest';
import { sameJson } from './same-json.ts';

test('mappings are the same whatever the order of their keys, lists only in theirs', () => {
  expect(sameJson({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 })).toBe(true);
  expect(sameJson([1, 2], [2, 1])).toBe(false);
  expect(sameJson({ a: undefined }, { b: undefined })).toBe(false);
});

test('a list is no mapping, a number no text, nothing no object', () => {
  expect(sameJson([], {})).toBe(false);
  expect(sameJson(['a'], { 0: 'a' })).toBe(false);
  expect(sameJson(1, '1')).toBe(false);
  expect(sameJson(null, {})).toBe(false);
  expect(sameJson({ a: 1 }, { a: 1, b: 2 })).toBe(false);
});
