/**
 * The server of `bottalk dev`: the interface that Pipecat's frontends know, and what the page needs besides. It refuses who
 * may not talk to it before anything else, and it leaves nothing behind: calls end before it does.
 */
import { generateKeySync } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';
import websocket from '@fastify/websocket';
import { fastify, type FastifyInstance, type FastifyReply } from 'fastify';
import { UsageError } from '../base/errors.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import type { RecordOptions } from '../compose/record-run.ts';
import type { Secrets } from '../compose/secrets.ts';
import { admit, type AdmissionOptions, inUrl, isAllowedOrigin, LOOPBACK } from './admission.ts';
import { CallDesk } from './call-desk.ts';
import { callRoutes } from './call-routes.ts';
import { Feed } from './feed.ts';
import { LISTENER_LIMITS, type ListenerLimits } from './listener.ts';
import { metricsRoutes } from './metrics-routes.ts';
import { MetricsStore } from './metrics-store.ts';
import { pageRoutes } from './page-routes.ts';
import { refusalOf, RequestError } from './request-error.ts';
import { type OpenSockets, socketRoutes } from './sockets.ts';

export type DevServerOptions = {
  readonly wall: WallClock;
  readonly version: string;
  readonly secrets: Secrets;
  /** 0: any free one. */
  readonly port: number;
  /** Where it listens; undefined: on this machine alone. */
  readonly host?: string | undefined;
  readonly allowedOrigins?: readonly string[];
  /** Files, folders and patterns of scenarios that can be started; none: the folder scenarios/. Those that come with bottalk always can. */
  readonly scenarios?: readonly string[];
  readonly runsFolder: string;
  readonly cacheFolder: string;
  readonly modelFolder: string;
  /** What each call may cost at most; one whose prices are unknown is not begun then. */
  readonly budgetUsd?: number | undefined;
  readonly onWarning: (text: string) => void;
  readonly limits?: Partial<ListenerLimits>;
  /** How patient its calls are with the world. */
  readonly patience?: RecordOptions['patience'];
};

export type DevServer = {
  /** What to open, with the token if there is one. */
  readonly url: string;
  /** Ends the call that runs and writes its folder, then says goodbye to everybody. Safe to call twice. */
  close(): Promise<void>;
};

const MOST_BODY_BYTES = 1_000_000;
/** What a page may send over a socket: a few words. */
const MOST_MESSAGE_BYTES = 64_000;
/** Whoever takes longer to say what they want keeps a connection for nothing. */
const REQUEST_MS = 30_000;
/** How long others may take to say goodbye when the server ends. */
const GOODBYE_MS = 2000;
/** A page of elsewhere may not even embed what it cannot read. */
const FOR_ALL = {
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-site',
  'referrer-policy': 'no-referrer',
  vary: 'origin',
  'x-content-type-options': 'nosniff',
};
const METHODS = 'GET, POST, OPTIONS';

/** Throws a UsageError where it cannot listen. */
export async function openDevServer(options: DevServerOptions): Promise<DevServer> {
  const { wall, version, host, port, runsFolder, cacheFolder, modelFolder, onWarning, budgetUsd, patience } = options;
  const secrets = notToItself(options.secrets, port);
  const token = host === undefined ? undefined : secret();
  const app = fastify({
    bodyLimit: MOST_BODY_BYTES,
    requestTimeout: REQUEST_MS,
    forceCloseConnections: true,
    frameworkErrors: (error, _request, reply) => tellRefusal(error, reply),
  });
  const connections = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  const store = new MetricsStore();
  const records = new Feed();
  const live = new Feed();
  let sockets: OpenSockets | undefined;
  const desk = new CallDesk(
    {
      wall,
      version,
      secrets,
      runsFolder,
      cacheFolder,
      modelFolder,
      budgetUsd,
      onWarning,
      feed: live,
      pass: (message, kind) => sockets?.pass(message, kind),
      onRecord: (record, order) => {
        // As Pipecat's server names its two sessions.
        const stored = { ...record, session_id: `local-${order + 1}`, received_at: wall.epochMs() / 1000 };
        store.add(stored);
        records.append(stored);
      },
      ...(patience && { patience }),
    },
    ({ run }) => {
      store.begin(run.id);
      records.beginAnew();
    },
  );
  refuseStrangers(app, { host, allowedOrigins: options.allowedOrigins ?? [], token });
  // What a body is depends on who reads it, and not on what its sender calls it.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  await app.register(websocket, { options: { maxPayload: MOST_MESSAGE_BYTES } });
  const { OPENAI_API_KEY, OPENAI_BASE_URL, ELEVENLABS_API_KEY, DAILY_API_KEY } = secrets;
  const keys = { openai: Boolean(OPENAI_API_KEY ?? OPENAI_BASE_URL), elevenlabs: Boolean(ELEVENLABS_API_KEY), daily: Boolean(DAILY_API_KEY) };
  await app.register((routes, _options, done) => {
    callRoutes(routes, { desk, scenarios: options.scenarios ?? [], secrets, wall, runsFolder, cacheFolder, modelFolder, budgetUsd });
    metricsRoutes(routes, { store, feed: records, wall });
    pageRoutes(routes, { runsFolder, token });
    const hello = { kind: 'hello', server: secret(), version, keys } as const;
    sockets = socketRoutes(routes, { desk, records, live, hello, wall, limits: { ...LISTENER_LIMITS, ...options.limits } });
    done();
  });
  try {
    await app.listen({ port, host: host ?? '127.0.0.1' });
  } catch (error) {
    throw new UsageError(...unheard(error, port, host));
  }
  const { port: opened } = app.server.address() as AddressInfo;
  const address = `http://${host === undefined ? 'localhost' : inUrl(host)}:${opened}/`;
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await desk.close();
    sockets?.close();
    // Whoever does not hang up, on what became a socket or should have, is hung up on.
    const giveUp = wall.after(GOODBYE_MS, () => connections.forEach((connection) => connection.destroy()));
    await app.close();
    giveUp();
  };
  return { url: token === undefined ? address : `${address}?token=${token}`, close: () => (closed ??= close()) };
}

function refuseStrangers(app: FastifyInstance, options: AdmissionOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    const { host, origin, authorization, cookie } = request.headers;
    reply.headers(FOR_ALL);
    const { token: query } = request.query as { readonly token?: unknown };
    // A browser asks beforehand without cookies; what it asks for is not done yet.
    const isQuestion = request.method === 'OPTIONS' && origin !== undefined;
    admit({ host, origin, authorization, cookie, query: typeof query === 'string' ? query : undefined }, isQuestion ? { ...options, token: undefined } : options);
    if (origin !== undefined && host !== undefined && isAllowedOrigin(origin, host, options)) reply.header('access-control-allow-origin', origin);
    if (!isQuestion) return undefined;
    const asked = request.headers['access-control-request-headers'];
    return reply.status(200).header('access-control-allow-methods', METHODS).header('access-control-allow-headers', asked ?? '*').header('access-control-max-age', 600).send();
  });
  // A connection that was to become a socket is no longer the HTTP server's, so nobody else would end it.
  app.addHook('onResponse', async (request, reply) => {
    if (request.headers.upgrade !== undefined && reply.statusCode >= 400) request.raw.socket.destroySoon();
  });
  app.setNotFoundHandler((request) => {
    const [path = ''] = request.url.split('?');
    const isKnown = (['GET', 'POST'] as const).some((method) => method !== request.method && app.hasRoute({ url: path, method }));
    throw isKnown ? new RequestError(405, 'Method Not Allowed') : new RequestError(404, 'Not Found');
  });
  app.setErrorHandler((error, _request, reply) => tellRefusal(error, reply));
}

function tellRefusal(error: unknown, reply: FastifyReply): void {
  const { status, detail } = refusalOf(error);
  void reply.status(status).type('application/json').send({ detail });
}

/** Agents elsewhere may post their records to this server; its own calls hand them over, and would do so twice. */
function notToItself(secrets: Secrets, port: number): Secrets {
  const { METRICS_INGEST_URL: address, ...others } = secrets;
  const url = URL.parse(address ?? '');
  return url && LOOPBACK.includes(url.hostname) && Number(url.port) === port ? others : secrets;
}

/** Nobody can guess it. Keys are made where nothing is left to a seed. */
function secret(): string {
  return generateKeySync('hmac', { length: 128 }).export().toString('hex');
}

function unheard(error: unknown, port: number, host: string | undefined): [message: string, hint?: string] {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return [`port ${port} is taken`, 'name another with --port, or any free one with --port 0'];
    case 'EACCES':
      return [`port ${port} may not be used`, 'name one above 1023 with --port'];
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return [`${host} is no address of this machine`, 'such as 0.0.0.0 for all of them'];
    default:
      return [`the server cannot listen: ${(error as Error).message}`];
  }
}
