/** The process behind a session of the fake: a real one that is spawned, or one that only seems to be one and lives in the test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from '../free-port.ts';

export type LaunchRequest = {
  readonly agent: string;
  readonly sessionId: string;
  /** What the agent's secret set holds. */
  readonly secrets: Readonly<Record<string, string>>;
  /** A line of the process, for the agent's log. */
  readonly onLine: (line: string) => void;
};

/** What runs a session. It is asked at `/bot` on its port until it answers. */
export interface SessionProcess {
  readonly port: number;
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
  /** Resolves when nothing of it is left. */
  readonly exited: Promise<void>;
}

export type LaunchSession = (request: LaunchRequest) => Promise<SessionProcess>;

/** Spawns `node` with these words for every session, with PORT and the secrets in its environment. */
export function launchNode(words: readonly string[], env: Readonly<Record<string, string>> = {}): LaunchSession {
  return async ({ secrets, onLine }) => {
    const port = await freePort();
    const child = spawn(process.execPath, words, { env: { ...process.env, ...env, ...secrets, PORT: String(port) }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) tellLines(stream, onLine);
    return { port, signal: (name) => void child.kill(name), exited: exitOf(child) };
  };
}

/** A session that goes on until it is told to end, and answers every other path with `figures`. */
export class StandInSession implements SessionProcess {
  readonly exited: Promise<void>;
  /** What /bot was sent. */
  asked: { readonly headers: Readonly<Record<string, string | string[] | undefined>>; readonly body: unknown } | undefined;
  figures: unknown = { turns: 0 };
  readonly #server: Server;
  #end: ((status: number) => void) | undefined;

  static async start(): Promise<StandInSession> {
    const session = new StandInSession();
    await once(session.#server.listen(0, '127.0.0.1'), 'listening');
    return session;
  }

  private constructor() {
    this.#server = createServer((request, response) => {
      let text = '';
      request.on('data', (piece: Buffer) => (text += piece.toString()));
      request.on('end', () => {
        if (request.url !== '/bot') return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(this.figures));
        this.asked = { headers: request.headers, body: JSON.parse(text) as unknown };
        this.#end = (status) => void response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
      });
    });
    this.exited = once(this.#server, 'close').then(() => undefined);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The conversation is over. */
  end(status = 200): void {
    this.#end?.(status);
  }

  signal(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

function exitOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
}

function tellLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}
