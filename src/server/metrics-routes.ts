/** /api/metrics: what agents of Pipecat's post while they talk, and what its dashboards read of that. */
import type { FastifyInstance } from 'fastify';
import { isMapping, jsonIn } from '../base/read-json.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import type { Feed } from './feed.ts';
import type { MetricsStore } from './metrics-store.ts';
import { RequestError } from './request-error.ts';

/** What is kept for newcomers to /ws. Anybody on this machine may post, and no call comes near it. */
const MOST_KEPT_BYTES = 64_000_000;

export type MetricsOptions = { readonly store: MetricsStore; readonly feed: Feed; readonly wall: WallClock };

export function metricsRoutes(app: FastifyInstance, { store, feed, wall }: MetricsOptions): void {
  const tell = (message: object): void => {
    if (feed.keptBytes > MOST_KEPT_BYTES) feed.beginAnew();
    feed.append(message);
  };
  app.post<{ Body: string | undefined }>('/api/metrics', (request) => {
    const body = jsonIn(request.body ?? '');
    if (body === undefined) throw new RequestError(500, 'the body is no JSON');
    if (isMapping(body) && 'type' in body) {
      tell(body);
      return { ok: true };
    }
    const { session_id, agent_name } = isMapping(body) ? body : {};
    if (typeof session_id !== 'string' || typeof agent_name !== 'string' || session_id === '' || agent_name === '') {
      throw new RequestError(400, 'session_id and agent_name are required');
    }
    const record = { ...(body as object), session_id, agent_name, received_at: wall.epochMs() / 1000 };
    const count = store.add(record);
    tell(record);
    return { status: 'ok', count };
  });
  app.get<{ Querystring: { session_id?: string; run?: string } }>('/api/metrics', ({ query }) => store.metrics({ session: query.session_id, run: query.run }));
}
