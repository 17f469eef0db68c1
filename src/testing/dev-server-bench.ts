/** The dev server for tests: in this process, on a free port, with folders of its own, and clients that take down what they are told. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import { type DevServer, type DevServerOptions, openDevServer } from '../server/dev-server.ts';
import type { PageMessage, ServerMessage } from '../web/parts/live-messages.ts';
import { decodeLiveSound, type LiveSound } from '../web/parts/live-sound.ts';

/** Shared by all who test here: what one of them has had spoken need not be spoken again. */
const CACHE = join(import.meta.dirname, '../../node_modules/.cache/bottalk/dev-server-tests');

export type Answer = { readonly status: number; readonly body: unknown };

export class DevServerBench {
  readonly folder: string;
  readonly server: DevServer;
  readonly warnings: string[];
  readonly #clients: Client[] = [];

  static async open(options: Partial<DevServerOptions> & { readonly folder?: string } = {}): Promise<DevServerBench> {
    const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'bottalk-dev-'));
    const warnings: string[] = [];
    const server = await openDevServer({
      wall,
      version: '0.0.0',
      secrets: {},
      port: 0,
      runsFolder: join(folder, 'runs'),
      cacheFolder: CACHE,
      modelFolder: join(folder, 'models'),
      onWarning: (text) => void warnings.push(text),
      ...options,
    });
    return new DevServerBench(folder, server, warnings);
  }

  private constructor(folder: string, server: DevServer, warnings: string[]) {
    this.folder = folder;
    this.server = server;
    this.warnings = warnings;
  }

  get url(): string {
    return new URL('/', this.server.url).href;
  }

  get port(): number {
    return Number(new URL(this.server.url).port);
  }

  get runsFolder(): string {
    return join(this.folder, 'runs');
  }

  /** The names of the folders that runs have left, oldest first. */
  get runs(): readonly string[] {
    return readdirSync(this.runsFolder).toSorted();
  }

  async ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(new URL(path, this.url), { method, ...(text !== undefined && { body: text }) });
    return { status: response.status, body: await response.json() };
  }

  /** Starts in the embedded room, as fast as possible unless told otherwise. */
  async start(request: object = {}): Promise<{ readonly id: string; readonly number: number }> {
    const { status, body } = await this.ask('POST', '/api/start', { room: 'embedded', scenario: 'scenarios/quickstart.yaml', speed: 'max', ...request });
    if (status !== 200) throw new Error(JSON.stringify(body));
    return (body as { run: { id: string; number: number } }).run;
  }

  connect(path: '/live' | '/ws', headers: Readonly<Record<string, string>> = {}): Client {
    const client = new Client(new URL(path, this.url.replace('http', 'ws')).href, headers);
    this.#clients.push(client);
    return client;
  }

  /** Ends the server; its folders go with it unless they are to be kept for another. */
  async close({ keep = false }: { readonly keep?: boolean } = {}): Promise<void> {
    await this.server.close();
    for (const client of this.#clients) client.close();
    if (!keep) rmSync(this.folder, { recursive: true, force: true });
  }
}

type Told<K extends ServerMessage['kind']> = Extract<ServerMessage, { kind: K }>;

/** Whoever listens to a socket of the server. */
export class Client {
  /** As they came, one after the other. */
  readonly messages: ServerMessage[] = [];
  readonly sounds: LiveSound[] = [];
  /** The code with which the socket was closed. */
  readonly closed: Promise<number>;
  /** Rejects if the server would not have it, with the status that it gave. */
  readonly opened: Promise<void>;
  readonly #socket: WebSocket;
  #waiting: (() => void)[] = [];

  constructor(url: string, headers: Readonly<Record<string, string>>) {
    this.#socket = new WebSocket(url, { headers: { ...headers } });
    this.#socket.binaryType = 'arraybuffer';
    const opened = Promise.withResolvers<void>();
    this.opened = opened.promise;
    this.opened.catch(() => undefined);
    this.#socket.on('open', opened.resolve);
    this.#socket.on('error', opened.reject);
    this.#socket.on('unexpected-response', (_request, response) => opened.reject(new Error(`status ${response.statusCode}`)));
    this.closed = new Promise((resolve) => this.#socket.on('close', resolve));
    this.#socket.on('message', (data: ArrayBuffer, isBinary) => {
      if (isBinary) this.sounds.push(decodeLiveSound(data) as LiveSound);
      else this.messages.push(JSON.parse(Buffer.from(data).toString('utf8')) as ServerMessage);
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const look of waiting) look();
    });
  }

  send(message: PageMessage): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** The first message of this kind that there is, or will be. */
  async until<K extends ServerMessage['kind']>(kind: K, fits: (message: Told<K>) => boolean = () => true): Promise<Told<K>> {
    for (;;) {
      const found = this.messages.find((message): message is Told<K> => message.kind === kind && fits(message as Told<K>));
      if (found) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Resolves when so many messages have come. */
  async count(messages: number): Promise<void> {
    while (this.messages.length < messages) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Reads nothing from now on. */
  stopReading(): void {
    this.#socket.pause();
  }

  close(): void {
    this.#socket.terminate();
  }
}
