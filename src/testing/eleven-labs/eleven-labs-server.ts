/**
 * A stand-in for ElevenLabs on this machine that speaks the vendor's wire protocols: speech over the multi-context
 * WebSocket and over HTTP with timestamps, and the list of voices. It plays latencies and faults, and is strict.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { GetVoicesV2Response } from '@elevenlabs/elevenlabs-js/serialization/types/GetVoicesV2Response.js';
import { Subscription } from '@elevenlabs/elevenlabs-js/serialization/types/Subscription.js';
import { WebSocketServer } from 'ws';
import { answerOverHttp, type HttpSpeech, readSpeechRequest, type SpeechRequestSeen } from './speech-over-http.ts';
import { type ClientMessage, type ClientMessageKind, SpeechConnection } from './speech-connection.ts';
import type { SpeechPlan } from './speech-plan.ts';

/** An answer with a status instead of speech. `code` is the vendor's own, as in `quota_exceeded`. */
export type HttpRefusal = { readonly status: number; readonly code?: string; readonly retryAfter?: string };

/** What a socket was opened with. */
export type Handshake = { readonly voice: string; readonly query: Readonly<Record<string, string>> };

const KEY = 'test-key';
const SUBSCRIPTION = {
  tier: 'starter',
  characterLimit: 30_000,
  maxCreditLimitExtension: 0,
  canExtendCharacterLimit: false,
  allowedToExtendCharacterLimit: false,
  voiceSlotsUsed: 0,
  professionalVoiceSlotsUsed: 0,
  professionalVoiceSlotsUsedInWorkspace: 0,
  voiceLimit: 10,
  voiceAddEditCounter: 0,
  professionalVoiceLimit: 0,
  canExtendVoiceLimit: false,
  canUseInstantVoiceCloning: true,
  canUseProfessionalVoiceCloning: false,
  currentOverage: { amount: '0', currency: 'usd' as const },
  status: 'active' as const,
  openInvoices: [],
  hasOpenInvoices: false,
};
const UNKNOWN_VOICE: HttpRefusal = { status: 404, code: 'voice_not_found' };

export class ElevenLabsServer {
  /** How the next contexts and requests are answered, in order. */
  readonly plans: SpeechPlan[] = [];
  /** How those after them are answered: at once and without a fault, unless it says otherwise. */
  plan: SpeechPlan = {};
  /** Told of every message over a WebSocket, and of every piece of sound that is sent over one. */
  onTraffic: (traffic: { readonly kind: ClientMessageKind | 'sound'; readonly contextId: string }) => void = () => undefined;
  /** The next requests and handshakes are refused so, in order. */
  readonly refusals: HttpRefusal[] = [];
  /** The ids of the voices that it knows. */
  readonly voices: string[] = ['rachel', 'josh'];
  /** How many voices are on a page of the list. */
  voicesPerPage = 100;
  /** What the account has left; undefined where the key may not know. */
  charactersLeft: number | undefined;
  /** Unknown voices are refused in the handshake (404), or after it (1008). */
  unknownVoice: 'handshake' | 'close' = 'close';
  /** Nothing that comes in now is answered. */
  deaf = false;
  /** How much was not answered. */
  unanswered = 0;

  readonly messages: ClientMessage[] = [];
  readonly handshakes: Handshake[] = [];
  readonly requests: SpeechRequestSeen[] = [];

  readonly #violations: string[] = [];
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  readonly #connections = new Set<SpeechConnection>();
  readonly #speeches = new Set<HttpSpeech>();
  readonly #streams = new Set<Duplex>();
  #watchers: (() => void)[] = [];

  /** The key that it accepts. */
  readonly apiKey = KEY;

  static async start(): Promise<ElevenLabsServer> {
    const server = new ElevenLabsServer();
    server.#http.listen(0, '127.0.0.1');
    await once(server.#http, 'listening');
    return server;
  }

  private constructor() {
    this.#http = createServer((request, response) => void this.#answer(request, response));
    this.#http.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => this.#upgrade(request, stream, head));
    this.#http.on('connection', (stream) => {
      this.#streams.add(stream);
      stream.on('close', () => this.#streams.delete(stream));
    });
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  /** How many sockets are open now. */
  get openSockets(): number {
    return this.#connections.size;
  }

  /** How many requests are being answered. */
  get openRequests(): number {
    return this.#speeches.size;
  }

  /** Resolves when the condition holds; it is looked at whenever a client has said or done something. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => void this.#watchers.push(resolve));
  }

  /** Sends all speech that was held back. */
  release(): void {
    for (const speech of [...this.#connections, ...this.#speeches]) speech.release();
  }

  /** The open sockets, oldest first. */
  get connections(): readonly SpeechConnection[] {
    return [...this.#connections];
  }

  /** Rejects if a client broke the protocol. */
  async close(): Promise<void> {
    for (const speech of this.#speeches) speech.drop();
    for (const connection of this.#connections) connection.drop();
    for (const stream of this.#streams) stream.destroy();
    this.#http.close();
    await once(this.#http, 'close');
    if (this.#violations.length > 0) throw new Error(`the protocol was broken: ${this.#violations.join('; ')}`);
  }

  #notice(): void {
    for (const watcher of this.#watchers.splice(0)) watcher();
  }

  #isDeaf(): boolean {
    if (this.deaf) this.unanswered += 1;
    this.#notice();
    return this.deaf;
  }

  /** Why this client may not have what it asks for, if so. */
  #refusal({ headers }: IncomingMessage): HttpRefusal | undefined {
    return headers['xi-api-key'] === this.apiKey ? this.refusals.shift() : { status: 401, code: 'invalid_api_key' };
  }

  #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.on('error', () => undefined);
    const url = new URL(request.url ?? '', this.baseUrl);
    const voice = /^\/v1\/text-to-speech\/([^/]+)\/multi-stream-input$/.exec(url.pathname)?.[1];
    this.handshakes.push({ voice: decodeURIComponent(voice ?? ''), query: Object.fromEntries(url.searchParams) });
    this.#notice();
    if (this.#isDeaf()) return;
    const known = voice !== undefined && this.voices.includes(decodeURIComponent(voice));
    const refusal = this.#refusal(request) ?? (known || this.unknownVoice === 'close' ? undefined : UNKNOWN_VOICE);
    if (refusal) {
      const body = bodyOf(refusal);
      const retryAfter = refusal.retryAfter === undefined ? '' : `Retry-After: ${refusal.retryAfter}\r\n`;
      return void stream.end(`HTTP/1.1 ${refusal.status} Refused\r\n${retryAfter}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
    }
    this.#sockets.handleUpgrade(request, stream, head, (socket) => {
      const connection = new SpeechConnection(socket, {
        number: this.handshakes.length,
        nextPlan: () => this.plans.shift() ?? this.plan,
        onSound: (contextId) => this.onTraffic({ kind: 'sound', contextId }),
        onMessage: (message) => {
          this.messages.push(message);
          this.onTraffic({ kind: message.kind, contextId: message.contextId ?? '' });
          this.#notice();
        },
        onViolation: (what) => void this.#violations.push(what),
      });
      this.#connections.add(connection);
      socket.on('close', () => {
        this.#connections.delete(connection);
        this.#notice();
      });
      if (!known) connection.close(1008, `A voice with voice_id ${voice} does not exist.`);
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.baseUrl);
    if (this.#isDeaf()) return;
    if (url.pathname === '/v1/user/subscription') return this.#tellSubscription(response);
    const refusal = this.#refusal(request);
    const voice = /^\/v1\/text-to-speech\/([^/]+)\/stream\/with-timestamps$/.exec(url.pathname)?.[1];
    if (refusal) return refuse(response, refusal);
    if (request.method === 'GET' && url.pathname === '/v2/voices') return this.#listVoices(url, response);
    if (request.method !== 'POST' || voice === undefined) return refuse(response, { status: 404 });
    if (!this.voices.includes(decodeURIComponent(voice))) return refuse(response, UNKNOWN_VOICE);
    try {
      const seen = await readSpeechRequest(request, url, decodeURIComponent(voice));
      this.requests.push(seen);
      const speech = answerOverHttp(response, seen.text, this.plans.shift() ?? this.plan);
      this.#speeches.add(speech);
      response.on('close', () => {
        this.#speeches.delete(speech);
        this.#notice();
      });
      this.#notice();
    } catch (error) {
      this.#violations.push(String(error));
      refuse(response, { status: 422 });
    }
  }

  #tellSubscription(response: ServerResponse): void {
    if (this.charactersLeft === undefined) return refuse(response, { status: 401, code: 'missing_permissions' });
    const subscription = Subscription.jsonOrThrow({ ...SUBSCRIPTION, characterCount: SUBSCRIPTION.characterLimit - this.charactersLeft });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(subscription));
  }

  #listVoices(url: URL, response: ServerResponse): void {
    const from = Number(url.searchParams.get('next_page_token') ?? 0);
    const to = from + Math.min(this.voicesPerPage, Number(url.searchParams.get('page_size')));
    const hasMore = to < this.voices.length;
    const page = {
      voices: this.voices.slice(from, to).map((voiceId) => ({ voiceId, name: voiceId.toUpperCase(), category: 'premade' as const, labels: { accent: 'american' } })),
      hasMore,
      totalCount: 0,
      ...(hasMore && { nextPageToken: String(to) }),
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(GetVoicesV2Response.jsonOrThrow(page)));
  }
}

function refuse(response: ServerResponse, refusal: HttpRefusal): void {
  const { status, retryAfter } = refusal;
  response.writeHead(status, { 'content-type': 'application/json', ...(retryAfter !== undefined && { 'retry-after': retryAfter }) }).end(bodyOf(refusal));
}

function bodyOf({ code = 'refused' }: HttpRefusal): string {
  return JSON.stringify({ detail: { status: code, message: `The request was refused: ${code}.` } });
}
