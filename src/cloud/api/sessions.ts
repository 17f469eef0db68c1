/** The calls about sessions: starting one with the public key, watching and stopping them with the private one. */
import { z } from 'zod';
import { CloudError } from './cloud-error.ts';
import { maybe, moment } from './lenient.ts';
import type { CloudRequests } from './requests.ts';

const session = z.object({
  sessionId: z.string(),
  deploymentId: maybe(z.string()),
  createdAt: maybe(moment),
  updatedAt: maybe(moment),
  /** Missing while it runs. */
  endedAt: maybe(moment),
  botStartSeconds: maybe(z.number()),
  coldStart: maybe(z.boolean()),
  /** A status of HTTP as text, HTTP_COMPLETED, HTTP_ERROR or WS_CONNECTION_CLOSED. */
  completionStatus: maybe(z.string()),
  resourceMetrics: maybe(
    z.object({
      cpuMillicoresP50: maybe(z.number()),
      cpuMillicoresP99: maybe(z.number()),
      memoryBytesP50: maybe(z.number()),
      memoryBytesP99: maybe(z.number()),
    }),
  ),
  meetingIds: maybe(z.array(z.object({ participantId: maybe(z.string()), meetingId: maybe(z.string()) }))),
});

const sessionList = z.object({ total_count: maybe(z.int()), sessions: z.array(session) });
const started = z.object({ sessionId: z.string(), dailyRoom: maybe(z.string()), dailyToken: maybe(z.string()) });

export type CloudSession = z.infer<typeof session>;
export type CloudSessions = z.infer<typeof sessionList>;
export type StartedSession = z.infer<typeof started>;

/** What a session is started with; `body` is what its process is given, at most 1 MB as JSON. */
export type StartSession = {
  readonly body?: Readonly<Record<string, unknown>>;
  readonly transport?: 'daily' | 'webrtc' | 'websocket';
  readonly createDailyRoom?: boolean;
  readonly dailyRoomProperties?: Readonly<Record<string, unknown>>;
};

export type SessionQuery = {
  readonly limit?: number;
  readonly offset?: number;
  readonly status?: 'active' | 'ended' | 'all';
  readonly deploymentId?: string;
  /** Seconds since the epoch. */
  readonly startTime?: number;
  readonly endTime?: number;
};

export interface SessionCalls {
  /**
   * Waits for a cold start, at most two minutes. Never repeated: one that was given up or broke off may have made a session
   * all the same, so look for it in `list` and stop it. Rejects with kind `rate_limited` while no instance is free, `quota`
   * for what has to be paid, code `PCC-1001` while no version is ready.
   */
  start(agent: string, request: StartSession, signal?: AbortSignal): Promise<StartedSession>;
  list(agent: string, query?: SessionQuery, signal?: AbortSignal): Promise<CloudSessions>;
  get(agent: string, sessionId: string, signal?: AbortSignal): Promise<CloudSession>;
  /** `over`: it was not there any more. */
  stop(agent: string, sessionId: string, signal?: AbortSignal): Promise<'stopped' | 'over'>;
  /**
   * GET of a path of the session's own process, such as /metrics/summary: its JSON. One try of at most 5 s. Rejects with kind
   * `not_found` once the session is over.
   */
  read(agent: string, sessionId: string, path: string, signal?: AbortSignal): Promise<unknown>;
}

export function sessionCalls({ ask, tell }: CloudRequests): SessionCalls {
  const under = (agent: string, sessionId?: string): string =>
    `/agents/${encodeURIComponent(agent)}/sessions${sessionId === undefined ? '' : `/${encodeURIComponent(sessionId)}`}`;
  const missing = (agent: string, id: string): string => `agent ${agent} has no session ${id}`;
  return {
    start: (agent, request, signal) =>
      ask(
        {
          method: 'POST',
          path: `/public/${encodeURIComponent(agent)}/start`,
          body: request,
          key: 'public',
          what: `starting a session of ${agent}`,
          repeat: 'never',
          timeout: 'startMs',
          secret: true,
          missing: `there is no agent ${agent} that could be started`,
          crowded: `every instance of ${agent} is in use; stop a session, or deploy it with more --max-agents`,
        },
        started,
        signal,
      ),
    list: (agent, query = {}, signal) =>
      ask({ method: 'GET', path: under(agent), query, key: 'private', what: `listing the sessions of ${agent}`, repeat: 'safely', missing: `there is no agent ${agent}` }, sessionList, signal),
    get: (agent, id, signal) =>
      ask({ method: 'GET', path: under(agent, id), key: 'private', what: `looking at session ${id}`, repeat: 'safely', missing: missing(agent, id) }, session, signal),
    async stop(agent, id, signal) {
      try {
        await tell({ method: 'DELETE', path: under(agent, id), key: 'private', what: `stopping session ${id}`, repeat: 'safely', missing: missing(agent, id) }, signal);
        return 'stopped';
      } catch (error) {
        if (error instanceof CloudError && error.kind === 'not_found') return 'over';
        throw error;
      }
    },
    read: (agent, id, path, signal) =>
      ask(
        {
          method: 'GET',
          path: `/public/${encodeURIComponent(agent)}/sessions/${encodeURIComponent(id)}/${path.replace(/^\//, '')}`,
          key: 'public',
          what: `asking session ${id}`,
          repeat: 'never',
          timeout: 'proxyMs',
          secret: true,
          missing: `session ${id} is over`,
        },
        z.json(),
        signal,
      ),
  };
}
