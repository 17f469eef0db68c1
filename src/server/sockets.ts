/** The two sockets: /ws, which Pipecat's frontends listen to, and /live, where the page is shown calls and steers them. */
import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import { isMapping, jsonIn } from '../base/read-json.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import type { PageMessage, ServerMessage } from '../web/parts/live-messages.ts';
import type { CallDesk } from './call-desk.ts';
import type { Feed } from './feed.ts';
import { Listener, type ListenerLimits } from './listener.ts';
import { RequestError } from './request-error.ts';

/** More windows than anybody opens. */
const MOST_LISTENERS = 200;
const TRY_AGAIN_LATER = 1013;

export type SocketOptions = {
  readonly desk: CallDesk;
  readonly records: Feed;
  readonly live: Feed;
  readonly hello: Extract<ServerMessage, { kind: 'hello' }>;
  readonly wall: WallClock;
  readonly limits: ListenerLimits;
};

export type OpenSockets = {
  /** To every page that keeps up and wants sound. */
  readonly pass: (message: Uint8Array, options: { readonly binary: boolean }) => void;
  readonly close: () => void;
};

export function socketRoutes(app: FastifyInstance, { desk, records, live, hello, wall, limits }: SocketOptions): OpenSockets {
  const listeners = new Set<Listener>();
  const pages = new Map<Listener, { sound: boolean }>();
  const listen = (socket: WebSocket, feed: Feed, greeting?: object): Listener | undefined => {
    if (listeners.size >= MOST_LISTENERS) {
      socket.on('error', () => {});
      socket.close(TRY_AGAIN_LATER, 'too many listen');
      return undefined;
    }
    const listener = new Listener({ socket, feed, wall, limits }, greeting);
    listeners.add(listener);
    socket.on('close', () => {
      listeners.delete(listener);
      pages.delete(listener);
    });
    return listener;
  };
  // What comes in over /ws means nothing.
  const open = (url: string, wsHandler: (socket: WebSocket) => void): void => {
    app.route({ method: 'GET', url, handler: noSocket, wsHandler });
  };
  open('/ws', (socket) => void listen(socket, records));
  open('/live', (socket) => {
    const listener = listen(socket, live, hello);
    if (!listener) return;
    const wishes = { sound: true };
    pages.set(listener, wishes);
    socket.on('message', (data: Buffer, isBinary) => {
      const message = isBinary ? undefined : readPageMessage(data.toString('utf8'));
      if (message?.kind === 'sound') wishes.sound = message.wanted;
      else if (message) act(message, desk);
    });
  });
  return {
    pass(message, { binary }) {
      for (const [listener, { sound }] of pages) if (sound || !binary) listener.pass(message, { binary });
    },
    close() {
      for (const listener of listeners) listener.close();
    },
  };
}

function noSocket(): never {
  throw new RequestError(404, 'Not Found');
}

function act(message: Exclude<PageMessage, { kind: 'sound' }>, desk: CallDesk): void {
  switch (message.kind) {
    case 'pace':
      return desk.current?.setSpeed(message.speed);
    case 'pause':
      return desk.current?.pause();
    case 'resume':
      return desk.current?.resume();
    case 'stop':
      // A page that stops what nobody runs, or what fails in ending, sees that from what it is told of the call.
      return void desk.stop().catch(() => undefined);
  }
}

/** Undefined for what is no such message: whoever sends that is not the page, and is told nothing. */
function readPageMessage(text: string): PageMessage | undefined {
  const message = jsonIn(text);
  if (!isMapping(message)) return undefined;
  const { kind, speed, wanted } = message;
  if (kind === 'pace') return speed === 1 || speed === 2 || speed === 'max' ? { kind, speed } : undefined;
  if (kind === 'sound') return typeof wanted === 'boolean' ? { kind, wanted } : undefined;
  return kind === 'pause' || kind === 'resume' || kind === 'stop' ? { kind } : undefined;
}
