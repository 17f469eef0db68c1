/**
 * What has arrived of one answer and was not taken yet. Pieces are stamped when they are pushed and not when they are
 * asked for, because call time may lag behind the world. It does not know where they come from.
 */
import { invariant } from '../base/errors.ts';
import type { Arrival } from './arrival.ts';
import { wholeMicroseconds } from './clock.ts';
import type { WallClock } from './wall-clock.ts';

type Taker<T> = { readonly resolve: (result: IteratorResult<Arrival<T>, undefined>) => void; readonly reject: (error: unknown) => void };

export class ArrivalQueue<T> implements AsyncIterable<Arrival<T>> {
  readonly #wall: Pick<WallClock, 'nowMs'>;
  readonly #openedMs: number;
  readonly #onClosed: () => void;
  readonly #arrived: Arrival<T>[] = [];
  #ending: { readonly error?: unknown } | undefined;
  #taker: Taker<T> | undefined;

  /** Made when the request is opened: offsets count from then. `onClosed` is called when nobody will take any more. */
  constructor(wall: Pick<WallClock, 'nowMs'>, onClosed: () => void) {
    this.#wall = wall;
    this.#openedMs = wall.nowMs();
    this.#onClosed = onClosed;
  }

  /** A piece is there. What comes after the end is dropped. */
  push(value: T): void {
    if (this.#ending) return;
    this.#arrived.push({ offsetMs: wholeMicroseconds(this.#wall.nowMs() - this.#openedMs), value });
    this.#serve();
  }

  /** The last piece is there. */
  finish(value: T): void {
    this.push(value);
    this.end();
  }

  /** Nothing will follow. */
  end(): void {
    this.#ending ??= {};
    this.#serve();
  }

  /** Nothing will follow, and whoever has taken all that came before is told why. */
  fail(error: unknown): void {
    this.#ending ??= { error };
    this.#serve();
  }

  /** For one taker, who asks for one piece at a time. */
  [Symbol.asyncIterator](): AsyncIterator<Arrival<T>, undefined> {
    return {
      next: () => {
        invariant(!this.#taker, 'two pieces of an answer were asked for at once');
        return new Promise((resolve, reject) => {
          this.#taker = { resolve, reject };
          this.#serve();
        });
      },
      return: async () => {
        this.#arrived.length = 0;
        this.#ending = {};
        this.#onClosed();
        this.#serve();
        return { done: true, value: undefined };
      },
    };
  }

  #serve(): void {
    const taker = this.#taker;
    if (!taker) return;
    const piece = this.#arrived.shift();
    if (!piece && !this.#ending) return;
    this.#taker = undefined;
    if (piece) taker.resolve({ done: false, value: piece });
    else if (this.#ending && 'error' in this.#ending) taker.reject(this.#ending.error);
    else taker.resolve({ done: true, value: undefined });
  }
}
