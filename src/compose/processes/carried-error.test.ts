import { expect, test } from 'vitest';
import { BugError, ProviderError, UsageError } from '../../base/errors.ts';
import { carried, carry } from './carried-error.ts';

test('an error is the same trouble in another process', () => {
  const world = new ProviderError('no more', { provider: 'daily', kind: 'quota', retryable: true, status: 429 });
  const user = new UsageError([{ message: 'wrong', hint: 'right' }, { message: 'also', place: { file: 'a.yaml', line: 1, column: 2 } }]);
  const ours = new BugError('impossible');
  const there = (error: unknown): Error => carried(structuredClone(carry(error)));
  expect(there(world)).toBeInstanceOf(ProviderError);
  expect(there(world)).toMatchObject({ message: 'no more', provider: 'daily', kind: 'quota', retryable: true, status: 429 });
  expect(there(user)).toBeInstanceOf(UsageError);
  expect(there(user)).toMatchObject({ message: user.message, mistakes: user.mistakes });
  expect(there(ours)).toMatchObject({ message: 'impossible', stack: ours.stack });
  expect(there('thrown')).toMatchObject({ message: 'thrown' });
});
