/**
 * An agent in a process of its own, in the place of one that is here: the run seats it, ends it and hears of it as of
 * any other. Its room has its seat, whose news the process tells; what the agent does in the call it does over there.
 */
import { audioFrame } from '../../audio/frame.ts';
import { ProviderError } from '../../base/errors.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { Clock } from '../../clock/clock.ts';
import type { EndedBy } from '../../events/event.ts';
import type { EventLog } from '../../events/log.ts';
import type { CassetteCall } from '../../providers/cassette/cassette.ts';
import type { DailySeat, SeatListener, SeatRequest } from '../../providers/daily/seat.ts';
import type { Connection, Participant, RoomListener, Transcript, Transport } from '../../room/room.ts';
import type { Participating } from '../../run/conversation.ts';
import type { Connecting, ConnectTies } from '../connect-agents.ts';
import type { CrewTies } from '../crew.ts';
import type { StartedAgent } from '../run-started.ts';
import type { AgentOrder, FromAgent, SeatNews } from './agent-messages.ts';
import { carried } from './carried-error.ts';
import { ForkedAgent } from './forked-agent.ts';
import { Unfinished } from './unfinished.ts';

export type RemoteAgentOptions = {
  readonly clock: Clock;
  readonly wall: WallClock;
  readonly name: string;
  readonly order: AgentOrder;
  readonly onWarning: (text: string) => void;
  readonly onRecorded: (calls: readonly CassetteCall[]) => void;
  /** Its process ended in mid-call; `how` is a sentence. */
  readonly onLost: (how: string) => void;
};

export type ReadyAgent = { readonly started: StartedAgent; readonly warning: string | undefined };

export class RemoteAgent implements Participating, Connecting, RoomListener, DailySeat {
  readonly #options: RemoteAgentOptions;
  readonly #process: ForkedAgent;
  readonly #ready = Promise.withResolvers<ReadyAgent>();
  readonly #connected = Promise.withResolvers<void>();
  readonly #unfinished = new Unfinished();
  #self: Participant;
  #log: EventLog | undefined;
  #ties: CrewTies | undefined;
  #taking: { readonly listener: SeatListener; readonly seat: PromiseWithResolvers<DailySeat> } | undefined;
  #connection: Connection | undefined;
  /** Why it left before it was known here that it was seated. */
  #leftEarly: string | undefined;

  /** Starts the process. */
  constructor(options: RemoteAgentOptions) {
    const { wall, name, order } = options;
    this.#options = options;
    this.#self = { id: '', name };
    this.#ready.promise.catch(() => undefined);
    this.#connected.promise.catch(() => undefined);
    this.#process = new ForkedAgent({ wall, onMessage: (message) => this.#take(message), onLost: (how) => this.#lost(`the process of ${name} ${how}`) });
    this.#process.tell({ kind: 'prepare', order });
  }

  get name(): string {
    return this.#options.name;
  }

  get isGone(): boolean {
    return this.#process.hasExited;
  }

  /** Rejects with what kept it from being ready. */
  ready(): Promise<ReadyAgent> {
    return this.#ready.promise;
  }

  connect({ log, signal }: ConnectTies): Promise<void> {
    this.#log = log;
    signal?.addEventListener('abort', () => this.#connected.reject(signal.reason), { once: true });
    if (signal?.aborted) this.#connected.reject(signal.reason);
    this.#process.tell({ kind: 'connect' });
    return this.#connected.promise;
  }

  tie(ties: CrewTies): this {
    this.#ties = ties;
    return this;
  }

  close(): Promise<void> {
    return this.#process.close();
  }

  /** Has the process take its seat; what happens at it is told to the listener here. */
  takeSeat(request: SeatRequest, listener: SeatListener, announcedLatencyMs: number): Promise<DailySeat> {
    const seat = Promise.withResolvers<DailySeat>();
    this.#taking = { listener, seat };
    if (this.isGone) seat.reject(gone(`the process of ${this.name} is gone`));
    else this.#process.tell({ kind: 'sit', request, announcedLatencyMs });
    return seat.promise;
  }

  async join(transport: Transport): Promise<void> {
    const { order } = this.#options.order;
    this.#connection = await transport.join({ name: this.name, order }, this);
    if (this.#leftEarly !== undefined) this.#connection.leave(this.#leftEarly);
  }

  end(endedBy: EndedBy): void {
    this.#process.tell({ kind: 'end', endedBy });
  }

  stop(reason: string): void {
    this.#process.tell({ kind: 'stop', reason });
  }

  get self(): Participant {
    return this.#self;
  }

  /** It was spoken over there. */
  speak(): void {}

  async sendAppMessage(data: unknown, to?: string): Promise<void> {
    this.#process.tell({ kind: 'send', data, to });
  }

  async leave(): Promise<void> {
    this.#process.tell({ kind: 'go' });
  }

  transcriptReceived(transcript: Transcript): void {
    this.#process.tell({ kind: 'text', transcript });
  }

  // The rest of what happens at the seat is heard of over there.
  frameHeard(): void {}
  participantJoined(): void {}
  participantLeft(): void {}
  appMessageReceived(): void {}

  #take(message: FromAgent): void {
    const { clock, onWarning, onRecorded } = this.#options;
    switch (message.kind) {
      case 'ready':
        return this.#ready.resolve(message);
      case 'connected':
        return this.#connected.resolve();
      case 'time':
        return this.#process.tell({ kind: 'time', callMs: clock.nowMs() });
      case 'seated':
        this.#self = message.self;
        return this.#taking?.seat.resolve(this);
      case 'refused':
        return this.#taking?.seat.reject(carried(message.error));
      case 'news':
        return this.#tellNews(message.news);
      case 'seat_lost':
        return this.#taking?.listener.seatLost(carried(message.error) as ProviderError);
      case 'spoke':
        return this.#connection?.publish(audioFrame(message.samples));
      case 'leaving':
        return this.#leave(message.reason);
      case 'event':
        this.#unfinished.event(message.event);
        return this.#log?.append(message.event, message.happenedMs);
      case 'ended':
        return this.#ties?.ended(this.name, message.endedBy);
      case 'recorded':
        return onRecorded(message.calls);
      case 'failed':
        return this.#fail(carried(message.error));
      case 'warning':
        return onWarning(message.text);
    }
  }

  #tellNews(news: SeatNews): void {
    const listener = this.#taking?.listener;
    if (news.what === 'seatChanged') [this.#self] = news.given;
    // Each piece of news has what the method of its name wants.
    (listener?.[news.what] as ((...given: SeatNews['given']) => void) | undefined)?.apply(listener, news.given);
  }

  #leave(reason: string): void {
    if (!this.#connection) this.#leftEarly = reason;
    this.#ties?.leaving(this.name);
    this.#connection?.leave(reason);
  }

  #fail(error: Error): void {
    this.#ready.reject(error);
    this.#connected.reject(error);
    this.#taking?.seat.reject(error);
    this.#options.clock.task(async () => {
      throw error;
    });
  }

  /** What it was doing has ended, and it is in the room no more. */
  #lost(how: string): void {
    const { name, onLost } = this.#options;
    this.#ready.reject(gone(how));
    this.#connected.reject(gone(how));
    this.#taking?.seat.reject(gone(how));
    for (const ending of this.#unfinished.endings(name)) this.#log?.append(ending);
    this.#leave(how);
    this.#log?.append({ type: 'warning.raised', message: how });
    onLost(how);
  }
}

function gone(how: string): ProviderError {
  return new ProviderError(how, { provider: 'bottalk', kind: 'server' });
}
