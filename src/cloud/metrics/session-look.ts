/**
 * One look at the figures of running sessions, each asked through Pipecat Cloud by a request of its own. A session that
 * does not answer spoils no other: it is told as what it is.
 */
import { z } from 'zod';
import { ProviderError } from '../../base/errors.ts';
import { maybe } from '../api/lenient.ts';
import type { PipecatCloud } from '../api/pipecat-cloud.ts';

const figure = maybe(z.number());
const spread = maybe(z.object({ avg: figure, p95: figure }));

/** As bottalk's agents answer, the Python ones too; all but the session may be missing. */
const figures = z.object({
  session: z.object({ session_id: maybe(z.string()), agent_name: maybe(z.string()) }),
  count: figure,
  aggregates: maybe(z.object({ ttfb: spread, llm: spread, tts: spread, e2e: spread, user_bot_latency: spread })),
  kpis: maybe(z.record(z.string(), z.unknown())),
  timeseries: maybe(
    z.array(
      z.object({
        turn_index: figure,
        input: maybe(z.string()),
        output: maybe(z.string()),
        spoken_output: maybe(z.string()),
        ttfb: figure,
        llm_duration: figure,
        tts_duration: figure,
        e2e_latency: figure,
        user_bot_latency: figure,
        perceived_latency: figure,
      }),
    ),
  ),
});

/** Milliseconds throughout. */
export type SessionFigures = z.infer<typeof figures>;

export type SessionLook =
  | { readonly session: string; readonly state: 'runs'; readonly figures: SessionFigures }
  | { readonly session: string; readonly state: 'over' }
  | { readonly session: string; readonly state: 'unknown'; readonly why: string };

export type LookOptions = {
  readonly cloud: PipecatCloud;
  readonly agent: string;
  /** Only this one; undefined means all that run. */
  readonly session: string | undefined;
  readonly signal: AbortSignal;
};

/** More than Pipecat Cloud lets one deployment have. */
const MOST_SESSIONS = 50;

/** In the order in which Pipecat Cloud lists them. Rejects where it does not even list them. */
export async function lookAtSessions({ cloud, agent, session, signal }: LookOptions): Promise<readonly SessionLook[]> {
  const look = (id: string): Promise<SessionLook> => lookAt(id, { cloud, agent, signal });
  if (session !== undefined) return [await look(session)];
  const { sessions } = await cloud.sessions.list(agent, { status: 'active', limit: MOST_SESSIONS }, signal);
  return Promise.all(sessions.map(({ sessionId }) => look(sessionId)));
}

async function lookAt(session: string, { cloud, agent, signal }: Omit<LookOptions, 'session'>): Promise<SessionLook> {
  try {
    const read = figures.safeParse(await cloud.sessions.read(agent, session, '/metrics', signal));
    return read.success ? { session, state: 'runs', figures: read.data } : { session, state: 'unknown', why: 'it answers with what is no figures' };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return error.kind === 'not_found' ? { session, state: 'over' } : { session, state: 'unknown', why: error.message };
  }
}
