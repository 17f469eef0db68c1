/** The speech that was used last, kept in memory in front of the cache on disk. */
import type { Speech } from './speech.ts';

export class SpeechMemory {
  readonly #maxBytes: number;
  /** In the order of use, the oldest first. */
  readonly #entries = new Map<string, Speech>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(key: string): Speech | undefined {
    const speech = this.#entries.get(key);
    if (!speech) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, speech);
    return speech;
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  set(key: string, speech: Speech): void {
    this.#drop(key);
    this.#entries.set(key, speech);
    this.#bytes += speech.samples.byteLength;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes || oldest === key) return;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#entries.get(key)?.samples.byteLength ?? 0;
    this.#entries.delete(key);
  }
}
