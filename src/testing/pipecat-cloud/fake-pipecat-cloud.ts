/**
 * Stands in for Pipecat Cloud on the loopback interface: agents, sessions, secrets, builds. It remembers what it was told,
 * and judges every request by Pipecat Cloud's own description; what is not as described makes `close` throw.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemWallClock, type WallClock } from '../../clock/wall-clock.ts';
import { type Answer, type Asked, ok, refusal } from './answer.ts';
import { Contract } from './contract.ts';
import { FakeAgents } from './fake-agents.ts';
import { FakeBuilds } from './fake-builds.ts';
import { FakeSecretSets } from './fake-secret-sets.ts';
import { FakeSessions } from './fake-sessions.ts';
import { type LaunchSession, StandInSession } from './session-process.ts';

export type FakePipecatCloudOptions = {
  readonly wall?: WallClock;
  /** What runs a session; a stand-in that goes on until it is told to end, where nothing is given. */
  readonly launch?: LaunchSession;
  /** How long a session's process may take to leave after SIGTERM. */
  readonly leavingMs?: number;
  readonly regions?: readonly string[];
  readonly defaultRegion?: string;
};

/** What a request gets instead of its answer. */
export type Fault = Answer | 'hang_up' | 'say_nothing';

const REGIONS = ['us-west', 'us-east', 'eu-central', 'ap-south'];

/** Reading the description takes a while, and it never changes. */
let contract: Contract | undefined;

export class FakePipecatCloud {
  readonly privateKey = 'planted-private-key-5309';
  readonly publicKey = 'pk_planted-public-key-8675';
  readonly agents: FakeAgents;
  readonly sessions: FakeSessions;
  readonly secrets: FakeSecretSets;
  readonly builds: FakeBuilds;
  /** The stand-ins of sessions, in the order of their start. */
  readonly standIns: StandInSession[] = [];
  /** Each request with what was sent, in the order of arrival; paths are those below /v1. */
  readonly requests: { readonly line: string; readonly body: unknown }[] = [];
  /** What was not as described. */
  readonly violations: string[] = [];
  readonly #regions: readonly string[];
  readonly #defaultRegion: string | undefined;
  readonly #http: Server;
  readonly #faults: { readonly pattern: RegExp; readonly fault: Fault }[] = [];

  static async start(options: FakePipecatCloudOptions = {}): Promise<FakePipecatCloud> {
    const fake = new FakePipecatCloud(options);
    await new Promise<void>((resolve) => fake.#http.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  private constructor({ wall = systemWallClock, launch, leavingMs = 5_000, regions = REGIONS, defaultRegion = 'us-west' }: FakePipecatCloudOptions) {
    contract ??= new Contract();
    this.#regions = regions;
    this.#defaultRegion = defaultRegion;
    const epochMs = (): number => wall.epochMs();
    this.secrets = new FakeSecretSets(regions);
    this.builds = new FakeBuilds((id) => `http://${this.#host}/store/${id}`, epochMs);
    const activeSessions = (agent: string): number => this.sessions.activeOf(agent).length;
    this.agents = new FakeAgents({ regions, secrets: this.secrets, builds: this.builds, epochMs, activeSessions });
    this.sessions = new FakeSessions({
      wall,
      leavingMs,
      launch: launch ?? (() => this.#launchStandIn()),
      agentNamed: (name) => this.agents.all.get(name),
      secretsOf: ({ settings }) => Object.fromEntries(this.secrets.sets.get(String(settings['secretSet']))?.values ?? []),
      log: (agent, line, sessionId) => this.agents.log(agent, line, { sessionId }),
    });
    this.#http = createServer((request, response) => void this.#serve(request, response));
  }

  /** Up to and including /v1. */
  get url(): string {
    return `http://${this.#host}/v1`;
  }

  /** What a command needs to know of it. */
  get env(): Readonly<Record<string, string>> {
    return { PCC_PRIVATE_KEY: this.privateKey, PCC_PUBLIC_KEY: this.publicKey, PCC_BASE_URL: this.url };
  }

  /** The next request that looks like this, such as `/^GET \/agents/`, gets that. */
  prepare(fault: Fault, pattern = /^/): void {
    this.#faults.push({ pattern, fault });
  }

  /** Ends every session and hangs up on everybody. Throws if a request or an answer was not as described. */
  async close(): Promise<void> {
    await this.sessions.close();
    const closed = new Promise((resolve) => this.#http.close(resolve));
    this.#http.closeAllConnections();
    await closed;
    if (this.violations.length > 0) throw new Error(`not as Pipecat Cloud describes it:\n${this.violations.join('\n')}`);
  }

  get #host(): string {
    return `127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  async #launchStandIn(): Promise<StandInSession> {
    const session = await StandInSession.start();
    this.standIns.push(session);
    return session;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await bodyOf(request);
    const { method = '' } = request;
    const url = new URL(request.url ?? '', 'http://fake');
    if (url.pathname.startsWith('/store/')) return send(response, await this.#store(request, url, bytes));
    const path = url.pathname.replace(/^\/v1/, '');
    const line = `${method} ${path}`;
    const body = jsonIn(bytes);
    this.requests.push({ line, body });
    const described = { method, path, query: url.searchParams, body };
    this.violations.push(...(contract?.faultsOfRequest(described) ?? []));
    const found = this.#faults.findIndex(({ pattern }) => pattern.test(line));
    const fault = found < 0 ? undefined : this.#faults.splice(found, 1)[0]?.fault;
    if (fault === 'say_nothing') return;
    if (fault === 'hang_up') return void request.socket.destroy();
    if (fault) return send(response, fault);
    const asked = { method, path, query: url.searchParams, body: (body ?? {}) as Asked['body'] };
    const answer = this.#refusalOfKey(request, path) ?? (await this.#answer(asked, bytes.length));
    this.violations.push(...(contract?.faultsOfAnswer(described, answer.status, answer.body) ?? []));
    send(response, answer);
  }

  #refusalOfKey({ headers: { authorization } }: IncomingMessage, path: string): Answer | undefined {
    const key = path.startsWith('/public/') ? this.publicKey : this.privateKey;
    return authorization === `Bearer ${key}` ? undefined : refusal(401, 'UNAUTHORIZED', `Unauthorized: ${authorization ?? 'no key'}`);
  }

  async #answer(asked: Asked, sentBytes: number): Promise<Answer> {
    const [, first = '', name = '', part, id = '', ...rest] = asked.path.split('/').map(decodeURIComponent);
    if (first === 'public') return part === 'start' ? this.sessions.start(name, asked.body, sentBytes) : this.sessions.proxy(name, id, rest.join('/'));
    if (first === 'regions') return ok({ regions: this.#regions.map((code) => ({ code, display_name: code })) });
    if (first === 'properties') return ok({ properties: this.#defaultRegion === undefined ? {} : { defaultRegion: this.#defaultRegion } });
    const answer = this.agents.answer(asked) ?? (await this.sessions.answer(asked)) ?? this.secrets.answer(asked) ?? this.builds.answer(asked);
    return answer ?? refusal(404, 'NOT_FOUND', 'Not found');
  }

  async #store({ headers }: IncomingMessage, url: URL, bytes: Buffer<ArrayBuffer>): Promise<Answer> {
    if (headers.authorization !== undefined) this.violations.push('a key was sent to the store');
    const form = await new Response(bytes, { headers: { 'content-type': headers['content-type'] ?? '' } }).formData();
    return this.builds.upload(url.pathname.split('/')[2] ?? '', form);
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  for await (const piece of request) pieces.push(piece as Uint8Array);
  return Buffer.concat(pieces);
}

function jsonIn(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return bytes.toString();
  }
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  if (typeof body === 'string') return void response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body === undefined ? undefined : JSON.stringify(body));
}
