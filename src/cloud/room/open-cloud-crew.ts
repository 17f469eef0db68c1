/**
 * The agents of a run as sessions in Pipecat Cloud: the room is made here and listened to from a hidden seat, and both
 * sessions are started into it. Call time begins when both have come. On every way out the sessions are stopped and the
 * room is deleted.
 */
import { ProviderError } from '../../base/errors.ts';
import type { Crew, ElsewhereRun, OpenElsewhere } from '../../compose/crew.ts';
import { openSeats } from '../../compose/open-seats.ts';
import type { StartedAgent } from '../../compose/run-started.ts';
import type { OwnRoom } from '../../providers/daily/room.ts';
import type { Ending } from '../../run/conversation.ts';
import type { Case, ScenarioAgent } from '../../scenarios/scenario.ts';
import type { PipecatCloud } from '../api/pipecat-cloud.ts';
import { sessionBody, type SessionBody } from '../session-body.ts';
import { type AgentOrder, orderMessage } from '../told-events.ts';
import { type AgentWaits, arrivalOf, watchMissing } from './await-agent.ts';
import { CloudAgent } from './cloud-agent.ts';
import { HeldSeat } from './held-seat.ts';
import { LISTENER, listening } from './listening.ts';
import { makeRoom } from './make-room.ts';
import { SessionPair } from './session-pair.ts';

export type CloudCrewOptions = {
  readonly cloud: PipecatCloud;
  /** The deployed agent's name. */
  readonly agent: string;
  /** What is waited for now, for whoever watches; comes to its end before the call begins. */
  readonly onProgress: (text: string | undefined) => void;
  readonly limits?: Partial<CloudLimits>;
};

export type CloudLimits = Pick<AgentWaits, 'arriveMs' | 'lookMs'> & {
  /** How long agents may take to tell the rest and leave, once the call is over. */
  readonly settleMs: number;
};

/** A start waits for cold starts by itself; joining a room is tried for up to a minute. */
const LIMITS: CloudLimits = { arriveMs: 90_000, settleMs: 8_000, lookMs: 2_000 };

export function cloudCrew(options: CloudCrewOptions): OpenElsewhere {
  return async (of, run) => {
    const crew = new CloudCrew(of, run, options);
    await crew.open();
    return crew.crew();
  };
}

class CloudCrew {
  readonly #of: Case;
  readonly #run: ElsewhereRun;
  readonly #options: CloudCrewOptions;
  readonly #limits: CloudLimits;
  readonly #agents: readonly CloudAgent[];
  readonly #seat: HeldSeat;
  readonly #sessions: SessionPair;
  /** Aborted when nothing is waited for any more. */
  readonly #over = new AbortController();
  readonly #unsaid: string[] = [];
  /** Of each agent for the room, by its name. */
  readonly #tokens = new Map<string, string>();
  #room: OwnRoom | undefined;
  #failure: unknown;
  /** The call has begun, and the log ends with it. */
  #isHeld = false;
  #started: readonly StartedAgent[];
  #warnings: readonly string[] = [];
  #say = (text: string): void => void this.#unsaid.push(text);
  #transcription: Promise<void> | undefined;
  #ending: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(of: Case, run: ElsewhereRun, options: CloudCrewOptions) {
    const { wall, callMs, secrets, daily } = run;
    this.#of = of;
    this.#run = run;
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#sessions = new SessionPair({ wall, cloud: options.cloud, agent: options.agent });
    const ties = {
      callMs,
      nowMs: () => wall.nowMs(),
      order: (agent: CloudAgent, order: AgentOrder) => this.#order(agent, order),
      onMissed: (agent: CloudAgent) => void watchMissing(agent, this.#waits),
      onClosed: () => this.#endIfEmpty(),
    };
    this.#agents = of.scenario.agents.map(({ name }) => new CloudAgent({ ...ties, name }));
    this.#started = of.scenario.agents.map(asAsked);
    const seats = openSeats({ wall, secrets, tuning: daily });
    seats.warmUp();
    this.#seat = new HeldSeat(seats, {
      peerJoined: (peer) => this.#agents.forEach((agent) => agent.peerJoined(peer)),
      peerLeft: (peer) => this.#agents.forEach((agent) => agent.peerLeft(peer)),
      appMessageArrived: (from, data) => this.#agents.some((agent) => agent.appMessageArrived(from, data)),
      seatLost: (error) => this.#over.abort(error),
    });
  }

  /** Never rejects: what went wrong is told by `connect`, when there is a log. */
  async open(): Promise<void> {
    const { signal } = this.#run;
    const onAbort = (): void => this.#over.abort(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      signal?.throwIfAborted();
      await this.#gather();
    } catch (error) {
      await this.#close();
      this.#failure = this.#inOneLine(error);
    } finally {
      this.#options.onProgress(undefined);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  get #waits(): AgentWaits {
    return { ...this.#limits, wall: this.#run.wall, sessions: this.#sessions, signal: this.#over.signal };
  }

  /** What kept the call from beginning, and what became of the rest. */
  #inOneLine(error: unknown): unknown {
    const { names } = this.#sessions;
    if (!(error instanceof ProviderError) || names.length === 0 || this.#unsaid.length > 0) return error;
    const stopped = names.length === 1 ? `the session of ${names[0]} was stopped` : 'both sessions were stopped';
    return new ProviderError(`${error.message}; ${stopped}`, error);
  }

  crew(): Crew {
    return {
      started: this.#started,
      warnings: [...this.#warnings, ...this.#unsaid],
      connecting: this.#failure === undefined ? [] : [{ name: undefined, connect: () => Promise.reject(this.#failure) }],
      seats: this.#seat,
      ...(this.#room && { heard: { ...this.#room, startTranscription: () => this.#transcribe(), end: () => this.#endRoom() } }),
      members: (ties) => {
        this.#isHeld = true;
        this.#say = (message) => ties.log.append({ type: 'warning.raised', message });
        return [listening((peer) => this.#agents.forEach((agent) => agent.recorded(peer))), ...this.#agents.map((agent) => agent.tie(ties))];
      },
      settled: () => this.#settle(),
      judge: (ending) => this.#judge(ending),
      close: () => this.#close(),
    };
  }

  async #gather(): Promise<void> {
    const { onProgress, agent: deployed } = this.#options;
    const names = this.#agents.map(({ name }) => name).join(' and ');
    onProgress('making a Daily room');
    const room = await this.#makeRoom();
    await this.#seat.sit({ url: room.url, expiresAtSecs: room.expiresAtSecs, token: await room.hiddenTokenFor(LISTENER), userName: LISTENER });
    // Asked for before anybody can say a word; how that went is for the room to find out.
    this.#transcription = room.startTranscription();
    this.#transcription.catch(() => undefined);
    onProgress(`starting ${names} as sessions of ${deployed}; a cold start takes up to a minute`);
    const bodyOf = async ({ name }: CloudAgent, order: number): Promise<SessionBody> => {
      const token = (await room.tokenFor(name)) ?? '';
      this.#tokens.set(name, token);
      return sessionBody(this.#of, { order, url: room.url, token, secrets: this.#run.secrets });
    };
    await this.#sessions.start(await Promise.all(this.#agents.map(bodyOf)), this.#over.signal);
    onProgress(`waiting for ${names} to come into the room`);
    const arrived = await Promise.all(this.#agents.map((agent) => arrivalOf(agent, this.#waits)));
    this.#started = arrived.map(({ started }) => started);
    this.#warnings = arrived.flatMap(({ warning }) => warning ?? []);
    // Nothing has to be loaded once the call has begun.
    await import('../../compose/open-daily-room.ts');
  }

  /** What could not be had in a room where nobody was yet may be had now. */
  async #transcribe(): Promise<void> {
    await this.#transcription?.catch(() => (this.#seat.isTranscribed ? undefined : this.#room?.startTranscription()));
  }

  async #makeRoom(): Promise<OwnRoom> {
    const room = await makeRoom(this.#of, this.#run, this.#options.onProgress);
    this.#room = room;
    this.#over.signal.throwIfAborted();
    return room;
  }

  /** Who hung up because the other did says of no end; when nobody is left, the call is over all the same. */
  #endIfEmpty(): void {
    const [last] = this.#agents;
    if (this.#agents.every(({ isClosed }) => isClosed)) last?.finish('hangup');
  }

  #order({ name: agent }: CloudAgent, order: AgentOrder): void {
    const token = this.#tokens.get(agent);
    // Without one there is no session either.
    if (token === undefined) return;
    this.#room?.tellAll(orderMessage(order, { agent, token })).catch((error: unknown) => this.#say(`an order did not reach the room: ${messageOf(error)}`));
  }

  #judge(ending: Ending): Ending {
    if (ending.endedBy === 'cancelled') return ending;
    // What broke a call off says more than what is missing after it.
    if (ending.endedBy === 'error' && ending.reason !== undefined) return ending;
    const [faulty] = this.#agents.filter(({ fault }) => fault !== undefined);
    return faulty?.fault === undefined ? ending : { endedBy: 'error', agent: faulty.name, reason: faulty.fault };
  }

  /** What agents have to tell at the end belongs to the call. */
  async #settle(): Promise<void> {
    const { wall } = this.#run;
    const tooLong = new AbortController();
    const telling = this.#agents.filter(({ fault }) => fault === undefined).map(({ closed }) => closed);
    await Promise.race([Promise.all(telling), wall.sleep(this.#limits.settleMs, tooLong.signal).catch(() => undefined)]);
    tooLong.abort();
    for (const agent of this.#agents) agent.settle();
    await this.#stopSessions();
  }

  async #stopSessions(): Promise<void> {
    this.#over.abort(new Error('the call is over'));
    for (const text of await this.#sessions.stop()) this.#say(text);
  }

  #close(): Promise<void> {
    return (this.#closing ??= this.#end());
  }

  async #end(): Promise<void> {
    if (this.#isHeld) this.#say = () => undefined;
    // The room goes at once, for a session that nobody knows of ends with it.
    const ended = this.#endRoom().catch((error: unknown) => this.#say(messageOf(error)));
    await this.#stopSessions();
    await ended;
    await this.#seat.close();
  }

  #endRoom(): Promise<void> {
    const room = this.#room;
    return (this.#ending ??= room ? room.end() : Promise.resolve());
  }
}

/** What an agent that was never heard of would have run with. */
function asAsked({ llm, tts, turn }: ScenarioAgent): StartedAgent {
  return { llm: llm.provider, llmModel: llm.model ?? '', tts: tts.provider, ttsModel: '', voice: '', endOfTurn: turn.strategy ?? 'auto' };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

