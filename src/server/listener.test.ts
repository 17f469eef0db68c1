/** How a socket of a feed treats who reads, who reads slowly and who does not read at all. */
import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { ManualWallClock } from '../testing/manual-wall-clock.ts';
import { Feed } from './feed.ts';
import { Listener, type ListenerLimits } from './listener.ts';

const LIMITS: ListenerLimits = { mostQueuedBytes: 100, mostBehindBytes: 1000, stalledMs: 1000 };

/** The part of a WebSocket that a listener sees, whose other end takes what a test lets it take. */
class ReaderSocket extends EventEmitter {
  readonly sent: string[] = [];
  readonly taken: string[] = [];
  closing: string | undefined;
  terminated = false;
  readonly #queue: { readonly text: string; readonly done: () => void }[] = [];

  get bufferedAmount(): number {
    return this.#queue.reduce((sum, { text }) => sum + text.length, 0);
  }

  send(bytes: Uint8Array, { binary }: { binary: boolean }, done: () => void): void {
    const text = `${binary ? 'binary ' : ''}${Buffer.from(bytes).toString('utf8')}`;
    this.sent.push(text);
    this.#queue.push({ text, done });
  }

  take(messages = Number.POSITIVE_INFINITY): void {
    for (let left = messages; left > 0; left -= 1) {
      const next = this.#queue.shift();
      if (!next) return;
      this.taken.push(next.text);
      next.done();
    }
  }

  close(code: number, reason: string): void {
    this.closing = `${code} ${reason}`;
  }

  terminate(): void {
    this.terminated = true;
    this.emit('close');
  }
}

function open(feed = new Feed(), limits: Partial<ListenerLimits> = {}) {
  const socket = new ReaderSocket();
  const wall = new ManualWallClock();
  const listener = new Listener({ socket: socket as unknown as WebSocket, feed, wall, limits: { ...LIMITS, ...limits } }, { hello: true });
  const tell = (n: number): void => feed.append({ n });
  return { feed, socket, wall, listener, tell };
}

const numbers = (texts: readonly string[]): number[] => texts.flatMap((text) => (JSON.parse(text) as { n?: number }).n ?? []);

describe('a listener', () => {
  test('is greeted, told what was before, and then what comes, once each', () => {
    const feed = new Feed();
    feed.append({ n: 0 });
    feed.beginAnew();
    feed.append({ n: 1 });
    const { socket, tell } = open(feed);
    tell(2);
    socket.take();
    tell(3);
    socket.take();
    expect(socket.taken).toEqual(['{"hello":true}', '{"n":1}', '{"n":2}', '{"n":3}']);
  });

  test('that reads slowly is sent no more than it may queue, and loses nothing, even of what newcomers are not told', () => {
    const { feed, socket, tell } = open();
    for (let n = 0; n < 60; n += 1) tell(n);
    expect(socket.bufferedAmount).toBeLessThan(LIMITS.mostQueuedBytes + 20);
    feed.beginAnew();
    for (let n = 60; n < 80; n += 1) tell(n);
    for (let taken = 0; taken < 81; taken += 1) socket.take(1);
    expect(numbers(socket.taken)).toEqual(Array.from({ length: 80 }, (_, n) => n));
  });

  test('hears what passes by only when it was told everything else', () => {
    const { socket, listener, tell } = open();
    listener.pass(Buffer.from('1'), { binary: true });
    for (let n = 0; n < 60; n += 1) tell(n);
    listener.pass(Buffer.from('2'), { binary: true });
    socket.take();
    listener.pass(Buffer.from('3'), { binary: true });
    expect(socket.sent.filter((text) => text.startsWith('binary'))).toEqual(['binary 1', 'binary 3']);
  });

  test('that takes nothing for as long as it may is cut off, and what it has not been told is forgotten', () => {
    const { socket, wall, tell } = open();
    socket.take();
    tell(1);
    wall.advance(1000);
    expect(socket.closing).toBeUndefined();
    wall.advance(1000);
    expect([socket.closing, socket.terminated]).toEqual(['4008 nothing is read', false]);
    const sent = socket.sent.length;
    tell(2);
    socket.take();
    wall.advance(1000);
    expect([socket.sent.length, socket.terminated, wall.pending]).toEqual([sent, true, 0]);
  });

  test('that takes a little now and then is not cut off, unless too much would be kept for it', () => {
    const { socket, wall, tell } = open();
    for (let n = 0; n < 20; n += 1) {
      for (let more = 0; more < 5; more += 1) tell(n);
      socket.take(4);
      wall.advance(900);
    }
    expect(socket.closing).toBeUndefined();
    for (let n = 0; n < 200; n += 1) tell(n);
    expect(socket.closing).toBe('4008 too far behind');
  });

  test('that goes by itself leaves nothing behind', () => {
    const { socket, wall, tell } = open();
    socket.emit('error', new Error('reset'));
    socket.emit('close');
    tell(1);
    expect([socket.sent.length, wall.pending]).toEqual([1, 0]);
  });

  test('is told that the server ends, and not waited for', () => {
    const { socket, wall, listener } = open();
    listener.close();
    listener.close();
    expect(socket.closing).toBe('1001 the server ends');
    wall.advance(1000);
    expect(socket.terminated).toBe(true);
  });
});
