/**
 * Serves the page that runs in Chromium, and takes the sockets of its workers, on the loopback interface only. Every
 * page has an address that nobody can guess, because whoever opens its socket hears the call.
 */
// oxlint-disable-next-line no-restricted-imports -- a secret may not come from a seed
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { readPageFile } from './page-files.ts';

export type ExpectedPage = {
  readonly url: string;
  /** Closes the address: what comes there is turned away. */
  forget(): void;
};

export class PageServer {
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });
  /** By secret. */
  readonly #expected = new Map<string, (socket: WebSocket) => void>();
  readonly #connections = new Set<WebSocket>();

  static async start(): Promise<PageServer> {
    const server = new PageServer();
    await new Promise<void>((resolve, reject) => {
      server.#http.once('error', reject);
      server.#http.listen(0, '127.0.0.1', resolve);
    });
    return server;
  }

  private constructor() {
    this.#http = createServer((request, response) => this.#serve(request, response));
    this.#http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => this.#upgrade(request, socket, head));
  }

  /** Opens an address for one page; `onConnected` gets its worker's socket, once. */
  expectPage(onConnected: (socket: WebSocket) => void): ExpectedPage {
    const secret = randomBytes(16).toString('hex');
    this.#expected.set(secret, onConnected);
    return { url: `http://${this.#host}/${secret}/`, forget: () => void this.#expected.delete(secret) };
  }

  async close(): Promise<void> {
    for (const socket of this.#connections) socket.terminate();
    const closed = new Promise((resolve) => this.#http.close(resolve));
    this.#http.closeAllConnections();
    await closed;
  }

  get #host(): string {
    const { port } = this.#http.address() as AddressInfo;
    return `127.0.0.1:${port}`;
  }

  /** The secret and the rest of the path, if the request is for a page that is expected. */
  #find({ url = '', headers }: IncomingMessage): { readonly secret: string; readonly path: string } | undefined {
    const [, secret = '', path = ''] = /^\/([^/]+)\/(.*)$/.exec(url) ?? [];
    // A web page elsewhere that reaches this port by a name of its own sends that name.
    return headers.host === this.#host && this.#expected.has(secret) ? { secret, path } : undefined;
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const found = this.#find(request);
    const file = found && readPageFile(found.path);
    if (!file) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': file.contentType, 'cache-control': 'no-store' }).end(file.body);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const found = this.#find(request);
    const onConnected = found?.path === 'link' && request.headers.origin === `http://${this.#host}` ? this.#expected.get(found.secret) : undefined;
    if (!found || !onConnected) return void socket.destroy();
    // The first socket is the page's own; a second one would be somebody else's.
    this.#expected.set(found.secret, (late) => late.terminate());
    this.#sockets.handleUpgrade(request, socket, head, (opened) => {
      this.#connections.add(opened);
      opened.on('close', () => this.#connections.delete(opened));
      onConnected(opened);
    });
  }
}
