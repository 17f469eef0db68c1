/**
 * The routes that Pipecat Cloud drives, and the session's own. POST /bot is answered when its session is over; answers
 * have the form that Pipecat's base image gives them. Knows nothing of calls, signals or ports.
 */
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { budgetSecsOf, readBotBody, roomOf, sessionIdOf } from './bot-request.ts';
import type { EntryLog } from './entry-log.ts';
import { kpisOfSession, metricsOfSession, summaryOfSession } from './session-figures.ts';
import type { SessionSlot } from './session-slot.ts';

export type EntryServerOptions = {
  readonly slot: SessionSlot;
  readonly log: EntryLog;
  readonly isDraining: () => boolean;
};

/** Pipecat Cloud starts sessions with at most 1 MB. */
const MOST_BODY_BYTES = 2 * 1024 * 1024;
/** Whoever calls in between keeps its connection for a minute. */
const KEEP_ALIVE_MS = 75_000;
/** A body takes no longer than this to arrive; an answer may take hours. */
const REQUEST_MS = 60_000;
/** A connection that is silent for hours is kept open by the network only if something goes over it. */
const TCP_KEEP_ALIVE_MS = 30_000;

const METHODS: Readonly<Record<string, string>> = {
  '/bot': 'POST',
  '/livez': 'GET, HEAD',
  '/readyz': 'GET, HEAD',
  '/metrics': 'GET, HEAD',
  '/metrics/summary': 'GET, HEAD',
  '/kpis': 'GET, HEAD',
};

export function entryServer(options: EntryServerOptions): FastifyInstance {
  const { slot, log, isDraining } = options;
  const server = fastify({ bodyLimit: MOST_BODY_BYTES, keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_MS, forceCloseConnections: 'idle' });
  server.server.on('connection', (socket) => socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS));
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_, body, done) => done(null, body));
  server.setNotFoundHandler((request, reply) => {
    const allowed = METHODS[pathOf(request)];
    if (allowed === undefined) return reply.code(404).send({ detail: 'Not Found' });
    reply.header('allow', allowed);
    return request.method === 'OPTIONS' ? reply.code(204).send() : reply.code(405).send({ detail: 'Method Not Allowed' });
  });
  server.setErrorHandler((error: Error & { readonly statusCode?: number }, _, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) log.error('bottalk.serve', `a request failed: ${error.stack ?? error.message}`);
    return reply.code(status).send({ detail: status === 413 ? `the body is larger than ${MOST_BODY_BYTES} bytes` : status >= 500 ? 'Internal Server Error' : error.message });
  });
  // A connection that is kept open would keep the process.
  server.addHook('onSend', async (_, reply) => {
    if (isDraining()) reply.header('connection', 'close');
  });

  server.get('/livez', () => ({ status: 'ok' }));
  server.get('/readyz', (_, reply) => {
    const isReady = !isDraining() && !slot.isBroken;
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ok' : 'not ready' });
  });
  server.get('/metrics', () => metricsOfSession(slot.view));
  server.get('/metrics/summary', () => summaryOfSession(slot.view));
  server.get('/kpis', () => kpisOfSession(slot.view));
  server.post('/bot', (request, reply) => bot(request, reply, options));
  return server;
}

async function bot(request: FastifyRequest, reply: FastifyReply, { slot, log, isDraining }: EntryServerOptions): Promise<FastifyReply> {
  const refuse = (status: number, detail: unknown, why: string): FastifyReply => {
    log.warn('bottalk.serve', `POST /bot was refused with ${status}: ${why}`);
    return reply.code(status).send({ detail });
  };
  const { headers } = request;
  const busy = whyBusy(slot, isDraining);
  if (busy !== undefined) return refuse(503, busy, busy);
  const read = readBotBody(typeof request.body === 'string' ? request.body : '', headers);
  if ('refusal' in read) return refuse(read.refusal.status, read.refusal.detail, 'its body is not one');
  const room = roomOf(headers);
  log.hide(room?.token, tokenIn(read.body));
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  // The schema of a whole scenario takes its time, and the port should not wait for it.
  const { readSessionOrder } = await import('./session-order.ts');
  const asked = readSessionOrder(read.body, room);
  if ('mistakes' in asked) {
    return refuse(422, asked.mistakes, asked.mistakes.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; '));
  }
  // Somebody else may have come meanwhile.
  const busyNow = whyBusy(slot, isDraining);
  if (busyNow !== undefined) return refuse(503, busyNow, busyNow);
  const end = await slot.hold({ order: asked.order, sessionId: sessionIdOf(headers), budgetSecs: budgetSecsOf(headers), gone: gone.signal });
  return end.held ? reply.code(200).send({}) : reply.code(500).send({ detail: end.message });
}

function whyBusy(slot: SessionSlot, isDraining: () => boolean): string | undefined {
  if (isDraining() || slot.isBroken) return 'this instance takes no further session';
  return slot.isBusy ? 'this instance holds a session already' : undefined;
}

function tokenIn({ token }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof token === 'string' ? token : undefined;
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? '';
}
