import { expect, test } from 'vitest';
import { connectionFault } from './connection-fault.ts';

test('the reason is the code of whatever caused it, however deep', () => {
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  expect(connectionFault(refused)).toBe('ECONNREFUSED');
  expect(connectionFault(new TypeError('fetch failed', { cause: new Error('inner', { cause: refused }) }))).toBe('ECONNREFUSED');
});

test('words are never told', () => {
  for (const error of [new Error('https://me:planted@a.example'), Object.assign(new Error('x'), { code: 'planted words' }), 'planted', undefined]) {
    expect(connectionFault(error)).toBe('broken off');
  }
});
