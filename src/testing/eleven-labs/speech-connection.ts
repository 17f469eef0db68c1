/**
 * The server's side of one speech WebSocket. Every message of the client is read strictly with the vendor's
 * serializers, and what breaks the protocol's rules closes the connection as the vendor does.
 */
import { AudioOutputMulti } from '@elevenlabs/elevenlabs-js/serialization/types/AudioOutputMulti.js';
import { CloseContext } from '@elevenlabs/elevenlabs-js/serialization/types/CloseContext.js';
import { CloseSocket } from '@elevenlabs/elevenlabs-js/serialization/types/CloseSocket.js';
import { FinalOutputMulti } from '@elevenlabs/elevenlabs-js/serialization/types/FinalOutputMulti.js';
import { FlushContext } from '@elevenlabs/elevenlabs-js/serialization/types/FlushContext.js';
import { InitializeConnectionMulti } from '@elevenlabs/elevenlabs-js/serialization/types/InitializeConnectionMulti.js';
import { KeepContextAlive } from '@elevenlabs/elevenlabs-js/serialization/types/KeepContextAlive.js';
import { SendTextMulti } from '@elevenlabs/elevenlabs-js/serialization/types/SendTextMulti.js';
import type { WebSocket } from 'ws';
import { SpeechLine } from './speech-line.ts';
import { type SpeechFault, speechOf, type SpeechPiece, type SpeechPlan } from './speech-plan.ts';

export type ClientMessageKind = 'open' | 'text' | 'flush' | 'close_context' | 'keep_alive' | 'close_socket';

/** What a client said; `socket` counts from 1. */
export type ClientMessage = {
  readonly socket: number;
  readonly kind: ClientMessageKind;
  readonly contextId?: string | undefined;
  readonly text?: string | undefined;
};

type Context = { readonly plan: SpeechPlan; readonly line: SpeechLine; flushed: boolean };

export type SpeechConnectionOptions = {
  readonly number: number;
  readonly nextPlan: () => SpeechPlan;
  readonly onMessage: (message: ClientMessage) => void;
  /** A piece of sound goes out. */
  readonly onSound: (contextId: string) => void;
  readonly onViolation: (what: string) => void;
};

export class SpeechConnection {
  readonly #socket: WebSocket;
  readonly #options: SpeechConnectionOptions;
  readonly #contexts = new Map<string, Context>();

  constructor(socket: WebSocket, options: SpeechConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on('message', (data) => this.#receive(JSON.parse((data as Buffer).toString('utf8')) as Record<string, unknown>));
    socket.on('close', () => this.#end());
    socket.on('error', () => undefined);
  }

  /** Sends what was held back. */
  release(): void {
    for (const { line } of this.#contexts.values()) line.release();
  }

  /** Closes as the vendor does, with words or without. */
  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  /** Breaks the connection off. */
  drop(): void {
    this.#socket.terminate();
  }

  /** Sends any text at all. */
  send(text: string): void {
    this.#socket.send(text);
  }

  #end(): void {
    for (const { line } of this.#contexts.values()) line.close();
    this.#contexts.clear();
  }

  #receive(raw: Record<string, unknown>): void {
    try {
      const message = readStrictly(raw);
      this.#options.onMessage({ socket: this.#options.number, ...message });
      this.#obey(message);
    } catch (error) {
      this.#options.onViolation(`${error instanceof Error ? error.message : String(error)} in ${JSON.stringify(raw)}`);
      this.close(1008, 'Could not parse input message');
    }
  }

  #obey({ kind, contextId = '', text = '' }: Omit<ClientMessage, 'socket'>): void {
    if (kind === 'open') return this.#open(contextId);
    if (kind === 'close_socket') return this.close(1000, '');
    if (kind === 'keep_alive' && contextId === '') return;
    const context = this.#contexts.get(contextId);
    if (!context) throw new Error(`there is no context ${contextId}`);
    switch (kind) {
      case 'text':
        return context.line.add(speechOf(text));
      case 'flush':
        context.flushed = true;
        return;
      case 'close_context':
        return this.#close(contextId, context);
      case 'keep_alive':
    }
  }

  #open(contextId: string): void {
    if (this.#contexts.has(contextId)) throw new Error(`there is a context ${contextId} already`);
    const plan = this.#options.nextPlan();
    const { refusal } = plan;
    if (refusal) {
      this.send(JSON.stringify({ error: refusal.error, message: refusal.message, code: 1008, ...(refusal.closeCode === undefined && { contextId }) }));
      if (refusal.closeCode !== undefined) this.close(refusal.closeCode, refusal.message);
    }
    const line = new SpeechLine({
      plan,
      send: (piece) => this.#sendPiece(contextId, piece, plan),
      onFault: (fault) => this.#fail(fault, contextId, line),
    });
    this.#contexts.set(contextId, { plan, line, flushed: false });
  }

  /** What was flushed is still spoken; what was not is dropped. */
  #close(contextId: string, { plan, line, flushed }: Context): void {
    this.#contexts.delete(contextId);
    if (flushed) {
      this.#contexts.set(`closing ${contextId}`, { plan, line, flushed });
      line.drain(() => this.#sendFinal(contextId));
      return;
    }
    const [next] = line.close();
    if (plan.late && next) this.#sendPiece(contextId, next, plan);
    this.#sendFinal(contextId);
  }

  #fail(fault: SpeechFault, contextId: string, line: SpeechLine): void {
    switch (fault) {
      case 'empty':
      case 'misaligned':
        return;
      case 'stall':
        line.close();
        return;
      case 'drop':
        line.close();
        return this.drop();
      case 'unreadable':
        return this.send('<html>Bad gateway</html>');
      case 'mistyped':
        return this.send(JSON.stringify({ audio: 17, contextId }));
    }
  }

  #sendPiece(contextId: string, { sound, characters, startsMs, durationsMs }: SpeechPiece, { fault }: SpeechPlan): void {
    const alignment = {
      chars: [...characters],
      charStartTimesMs: fault === 'misaligned' ? startsMs.slice(1) : [...startsMs],
      charDurationsMs: [...durationsMs],
    };
    this.#options.onSound(contextId);
    this.send(JSON.stringify(AudioOutputMulti.jsonOrThrow({ audio: sound.toString('base64'), alignment, normalizedAlignment: alignment, contextId })));
  }

  #sendFinal(contextId: string): void {
    this.#contexts.delete(`closing ${contextId}`);
    this.send(JSON.stringify(FinalOutputMulti.jsonOrThrow({ isFinal: true, contextId })));
  }
}

/** The serializers refuse unknown keys and wrong types. Which one is meant shows in the keys. */
function readStrictly(raw: Record<string, unknown>): Omit<ClientMessage, 'socket'> {
  if ('close_socket' in raw && CloseSocket.parseOrThrow(raw).closeSocket) return { kind: 'close_socket' };
  if ('close_context' in raw) return { kind: 'close_context', contextId: CloseContext.parseOrThrow(raw).contextId };
  if ('flush' in raw) return { kind: 'flush', contextId: FlushContext.parseOrThrow(raw).contextId };
  if ('voice_settings' in raw) return { kind: 'open', contextId: InitializeConnectionMulti.parseOrThrow(raw).contextId };
  if (raw['text'] !== '') return { kind: 'text', ...SendTextMulti.parseOrThrow(raw) };
  return { kind: 'keep_alive', contextId: 'context_id' in raw ? KeepContextAlive.parseOrThrow(raw).contextId : SendTextMulti.parseOrThrow(raw).contextId };
}
