/**
 * One page in Chromium, as bottalk sees it: orders go in and are answered, news and sound come out, and whether it
 * still lives is watched. What the news mean for the call is not its business.
 */
import type { WebSocket } from 'ws';
import { FRAME_SAMPLES } from '../../audio/format.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import { type FromPage, type PageOrder, type ToPage, TRACK_NUMBER_BYTES } from './page-messages.ts';
import type { PageServer } from './page-server.ts';
import { trouble, troubleOf } from './trouble.ts';

/** What a page says of the call. */
export type PageNews = Exclude<FromPage, { readonly kind: 'loaded' | 'beat' | 'done' | 'hearing' }>;

export interface PageListener {
  pageTold(news: PageNews): void;
  /** A frame of 20 ms of this participant. */
  frameArrived(participant: string, samples: Int16Array): void;
  /** The page has died, or may as well have. Comes at most once, not before it took orders, and not after `close`. */
  pageGone(reason: string): void;
}

export type PageOptions = {
  readonly wall: WallClock;
  readonly server: PageServer;
  /** Has a page opened somewhere; `onCrashed` is called when it dies. */
  readonly openPage: (url: string, onCrashed: () => void) => Promise<{ close(): Promise<void> }>;
  readonly listener: PageListener;
  readonly limits: PageLimits;
  /** Aborted when its browser is closed. */
  readonly signal: AbortSignal;
};

export type PageLimits = {
  /** From the opening of the page until it takes orders. */
  readonly startMs: number;
  /** A page that says nothing for so long is gone; it should say something every 2 s. */
  readonly quietMs: number;
};

type Pending = { readonly resolve: () => void; readonly reject: (error: unknown) => void; readonly endTimer: () => void };

const PACKET_BYTES = TRACK_NUMBER_BYTES + FRAME_SAMPLES * 2;

export class PageSession {
  readonly #options: PageOptions;
  readonly #loaded = Promise.withResolvers<void>();
  readonly #pending = new Map<number, Pending>();
  /** Participants by track number. */
  readonly #heard = new Map<number, string>();
  #page: { close(): Promise<void> } | undefined;
  #socket: WebSocket | undefined;
  #endQuietTimer = (): void => undefined;
  #lastId = 0;
  #isLoaded = false;
  #over = false;

  /** Resolves when the page takes orders; rejects with a ProviderError when it does not come that far in time. */
  static async open(options: PageOptions): Promise<PageSession> {
    const session = new PageSession(options);
    const { wall, server, openPage, limits, signal } = options;
    const onAbort = (): void => session.#end('its browser was closed');
    signal.addEventListener('abort', onAbort, { once: true });
    const expected = server.expectPage((socket) => session.#connect(socket));
    const endTimer = wall.after(limits.startMs, () => session.#end(`it did not start within ${limits.startMs / 1000} s`));
    try {
      session.#page = await openPage(expected.url, () => session.#end('it crashed'));
      await session.#loaded.promise;
      session.#isLoaded = true;
      return session;
    } catch (error) {
      await session.close();
      throw error;
    } finally {
      endTimer();
      signal.removeEventListener('abort', onAbort);
      expected.forget();
    }
  }

  private constructor(options: PageOptions) {
    this.#options = options;
    // Also fails where nobody waits for it any more.
    this.#loaded.promise.catch(() => undefined);
  }

  /** Has the page do something. Rejects with a ProviderError when Daily refuses or does not answer in time. */
  order(order: PageOrder, limitMs: number): Promise<void> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const socket = this.#socket;
      if (!socket || this.#over) return reject(trouble('server', 'the page for the Daily call is gone', { retryable: true }));
      const endTimer = this.#options.wall.after(limitMs, () => {
        this.#pending.delete(id);
        reject(trouble('timeout', `the Daily call did not answer to ${order.kind} within ${limitMs / 1000} s`, { retryable: true }));
      });
      this.#pending.set(id, { resolve, reject, endTimer });
      socket.send(JSON.stringify({ id, order } satisfies ToPage));
    });
  }

  /** Sends one frame of 20 ms. It may be dropped where the page cannot take it. */
  speak(samples: Int16Array): void {
    if (!this.#over) this.#socket?.send(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
  }

  get isOver(): boolean {
    return this.#over;
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    this.#finish();
    await this.#page?.close();
  }

  #connect(socket: WebSocket): void {
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.on('message', (data: ArrayBuffer | Buffer, isBinary: boolean) => {
      this.#watch();
      if (isBinary) this.#takeSound(data as ArrayBuffer);
      // With the binary type above, `ws` still hands texts over as a Buffer or an ArrayBuffer; both decode alike.
      else this.#take(JSON.parse(new TextDecoder().decode(data)) as FromPage);
    });
    socket.on('close', () => this.#end('its connection broke'));
    socket.on('error', () => this.#end('its connection failed'));
    this.#watch();
  }

  #take(message: FromPage): void {
    if (this.#over) return;
    switch (message.kind) {
      case 'loaded':
        return this.#loaded.resolve();
      case 'beat':
        return;
      case 'hearing':
        return void this.#heard.set(message.track, message.participant);
      case 'done': {
        const pending = this.#pending.get(message.id);
        this.#pending.delete(message.id);
        pending?.endTimer();
        if (message.fault) pending?.reject(troubleOf(message.fault));
        else pending?.resolve();
        return;
      }
      default:
        return this.#options.listener.pageTold(message);
    }
  }

  #takeSound(packet: ArrayBuffer): void {
    if (this.#over || packet.byteLength !== PACKET_BYTES) return;
    const participant = this.#heard.get(new DataView(packet).getUint32(0, true));
    if (participant !== undefined) this.#options.listener.frameArrived(participant, new Int16Array(packet, TRACK_NUMBER_BYTES));
  }

  #watch(): void {
    this.#endQuietTimer();
    if (this.#over) return;
    const { wall, limits } = this.#options;
    this.#endQuietTimer = wall.after(limits.quietMs, () => this.#end(`it said nothing for ${limits.quietMs / 1000} s`));
  }

  #end(reason: string): void {
    if (this.#over) return;
    this.#finish();
    if (this.#isLoaded) this.#options.listener.pageGone(reason);
    else this.#loaded.reject(trouble('server', `the page for the Daily call is no use: ${reason}`, { retryable: true }));
  }

  #finish(): void {
    this.#over = true;
    this.#endQuietTimer();
    for (const { reject, endTimer } of this.#pending.values()) {
      endTimer();
      reject(trouble('server', 'the page for the Daily call is gone', { retryable: true }));
    }
    this.#pending.clear();
    this.#socket?.close();
  }
}
