/**
 * Messages in one order for any number of readers, each at its own place. What was told once is there for newcomers
 * until the feed begins anew; what no reader has before it any more is forgotten. It knows nothing of sockets.
 */

export type FeedMessage = { readonly bytes: Buffer; readonly next: FeedMessage | undefined; readonly endBytes: number };

type Growing = { -readonly [K in keyof FeedMessage]: FeedMessage[K] } & { next: Growing | undefined };

export class Feed {
  #last: Growing = { bytes: Buffer.alloc(0), next: undefined, endBytes: 0 };
  /** What newcomers are told begins behind it. */
  #before: FeedMessage = this.#last;
  readonly #told = new Set<() => void>();

  /** From now on newcomers are told only what comes after this. Whoever reads already misses nothing. */
  beginAnew(): void {
    this.#before = this.#last;
  }

  append(message: object): void {
    const bytes = Buffer.from(JSON.stringify(message));
    const grown: Growing = { bytes, next: undefined, endBytes: this.#last.endBytes + bytes.length };
    this.#last.next = grown;
    this.#last = grown;
    for (const tell of this.#told) tell();
  }

  /** The place before the first message that a newcomer is told; the next one is its `next`, as soon as there is one. */
  get start(): FeedMessage {
    return this.#before;
  }

  /** So many bytes were told altogether. */
  get endBytes(): number {
    return this.#last.endBytes;
  }

  /** So many bytes are told to newcomers. */
  get keptBytes(): number {
    return this.#last.endBytes - this.#before.endBytes;
  }

  /** Calls `tell` whenever there is more, until the returned function is called. */
  onMore(tell: () => void): () => void {
    this.#told.add(tell);
    return () => void this.#told.delete(tell);
  }
}
