/**
 * The sessions of one run in Pipecat Cloud: all are started or none is left. A start that was given up may have made a
 * session all the same, which is looked for and stopped; sessions of others are never touched.
 */
import { ProviderError } from '../../base/errors.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { PipecatCloud } from '../api/pipecat-cloud.ts';
import type { SessionBody } from '../session-body.ts';

export type SessionPairOptions = {
  readonly wall: WallClock;
  readonly cloud: PipecatCloud;
  /** The deployed agent's name. */
  readonly agent: string;
};

/** Of a start whose answer never came, the session is looked for so often. */
const LOOKS = 3;
const LOOK_EVERY_MS = 2_000;
/** Nobody waits for longer than this for sessions to be stopped: without their room they end by themselves. */
const STOP_MS = 15_000;
/** The two clocks may differ by this. */
const CLOCKS_DIFFER_MS = 120_000;

export class SessionPair {
  readonly #options: SessionPairOptions;
  /** By the name of the agent. */
  readonly #ids = new Map<string, string>();
  readonly #givenUp: SessionBody[] = [];
  #startedEpochMs = 0;
  #stopping: Promise<readonly string[]> | undefined;

  constructor(options: SessionPairOptions) {
    this.#options = options;
  }

  /** Waits for cold starts. Rejects with the first refusal, or with the signal's reason; call `stop` all the same. */
  async start(bodies: readonly SessionBody[], signal: AbortSignal): Promise<void> {
    const { cloud, agent, wall } = this.#options;
    this.#startedEpochMs = wall.epochMs();
    const refused = new AbortController();
    const either = AbortSignal.any([signal, refused.signal]);
    const startOne = async (body: SessionBody): Promise<void> => {
      try {
        const { sessionId } = await cloud.sessions.start(agent, { body }, either);
        this.#ids.set(body.name, sessionId);
      } catch (error) {
        if (!isRefusal(error)) this.#givenUp.push(body);
        // Of several errors the first one counts; that others were given up for it is none.
        if (!refused.signal.aborted) refused.abort(error);
        throw error;
      }
    };
    await Promise.allSettled(bodies.map(startOne));
    if (signal.aborted) throw signal.reason;
    if (refused.signal.aborted) throw refused.signal.reason;
  }

  /** Whose sessions were started. */
  get names(): readonly string[] {
    return [...this.#ids.keys()];
  }

  /** How the session of this agent ended, as a sentence; undefined while it runs, or where nobody knows. */
  async endOf(name: string, signal: AbortSignal): Promise<string | undefined> {
    const { cloud, agent } = this.#options;
    const id = this.#ids.get(name);
    if (id === undefined) return undefined;
    try {
      const { endedAt, completionStatus } = await cloud.sessions.get(agent, id, signal);
      if (endedAt === undefined) return undefined;
      return `the session of ${name} ended${completionStatus === undefined ? '' : ` (${completionStatus})`}; \`bottalk logs\` may say why`;
    } catch (error) {
      return error instanceof ProviderError && error.kind === 'not_found' ? `the session of ${name} is gone` : undefined;
    }
  }

  /** Never rejects: what could not be stopped is told, a sentence each. Safe to call twice. */
  stop(): Promise<readonly string[]> {
    return (this.#stopping ??= this.#stop());
  }

  async #stop(): Promise<readonly string[]> {
    const { wall, cloud, agent } = this.#options;
    const limit = new AbortController();
    const endTimer = wall.after(STOP_MS, () => limit.abort(new Error(`that took longer than ${STOP_MS / 1000} s`)));
    const stopOne = async ([name, id]: readonly [string, string]): Promise<void> => {
      try {
        await cloud.sessions.stop(agent, id, limit.signal);
      } catch (error) {
        throw new Error(`the session of ${name} could not be stopped: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      }
    };
    const done = await Promise.allSettled([...[...this.#ids].map(stopOne), this.#stopGivenUp(limit.signal)]);
    endTimer();
    return done.flatMap((result) => (result.status === 'rejected' ? [(result.reason as Error).message] : []));
  }

  /** Whoever answers for the same room is ours. */
  async #stopGivenUp(signal: AbortSignal): Promise<void> {
    const { wall, cloud, agent } = this.#options;
    const room = this.#givenUp[0]?.room_url;
    if (room === undefined) return;
    const missing = (): Error => new Error(`a start of ${agent} was not answered, and may still become a session; it ends when it finds its room gone`);
    let left = this.#givenUp.length;
    const seen = new Set(this.#ids.values());
    try {
      for (let look = 0; look < LOOKS && left > 0; look++) {
        if (look > 0) await wall.sleep(LOOK_EVERY_MS, signal);
        const { sessions } = await cloud.sessions.list(agent, { status: 'active', limit: 100 }, signal);
        const fresh = sessions.filter(({ sessionId, createdAt }) => !seen.has(sessionId) && this.#isOfNow(createdAt));
        for (const { sessionId } of fresh) {
          const facts = await cloud.sessions.read(agent, sessionId, '/metrics/summary', signal).catch(() => undefined);
          const found = roomIn(facts);
          // One that has only just begun does not know its room yet.
          if (typeof found === 'string') seen.add(sessionId);
          if (found !== room) continue;
          await cloud.sessions.stop(agent, sessionId, signal);
          left -= 1;
        }
      }
    } catch {
      throw missing();
    }
    if (left > 0) throw missing();
  }

  #isOfNow(createdAt: string | undefined): boolean {
    return createdAt === undefined || Date.parse(createdAt) >= this.#startedEpochMs - CLOCKS_DIFFER_MS;
  }
}

function roomIn(facts: unknown): unknown {
  return (facts as { readonly session?: { readonly room_url?: unknown } } | undefined)?.session?.room_url;
}

/** Whether it is certain that no session was made. */
function isRefusal(error: unknown): boolean {
  return error instanceof ProviderError && !['timeout', 'network', 'server'].includes(error.kind);
}
