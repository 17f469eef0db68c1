import { describe, expect, test } from 'vitest';
import { BugError, formatMistake, invariant, ProviderError, unreachable, UsageError } from './errors.ts';

describe('a mistake of the user', () => {
  test('is one line: where, what, and what to do', () => {
    const place = { file: 'a.yaml', line: 3, column: 7 };
    expect(formatMistake({ message: 'unknown key "vioce"', place, hint: 'did you mean voice?' })).toBe('a.yaml:3:7: unknown key "vioce" (did you mean voice?)');
    expect(formatMistake({ message: 'no such file' })).toBe('no such file');
  });

  test('stays one line whatever it quotes, and cannot steer the terminal', () => {
    expect(formatMistake({ message: 'unknown voice "a\n\u001b[2Jb\u2028c"', hint: 'try\r\nslt' })).toBe('unknown voice "a [2Jb c" (try slt)');
  });

  test('comes with all others that were found', () => {
    const error = new UsageError([{ message: 'one' }, { message: 'two', hint: 'hint' }]);
    expect(error.message).toBe('one\ntwo (hint)');
    expect(error.mistakes).toEqual([{ message: 'one' }, { message: 'two', hint: 'hint' }]);
  });

  test('may be given in short', () => {
    expect(new UsageError('broken', 'mend it').mistakes).toEqual([{ message: 'broken', hint: 'mend it' }]);
    expect(new UsageError({ message: 'broken' }).mistakes).toEqual([{ message: 'broken' }]);
    expect(new UsageError('broken').mistakes).toEqual([{ message: 'broken' }]);
  });
});

describe('a failure of the world', () => {
  test('says who, what kind, and whether to try again', () => {
    const error = new ProviderError('too many requests', { provider: 'openai', kind: 'rate_limited', retryable: true, status: 429 });
    expect(error).toMatchObject({ name: 'ProviderError', message: 'too many requests', provider: 'openai', kind: 'rate_limited', retryable: true, status: 429 });
    expect('cause' in error).toBe(false);
  });

  test('is not tried again unless it says so, and keeps its cause', () => {
    const cause = new Error('socket hang up');
    const error = new ProviderError('no connection', { provider: 'openai', kind: 'network', cause });
    expect([error.retryable, error.status, error.cause]).toEqual([false, undefined, cause]);
  });
});

describe('a bug of ours', () => {
  test('is an invariant that does not hold', () => {
    expect(() => invariant('Sarah', 'a seat is missing')).not.toThrow();
    expect(() => invariant(0, 'a seat is missing')).toThrow(new BugError('a seat is missing'));
  });

  test('is a value that nobody thought of', () => {
    expect(() => unreachable('purple' as never)).toThrow(new BugError('unexpected value "purple"'));
  });
});
