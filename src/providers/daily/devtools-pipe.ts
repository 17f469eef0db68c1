/**
 * Chromium's remote control over a pair of pipes: JSON messages, each ended by a zero byte. The browser ends when its
 * pipes close, so holding them is what ties its life to this process, however that one dies.
 */
import type { Readable, Writable } from 'node:stream';
import type { ProviderError } from '../../base/errors.ts';
import { trouble } from './trouble.ts';

type Json = Readonly<Record<string, unknown>>;
type Pending = { readonly resolve: (result: Json) => void; readonly reject: (error: ProviderError) => void };

export class DevtoolsPipe {
  readonly #toBrowser: Writable;
  readonly #pending = new Map<number, Pending>();
  readonly #onEvent: (method: string, params: Json) => void;
  #lastId = 0;
  #unread = '';
  #closed: ProviderError | undefined;

  constructor(pipes: { readonly toBrowser: Writable; readonly fromBrowser: Readable; readonly onEvent: (method: string, params: Json) => void }) {
    this.#toBrowser = pipes.toBrowser;
    this.#onEvent = pipes.onEvent;
    pipes.fromBrowser.setEncoding('utf8');
    pipes.fromBrowser.on('data', (text: string) => this.#read(text));
    // The browser's end is told by its exit; a pipe that breaks before says nothing new.
    for (const pipe of [pipes.fromBrowser, pipes.toBrowser]) pipe.on('error', () => undefined);
  }

  /** Rejects with a ProviderError when the browser refuses, or is gone. */
  send(method: string, params: Json = {}): Promise<Json> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(this.#closed);
      this.#pending.set(id, { resolve, reject });
      this.#toBrowser.write(`${JSON.stringify({ id, method, params })}\0`);
    });
  }

  /** Hangs up, which ends the browser; what was not answered yet fails. */
  close(reason: string): void {
    if (this.#closed) return;
    this.#closed = trouble('server', reason, { retryable: true });
    this.#toBrowser.end();
    for (const { reject } of this.#pending.values()) reject(this.#closed);
    this.#pending.clear();
  }

  #read(text: string): void {
    const messages = (this.#unread + text).split('\0');
    this.#unread = messages.pop() ?? '';
    for (const message of messages) this.#take(JSON.parse(message) as Message);
  }

  #take({ id, result, error, method, params }: Message): void {
    if (method !== undefined) return this.#onEvent(method, params ?? {});
    const pending = id === undefined ? undefined : this.#pending.get(id);
    if (!pending || id === undefined) return;
    this.#pending.delete(id);
    if (error) pending.reject(trouble('server', `Chromium refused: ${error.message}`, { retryable: true }));
    else pending.resolve(result ?? {});
  }
}

type Message = {
  readonly id?: number;
  readonly result?: Json;
  readonly error?: { readonly message: string };
  readonly method?: string;
  readonly params?: Json;
};
