/**
 * The fake's sessions: each has a process of its own, whose /bot is asked until it answers. Ends them as Pipecat Cloud does,
 * by closing that request, then by signals.
 */
import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { WallClock } from '../../clock/wall-clock.ts';
import { type Answer, type Asked, numberIn, ok, refusal } from './answer.ts';
import type { FakeAgent } from './fake-agents.ts';
import type { LaunchSession, SessionProcess } from './session-process.ts';

export type FakeSession = {
  readonly id: string;
  readonly agent: string;
  readonly deploymentId: string;
  readonly createdIso: string;
  readonly process: SessionProcess;
  endedIso: string | undefined;
  completionStatus: string | undefined;
  /** Settles when its process is gone. */
  gone: Promise<void>;
  /** Closes its /bot, then its process. */
  readonly end: () => void;
};

export type FakeSessionsOptions = {
  readonly wall: WallClock;
  readonly launch: LaunchSession;
  /** How long a process may take to leave after SIGTERM. */
  readonly leavingMs: number;
  readonly agentNamed: (name: string) => FakeAgent | undefined;
  readonly secretsOf: (agent: FakeAgent) => Readonly<Record<string, string>>;
  readonly log: (agent: string, line: string, sessionId: string) => void;
};

const LARGEST_BODY_BYTES = 1_000_000;
const LISTENING_TRIES = 400;
const LISTENING_PAUSE_MS = 25;

export class FakeSessions {
  readonly all = new Map<string, FakeSession>();
  /** A start waits for this, as for a cold instance. */
  startsAfter: Promise<void> = Promise.resolve();
  readonly #options: FakeSessionsOptions;
  readonly #starting = new Map<string, number>();

  constructor(options: FakeSessionsOptions) {
    this.#options = options;
  }

  activeOf(agent: string): FakeSession[] {
    return [...this.all.values()].filter((session) => session.agent === agent && session.endedIso === undefined);
  }

  /** Sessions as the private key sees them. */
  async answer({ method, path, query }: Asked): Promise<Answer | undefined> {
    const [, collection, agent, part, id] = path.split('/').map(decodeURIComponent);
    if (collection !== 'agents' || part !== 'sessions') return undefined;
    if (!this.#options.agentNamed(agent ?? '')) return refusal(404, '404', 'agent deployment not found');
    if (id === undefined) return this.#list(agent ?? '', query);
    const session = this.all.get(id);
    if (!session || session.agent !== agent) return refusal(404, '404', 'session not found');
    if (method === 'GET') return ok(details(session));
    if (session.endedIso !== undefined) return refusal(404, '404', 'session not found');
    session.end();
    await session.gone;
    return ok({ status: 'OK', session_id: id });
  }

  async start(name: string, body: Asked['body'], sentBytes: number): Promise<Answer> {
    const agent = this.#options.agentNamed(name);
    if (!agent) return refusal(404, '404', 'agent deployment not found');
    if (sentBytes > LARGEST_BODY_BYTES) return refusal(413, '413', 'request entity too large');
    if (agent.serving === undefined) return refusal(400, 'PCC-1001', 'Agent deployment is not in a ready state');
    const starting = this.#starting.get(name) ?? 0;
    if (this.activeOf(name).length + starting >= agent.maxAgents) return { status: 429, body: { message: 'agent at capacity', code: '429' } };
    this.#starting.set(name, starting + 1);
    try {
      await this.startsAfter;
      return ok({ sessionId: (await this.#launch(agent, (body['body'] ?? {}) as Asked['body'])).id });
    } finally {
      this.#starting.set(name, (this.#starting.get(name) ?? 1) - 1);
    }
  }

  /** What the session's own process answers at a path. */
  async proxy(agent: string, id: string, path: string): Promise<Answer> {
    const session = this.all.get(id);
    if (!session || session.agent !== agent || session.endedIso !== undefined) return refusal(404, '404', 'session not found');
    const address = `http://127.0.0.1:${session.process.port}/${path}`;
    try {
      const response = await this.#onceListening(session.process, () => fetch(address, { headers: { 'x-daily-session-id': id } }));
      return { status: response.status, body: await response.json() };
    } catch {
      return refusal(404, '404', 'session not found');
    }
  }

  async close(): Promise<void> {
    const sessions = [...this.all.values()];
    for (const session of sessions) session.end();
    await Promise.all(sessions.map(({ gone }) => gone));
  }

  async #launch(agent: FakeAgent, body: Asked['body']): Promise<FakeSession> {
    const { wall, launch, log, secretsOf } = this.#options;
    const id = randomUUID();
    const onLine = (line: string): void => log(agent.name, line, id);
    const process = await launch({ agent: agent.name, sessionId: id, secrets: secretsOf(agent), onLine });
    const hangUp = new AbortController();
    const session: FakeSession = {
      id,
      agent: agent.name,
      deploymentId: agent.serving ?? agent.desired,
      createdIso: new Date(wall.epochMs()).toISOString(),
      process,
      endedIso: undefined,
      completionStatus: undefined,
      gone: Promise.resolve(),
      end: () => hangUp.abort(),
    };
    this.all.set(id, session);
    const budgetSecs = Number(agent.settings['maxSessionDuration'] ?? 7200);
    session.gone = this.#hold(session, body, { budgetSecs, hangUp });
    return session;
  }

  /** Until its process is gone. */
  async #hold(session: FakeSession, body: Asked['body'], { budgetSecs, hangUp }: { budgetSecs: number; hangUp: AbortController }): Promise<void> {
    const { wall } = this.#options;
    const endBudget = wall.after(budgetSecs * 1000, () => hangUp.abort());
    const status = await this.#askBot(session, body, budgetSecs, hangUp.signal);
    endBudget();
    session.completionStatus = status;
    session.process.signal('SIGTERM');
    const endPatience = wall.after(this.#options.leavingMs, () => session.process.signal('SIGKILL'));
    await session.process.exited;
    endPatience();
    session.endedIso = new Date(wall.epochMs()).toISOString();
  }

  async #askBot({ id, process }: FakeSession, body: Asked['body'], budgetSecs: number, signal: AbortSignal): Promise<string> {
    const headers = { 'content-type': 'application/json', 'x-daily-session-id': id, 'x-pcc-max-session-seconds': String(budgetSecs) };
    try {
      return await this.#onceListening(process, () => post(process.port, JSON.stringify(body), headers, signal));
    } catch {
      return signal.aborted ? 'HTTP_COMPLETED' : 'HTTP_ERROR';
    }
  }

  /** Asks again while nobody listens yet; a process may need its time. */
  async #onceListening<T>(process: SessionProcess, ask: () => Promise<T>): Promise<T> {
    let isGone = false;
    void process.exited.then(() => (isGone = true));
    for (let tried = 1; ; tried++) {
      try {
        return await ask();
      } catch (error) {
        const { code } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
        if (code !== 'ECONNREFUSED' || isGone || tried === LISTENING_TRIES) throw error;
        await this.#options.wall.sleep(LISTENING_PAUSE_MS);
      }
    }
  }

  #list(agent: string, query: URLSearchParams): Answer {
    const status = query.get('status') ?? 'all';
    const matching = [...this.all.values()]
      .filter((session) => session.agent === agent && (status === 'all' || (status === 'active') === (session.endedIso === undefined)))
      .toReversed();
    const offset = numberIn(query, 'offset', 0);
    return ok({ total_count: matching.length, sessions: matching.slice(offset, offset + numberIn(query, 'limit', 10)).map(details) });
  }
}

function details({ id, agent, deploymentId, createdIso, endedIso, completionStatus }: FakeSession): Readonly<Record<string, unknown>> {
  return {
    sessionId: id,
    serviceId: agent,
    deploymentId,
    createdAt: createdIso,
    updatedAt: endedIso ?? createdIso,
    endedAt: endedIso ?? null,
    botStartSeconds: 1,
    coldStart: true,
    completionStatus: completionStatus ?? null,
  };
}

/** fetch gives up an answer that is not there after five minutes; a session may take hours. */
function post(port: number, text: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, path: '/bot', method: 'POST', headers, signal }, (response) => {
      response.resume();
      response.on('end', () => resolve(String(response.statusCode)));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(text);
  });
}
