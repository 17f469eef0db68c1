/**
 * One client at the other end of a WebSocket: it is told a feed from the beginning, as fast as it reads, and what passes by
 * only if it keeps up. Nobody ever waits for it. Who does not read at all, or falls too far behind, is cut off.
 */
import type { WebSocket } from 'ws';
import type { WallClock } from '../clock/wall-clock.ts';
import type { Feed, FeedMessage } from './feed.ts';

export type ListenerLimits = {
  /** What may lie in the socket's own queue; the rest stays in the feed, which all share. */
  readonly mostQueuedBytes: number;
  /** How much of the feed may be kept for one reader. */
  readonly mostBehindBytes: number;
  /** Whoever takes nothing for so long although something waits is gone. */
  readonly stalledMs: number;
};

export const LISTENER_LIMITS: ListenerLimits = { mostQueuedBytes: 4_000_000, mostBehindBytes: 32_000_000, stalledMs: 30_000 };

/** `Policy Violation` and its like mean other things; numbers from 4000 on are free. */
const TOO_FAR_BEHIND = 4008;
const GOING_AWAY = 1001;
/** How long the other end may take to say goodbye. */
const GOODBYE_MS = 1000;

export type ListenerOptions = { readonly socket: WebSocket; readonly feed: Feed; readonly wall: WallClock; readonly limits: ListenerLimits };

export class Listener {
  readonly #options: ListenerOptions;
  readonly #stopListening: () => void;
  #at: FeedMessage;
  #taken = 0;
  #lastTaken = -1;
  #stopWatching: () => void;
  #over = false;

  /** `greeting` comes before everything else. */
  constructor(options: ListenerOptions, greeting?: object) {
    this.#options = options;
    const { socket, feed, wall, limits } = options;
    this.#at = feed.start;
    // A connection that breaks is closed as well, and that is all there is to do.
    socket.on('error', () => {});
    socket.on('close', () => this.#end());
    if (greeting) this.#send(Buffer.from(JSON.stringify(greeting)), false);
    this.#stopListening = feed.onMore(() => this.#pump());
    this.#stopWatching = wall.every(limits.stalledMs, () => this.#watch());
    this.#pump();
  }

  /** What means something only now: it is left out for whoever has not yet been told everything before it. */
  pass(bytes: Uint8Array, { binary }: { readonly binary: boolean }): void {
    if (this.#at.next === undefined && !this.#isFull()) this.#send(bytes, binary);
  }

  close(): void {
    this.#part(GOING_AWAY, 'the server ends');
  }

  #pump(): void {
    const { feed, limits } = this.#options;
    for (let next = this.#at.next; next && !this.#over && !this.#isFull(); next = next.next) {
      this.#at = next;
      this.#send(next.bytes, false);
    }
    if (feed.endBytes - this.#at.endBytes > limits.mostBehindBytes) this.#part(TOO_FAR_BEHIND, 'too far behind');
  }

  #send(bytes: Uint8Array, binary: boolean): void {
    if (this.#over) return;
    this.#options.socket.send(bytes, { binary }, () => {
      this.#taken += 1;
      if (this.#at.next) this.#pump();
    });
  }

  #isFull(): boolean {
    return this.#options.socket.bufferedAmount >= this.#options.limits.mostQueuedBytes;
  }

  #watch(): void {
    const { socket } = this.#options;
    if (socket.bufferedAmount > 0 && this.#taken === this.#lastTaken) this.#part(TOO_FAR_BEHIND, 'nothing is read');
    this.#lastTaken = this.#taken;
  }

  #part(code: number, reason: string): void {
    if (this.#over) return;
    this.#end();
    const { socket, wall } = this.#options;
    socket.close(code, reason);
    const giveUp = wall.after(GOODBYE_MS, () => socket.terminate());
    socket.once('close', giveUp);
  }

  #end(): void {
    this.#over = true;
    this.#stopListening();
    this.#stopWatching();
  }
}
