/**
 * One WebSocket over which an agent speaks with one voice: several contexts at once, each known by its id. It knows
 * the protocol and keeps the connection alive; whether to try again is for its users to say.
 */
import type { IncomingMessage } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import { ProviderError } from '../../base/errors.ts';
import { retryAfterMs } from '../../base/retry-after.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import { type Asked, closedHere, connectionLost, nothingCame, refused } from './failures.ts';
import type { ElevenLabsWaits } from './options.ts';
import type { ServerMessage, SocketMessages } from './socket-messages.ts';

/** Longer messages than these end the connection. */
const LONGEST_MESSAGE_BYTES = 16 * 1024 * 1024;
/** As much of a refusal's text as may say why. */
const LONGEST_REFUSAL_CHARACTERS = 4096;
/** How long a socket that was asked to close may take before it is cut. */
const FAREWELL_MS = 500;

/** Who speaks in a context. Nothing is called after `onLost`. */
export interface ContextListener {
  onMessage(message: ServerMessage): void;
  /** The context has failed, or the whole connection. */
  onLost(error: ProviderError): void;
}

export type SpeechSocketOptions = {
  readonly wall: WallClock;
  readonly waits: ElevenLabsWaits;
  readonly url: URL;
  readonly apiKey: string;
  readonly asked: Asked;
  readonly messages: SocketMessages;
};

type OpenContext = { readonly listener: ContextListener; closing: boolean };

export class SpeechSocket {
  readonly #options: SpeechSocketOptions;
  readonly #socket: WebSocket;
  readonly #contexts = new Map<string, OpenContext>();
  readonly #opening = Promise.withResolvers<void>();
  #contextCount = 0;
  #stopKeepAlive: () => void = () => undefined;
  #lost: ProviderError | undefined;

  /** Opens a socket; rejects with a ProviderError. */
  static async connect(options: SpeechSocketOptions): Promise<SpeechSocket> {
    const { WebSocket: Socket } = await import('ws');
    const headers = { 'xi-api-key': options.apiKey };
    const socket = new SpeechSocket(new Socket(options.url, { headers, maxPayload: LONGEST_MESSAGE_BYTES, perMessageDeflate: false }), options);
    await socket.#opening.promise;
    return socket;
  }

  private constructor(socket: WebSocket, options: SpeechSocketOptions) {
    const { wall, waits, asked } = options;
    this.#options = options;
    this.#socket = socket;
    const callOff = wall.after(waits.connectMs, () => this.#lose(nothingCame('answer to the opening of a socket', waits.connectMs)));
    let reason: string | undefined;
    // All listeners are there before the socket opens, because a refusal may come with the answer to the opening.
    socket.once('open', () => {
      this.#stopKeepAlive = wall.every(waits.keepAliveMs, () => this.#keepAlive());
      this.#opening.resolve();
    });
    socket.once('unexpected-response', (_request, response) => void this.#readRefusal(response));
    socket.on('message', (data) => this.#receive(data));
    socket.on('error', (error) => void (reason = codeOf(error)));
    socket.once('close', (code, words) => this.#lose(lossOf({ code, words: words.toString(), reason }, asked)));
    this.#opening.promise.then(callOff, callOff);
  }

  /** Whether contexts can be opened on it. */
  get usable(): boolean {
    return !this.#lost && this.#socket.readyState === this.#socket.OPEN;
  }

  /** Opens a context and gives back its id; `name` is only for whoever reads the traffic. Throws what the socket was lost to. */
  openContext(name: string, listener: ContextListener): string {
    if (this.#lost) throw this.#lost;
    this.#contextCount += 1;
    const contextId = `${name.replace(/[^\w.-]+/g, '-')}-${this.#contextCount}`;
    this.#contexts.set(contextId, { listener, closing: false });
    this.#send(this.#options.messages.openContext(contextId));
    return contextId;
  }

  speak(contextId: string, sentence: string): void {
    this.#send(this.#options.messages.text(contextId, sentence));
  }

  /** No text will follow: what is left is spoken, and a last message ends the context. */
  finish(contextId: string): void {
    const context = this.#contexts.get(contextId);
    if (!context || context.closing) return;
    context.closing = true;
    this.#send(this.#options.messages.flush(contextId));
    this.#send(this.#options.messages.closeContext(contextId));
  }

  /** Nothing more of this context is wanted; what still comes of it is passed over. */
  abandon(contextId: string): void {
    const context = this.#contexts.get(contextId);
    this.#contexts.delete(contextId);
    if (context && !context.closing) this.#send(this.#options.messages.closeContext(contextId));
  }

  /** The context is over; there is nothing to abandon. */
  forget(contextId: string): void {
    this.#contexts.delete(contextId);
  }

  /** Says goodbye and closes. Contexts that are open are lost. */
  async close(): Promise<void> {
    if (this.#lost) return;
    const { wall, messages } = this.#options;
    const closed = new Promise<void>((resolve) => void this.#socket.once('close', () => resolve()));
    this.#send(messages.closeSocket());
    this.#socket.close();
    const callOff = wall.after(FAREWELL_MS, () => this.#socket.terminate());
    this.#lose(closedHere());
    await closed;
    callOff();
  }

  #send(message: string): void {
    if (!this.#lost) this.#socket.send(message);
  }

  #receive(data: RawData): void {
    if (this.#lost) return;
    let message: ServerMessage;
    try {
      message = this.#options.messages.read(textOf(data));
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      // Whose message it was cannot be known, nor what else was lost with it.
      return this.#lose(error);
    }
    const { contextId, refusal } = message;
    const context = contextId === undefined ? undefined : this.#contexts.get(contextId);
    if (refusal === undefined) return context?.listener.onMessage(message);
    const error = refused({ words: refusal }, this.#options.asked);
    if (contextId === undefined) return this.#lose(error);
    this.#contexts.delete(contextId);
    context?.listener.onLost(error);
  }

  /** The server answers the opening with something else. */
  async #readRefusal(response: IncomingMessage): Promise<void> {
    const { wall, asked } = this.#options;
    const headers = new Headers({ 'retry-after': response.headers['retry-after'] ?? '' });
    const words = await wordsOf(response);
    this.#lose(refused({ status: response.statusCode, words, retryAfterMs: retryAfterMs(headers, wall.epochMs()) }, asked));
  }

  #keepAlive(): void {
    const { messages } = this.#options;
    // A context that is closing takes no more text, not even none.
    const open = [...this.#contexts].filter(([, { closing }]) => !closing);
    if (open.length === 0) this.#send(messages.keepAlive());
    for (const [contextId] of open) this.#send(messages.keepAlive(contextId));
  }

  #lose(error: ProviderError): void {
    if (this.#lost) return;
    this.#lost = error;
    this.#opening.reject(error);
    this.#stopKeepAlive();
    if (this.#socket.readyState !== this.#socket.CLOSING) this.#socket.terminate();
    const contexts = [...this.#contexts.values()];
    this.#contexts.clear();
    for (const { listener } of contexts) listener.onLost(error);
  }
}

async function wordsOf(response: IncomingMessage): Promise<string> {
  let words = '';
  try {
    for await (const part of response) {
      words += String(part);
      if (words.length > LONGEST_REFUSAL_CHARACTERS) break;
    }
  } catch {
    // The status alone has to do.
  }
  return words;
}

/** Why an open socket closed. */
function lossOf({ code, words, reason }: { code: number; words: string; reason: string | undefined }, asked: Asked): ProviderError {
  const gone = code === 1000 || code === 1001 || code === 1005 || code === 1006;
  return gone && words === '' ? connectionLost(reason ?? `closed with ${code}`, asked) : refused({ closeCode: code, words }, asked);
}

function codeOf(error: Error & { readonly code?: unknown }): string {
  return typeof error.code === 'string' ? error.code : 'protocol error';
}

function textOf(data: RawData): string {
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString('utf8');
}
