import { describe, expect, test } from 'vitest';
import { ManualWallClock } from '../testing/manual-wall-clock.ts';
import { ArrivalQueue } from './arrival-queue.ts';

describe('a queue of arrivals', () => {
  test('stamps each piece when it arrives, however late it is taken, in whole microseconds', async () => {
    const { wall, queue, taker } = open();
    wall.advance(300.12345);
    queue.push('Good');
    wall.advance(40);
    queue.push('morning');
    wall.advance(5000);
    expect(await taker.next()).toEqual({ done: false, value: { offsetMs: 300.123, value: 'Good' } });
    expect(await taker.next()).toEqual({ done: false, value: { offsetMs: 340.123, value: 'morning' } });
  });

  test('hands a piece to whoever waits for it already', async () => {
    const { wall, queue, taker } = open();
    const waiting = taker.next();
    wall.advance(20);
    queue.push('Yes');
    expect(await waiting).toEqual({ done: false, value: { offsetMs: 20, value: 'Yes' } });
  });

  test('ends, or fails, when all that came before is taken; what comes after is dropped', async () => {
    const ended = open();
    ended.queue.push('last');
    ended.queue.end();
    ended.queue.push('too late');
    ended.queue.fail(new Error('too late'));
    expect((await ended.taker.next()).value).toMatchObject({ value: 'last' });
    expect(await ended.taker.next()).toEqual({ done: true, value: undefined });

    const failed = open();
    failed.queue.push('last');
    failed.queue.fail(new Error('the line is cut'));
    expect((await failed.taker.next()).value).toMatchObject({ value: 'last' });
    await expect(failed.taker.next()).rejects.toThrow('the line is cut');
  });

  test('says that it was closed, and lets nobody wait any longer', async () => {
    const { queue, taker, closed } = open();
    const waiting = taker.next();
    expect(closed()).toBe(false);
    await taker.return?.();
    expect(closed()).toBe(true);
    queue.push('too late');
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await taker.next()).toEqual({ done: true, value: undefined });
  });
});

function open() {
  const wall = new ManualWallClock();
  // Offsets count from the opening of the request, not from the start of the machine.
  wall.advance(1234.5);
  let closed = false;
  const queue = new ArrivalQueue<string>(wall, () => void (closed = true));
  return { wall, queue, taker: queue[Symbol.asyncIterator](), closed: () => closed };
}
