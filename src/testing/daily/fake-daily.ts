/**
 * Stands in for Daily on the loopback interface: its REST interface, the script that daily-js loads, and the servers
 * that the script talks to. What it answers is written down from Daily's public documents; nothing leaves the machine.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { systemWallClock, type WallClock } from '../../clock/wall-clock.ts';
import { FakeRoom, type RoomProperties, tell, type TokenProperties } from './fake-room.ts';
import type { Fault, ToServer } from './signals.ts';

type Json = Readonly<Record<string, unknown>>;
type Answer = { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> };

export class FakeDaily {
  readonly apiKey = 'test-key';
  readonly rooms = new Map<string, FakeRoom>();
  readonly tokens = new Map<string, TokenProperties>();
  /** Each REST request with what was sent, in the order of arrival. */
  readonly requests: { readonly line: string; readonly body: unknown }[] = [];
  readonly #wall: WallClock;
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #prepared: (Answer | 'hang_up' | 'say_nothing')[] = [];
  readonly #refused: { readonly pattern: RegExp; readonly answer: Answer }[] = [];
  /** REST requests are answered when this resolves. */
  answersAfter: Promise<void> = Promise.resolve();
  /** Is shown each room as soon as it is made. */
  onRoom: (room: FakeRoom) => void = () => undefined;
  /** Whoever wants to join gets this. */
  refusesJoins: Fault | undefined;
  #isUnplugged = false;

  static async start(wall: WallClock = systemWallClock): Promise<FakeDaily> {
    const fake = new FakeDaily(wall);
    await new Promise<void>((resolve) => fake.#http.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  private constructor(wall: WallClock) {
    this.#wall = wall;
    this.#http = createServer((request, response) => void this.#serve(request, response));
    this.#http.on('upgrade', (request: IncomingMessage, socket, head) => {
      if (this.#isUnplugged) return void socket.destroy();
      this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#receive(opened));
    });
  }

  get restUrl(): string {
    return `http://${this.#host}/v1`;
  }

  /** Where daily-js has to look for its call machine. */
  get callMachineFolder(): string {
    return `http://${this.#host}/call-machine`;
  }

  /** The next REST request, whatever it is, gets this. */
  prepare(answer: Answer | 'hang_up' | 'say_nothing'): void {
    this.#prepared.push(answer);
  }

  /** Every REST request that looks like this, such as `DELETE /rooms`, is refused. */
  refuse(pattern: RegExp, status: number, error: string): void {
    this.#refused.push({ pattern, answer: refusal(status, error) });
  }

  /** The network is gone, without a word. */
  unplug(): void {
    this.#isUnplugged = true;
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  plugIn(): void {
    this.#isUnplugged = false;
  }

  /** As by somebody else who has the key. */
  deleteRooms(): void {
    for (const room of this.rooms.values()) room.close();
    this.rooms.clear();
  }

  /** The room that was made last. */
  get room(): FakeRoom {
    const room = [...this.rooms.values()].at(-1);
    if (!room) throw new Error('there is no room');
    return room;
  }

  async close(): Promise<void> {
    for (const room of this.rooms.values()) room.close();
    for (const socket of this.#sockets.clients) socket.terminate();
    const closed = new Promise((resolve) => this.#http.close(resolve));
    this.#http.closeAllConnections();
    await closed;
  }

  get #host(): string {
    return `127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = '', method = '' } = request;
    if (this.#isUnplugged) return void request.socket.destroy();
    // daily-js fetches its script from wherever its page was loaded.
    if (url === '/call-machine/call-machine-object-bundle.js') {
      return void response.writeHead(200, { 'content-type': 'text/javascript', 'access-control-allow-origin': '*' }).end(this.#script());
    }
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const body = text === '' ? {} : (JSON.parse(text) as Json);
    this.requests.push({ line: `${method} ${url.replace(/^\/v1/, '')}`, body });
    await this.answersAfter;
    const prepared = this.#prepared.shift();
    if (prepared === 'say_nothing') return;
    if (prepared === 'hang_up') return void request.socket.destroy();
    const authorized = request.headers.authorization === `Bearer ${this.apiKey}`;
    const refused = this.#refused.find(({ pattern }) => pattern.test(`${method} ${url.replace(/^\/v1/, '')}`))?.answer;
    const answer = prepared ?? refused ?? (authorized ? this.#answer(method, url.replace(/^\/v1/, ''), body) : refusal(401, 'authentication-error'));
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(JSON.stringify(answer.body));
  }

  #answer(method: string, path: string, body: Json): Answer {
    const [, collection, name, ...rest] = path.split('/');
    if (method === 'POST' && path === '/rooms') return this.#makeRoom(body);
    if (method === 'POST' && path === '/meeting-tokens') {
      const token = randomUUID();
      this.tokens.set(token, (body['properties'] ?? {}) as TokenProperties);
      return { status: 200, body: { token } };
    }
    const room = collection === 'rooms' && name !== undefined ? this.rooms.get(name) : undefined;
    if (!room) return refusal(404, 'not-found');
    return this.#answerForRoom(room, `${method} ${rest.join('/')}`, body);
  }

  #answerForRoom(room: FakeRoom, what: string, body: Json): Answer {
    switch (what) {
      case 'DELETE ':
        this.rooms.delete(room.name);
        room.close();
        return { status: 200, body: { deleted: true, name: room.name } };
      case 'POST send-app-message':
        room.appMessage({ from: 'rest-api', to: String(body['recipient'] ?? '*'), data: body['data'] });
        return { status: 200, body: { sent: 'true' } };
      case 'POST transcription/start':
        room.startTranscription(body);
        return { status: 200, body: { sent: 'true' } };
      default:
        return refusal(400, 'invalid-request-error');
    }
  }

  #makeRoom(body: Json): Answer {
    const room = new FakeRoom({ name: randomUUID().slice(0, 12), properties: (body['properties'] ?? {}) as RoomProperties, wall: this.#wall });
    this.rooms.set(room.name, room);
    this.onRoom(room);
    return { status: 200, body: description(room) };
  }

  #receive(socket: WebSocket): void {
    socket.once('message', (data: Buffer) => {
      const wish = JSON.parse(data.toString()) as Extract<ToServer, { kind: 'join' }>;
      const token = wish.token === null ? {} : this.tokens.get(wish.token);
      const room = this.rooms.get(new URL(wish.url).pathname.slice(1));
      const fault = this.#reasonToRefuse(room, token);
      if (fault) tell(socket, { kind: 'refused', fault });
      else room?.admit(socket, wish, token ?? {});
    });
  }

  #reasonToRefuse(room: FakeRoom | undefined, token: TokenProperties | undefined): Fault | undefined {
    const nowSecs = this.#wall.epochMs() / 1000;
    if (this.refusesJoins) return this.refusesJoins;
    if (!room) return { type: 'no-room', msg: "The meeting you're trying to join does not exist." };
    if (!token || (token.room_name ?? room.name) !== room.name) return { type: 'not-allowed', msg: 'You are not allowed to join this meeting' };
    if ((room.properties.exp ?? Infinity) < nowSecs) return { type: 'exp-room', msg: "The meeting you're trying to join has expired." };
    if ((token.exp ?? Infinity) < nowSecs) return { type: 'exp-token', msg: 'The token has expired.' };
    return undefined;
  }

  #script(): string {
    const source = readFileSync(new URL('./call-machine/call-machine.ts', import.meta.url), 'utf8');
    return `globalThis.fakeDailySocket = 'ws://${this.#host}/';\n${stripTypeScriptTypes(source)}`;
  }
}

function description({ name, url, properties }: FakeRoom): Json {
  return { id: `id-${name}`, name, api_created: true, privacy: 'public', url, config: properties };
}

function refusal(status: number, error: string): Answer {
  return { status, body: { error, info: 'text of the service that nobody should repeat' } };
}
