import { expect, test } from 'vitest';
import { atOnce } from './at-once.ts';

test('work is begun in order and no more of it at a time than is allowed; a failure stops nothing else', async () => {
  const begun: number[] = [];
  const ends = [0, 1, 2, 3].map(() => Promise.withResolvers<number>());
  const results = atOnce(2, ends.map(({ promise }, i) => () => {
    begun.push(i);
    return promise;
  }));
  expect(begun).toEqual([0, 1]);
  ends[1]?.resolve(1);
  expect(await results[1]).toBe(1);
  ends[0]?.reject(new Error('no'));
  await expect(results[0]).rejects.toThrow('no');
  ends[3]?.resolve(3);
  expect(await results[3]).toBe(3);
  expect(begun).toEqual([0, 1, 2, 3]);
});
