import { expect, test } from 'vitest';
import { type Job, JobQueue } from './job-queue.ts';

function takeAll(queue: JobQueue<Job>): number[] {
  const ids: number[] = [];
  for (let job = queue.take(); job; job = queue.take()) ids.push(job.id);
  return ids;
}

test('what somebody waits for goes first, each kind in its order', () => {
  const queue = new JobQueue();
  for (const [id, urgent] of [[1, false], [2, true], [3, false], [4, true]] as const) queue.add({ id, urgent });
  expect(takeAll(queue)).toEqual([2, 4, 1, 3]);
});

test('what somebody begins to wait for moves forward, behind those who waited before', () => {
  const queue = new JobQueue();
  for (const [id, urgent] of [[1, false], [2, true], [3, false]] as const) queue.add({ id, urgent });
  queue.makeUrgent(3);
  queue.makeUrgent(2);
  queue.makeUrgent(99);
  expect(takeAll(queue)).toEqual([2, 3, 1]);
});
