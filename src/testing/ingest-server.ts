/** Whoever collects records: a server on this machine that takes what is posted to it, or does not, as a test says. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Posted = { readonly path: string; readonly headers: IncomingHttpHeaders; readonly record: Readonly<Record<string, unknown>> };

/** A status, with headers if need be; null never answers. */
export type IngestAnswer = number | { readonly status: number; readonly headers: Readonly<Record<string, string>> } | null;

export class IngestServer {
  /** All that was posted, taken or not. */
  readonly posted: Posted[] = [];
  /** What the n-th request is answered with, from 0. */
  answer: (n: number) => IngestAnswer = () => 200;
  readonly #server: Server;

  static async start(): Promise<IngestServer> {
    const server = new IngestServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  private constructor() {
    this.#server = createServer((request, response) => {
      let text = '';
      request.on('data', (piece: Buffer) => (text += piece.toString()));
      request.on('end', () => {
        const n = this.posted.length;
        this.posted.push({ path: request.url ?? '', headers: request.headers, record: JSON.parse(text) as Posted['record'] });
        const answer = this.answer(n);
        if (answer === null) return;
        const { status, headers } = typeof answer === 'number' ? { status: answer, headers: {} } : answer;
        response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(`{"status":"secret payload ${n}"}`);
      });
    });
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `http://${this.host}/api/metrics`;
  }

  /** Hangs up on everybody; nobody answers at its address from then on. */
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
