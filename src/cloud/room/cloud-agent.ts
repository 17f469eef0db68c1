/**
 * An agent that is a session in the cloud, in the place of one that is here: the run ends it and hears of it as of any
 * other. All that is known of it came through the room that both share, so what is missing there is missing here.
 */
import { ProviderError } from '../../base/errors.ts';
import { wholeMicroseconds } from '../../clock/clock.ts';
import { Unfinished } from '../../compose/processes/unfinished.ts';
import type { CrewTies } from '../../compose/crew.ts';
import type { StartedAgent } from '../../compose/run-started.ts';
import type { EndedBy, NewEvent } from '../../events/event.ts';
import type { Participant } from '../../room/room.ts';
import type { Participating } from '../../run/conversation.ts';
import type { AgentOrder, ToldNews } from '../told-events.ts';
import { ToldReader, type ToldWhen } from '../told-reader.ts';
import { shiftTimes } from './shift-times.ts';

export type CloudAgentOptions = {
  readonly name: string;
  /** The run's call time now. */
  readonly callMs: () => number;
  /** Monotonic milliseconds of this machine. */
  readonly nowMs: () => number;
  /** Has the session do something. */
  readonly order: (agent: CloudAgent, order: AgentOrder) => void;
  /** It left the room without a word, or is said to have come to harm there. Called in mid-call only. */
  readonly onMissed: (agent: CloudAgent) => void;
  /** It has told all. */
  readonly onClosed: () => void;
};

export type ArrivedAgent = { readonly started: StartedAgent; readonly warning: string | undefined };

export class CloudAgent implements Participating {
  readonly #options: CloudAgentOptions;
  readonly #reader: ToldReader;
  readonly #arrived = Promise.withResolvers<ArrivedAgent>();
  readonly #closed = Promise.withResolvers<void>();
  readonly #unfinished = new Unfinished();
  /** What was told before the record knew of the agent. */
  #early: (() => void)[] | undefined = [];
  #ties: CrewTies | undefined;
  #lostMessages = 0;
  #isLeaving = false;
  #isClosed = false;
  #isPresent = false;
  #isGone = false;
  #isSettled = false;
  #lost: string | undefined;

  constructor(options: CloudAgentOptions) {
    this.#options = options;
    const { name: agent, nowMs } = options;
    this.#reader = new ToldReader({
      agent,
      nowMs,
      onNews: (news, when) => this.#take(news, when),
      onMissing: (numbers) => this.#order({ do: 'repeat', numbers }),
      onLost: (messages) => (this.#lostMessages += messages),
    });
    this.#arrived.promise.catch(() => undefined);
  }

  get name(): string {
    return this.#options.name;
  }

  /** Rejects with what kept it from being ready. */
  get arrived(): Promise<ArrivedAgent> {
    return this.#arrived.promise;
  }

  /** Resolves when it has told all that it had to tell, and has left. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Whether it left the room without having said that it would, and has not come back. */
  get isMissing(): boolean {
    return this.#isGone && !this.#isLeaving && !this.#isClosed;
  }

  /** Whether somebody of its name is in the room. */
  get isPresent(): boolean {
    return this.#isPresent;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** What is wrong with what is known of it; undefined if nothing is. Until it has settled, much may still come. */
  get fault(): string | undefined {
    if (this.#lost !== undefined || !this.#isSettled) return this.#lost;
    if (this.isMissing) return `${this.name} left the call without a word`;
    const lost = this.#lostMessages;
    if (lost > 0) return `the log is incomplete: ${lost === 1 ? 'a message' : `${lost} messages`} of ${this.name} did not arrive`;
    return this.#isClosed ? undefined : `the log is incomplete: ${this.name} did not tell its end`;
  }

  /** Whether the message was of this agent. */
  appMessageArrived(from: Participant, data: unknown): boolean {
    return this.#reader.take(data, from.name);
  }

  peerJoined({ name }: Participant): void {
    if (name !== this.name) return;
    this.#isPresent = true;
    this.#isGone = false;
  }

  peerLeft({ name }: Participant): void {
    if (name !== this.name) return;
    this.#isPresent = false;
    this.#isGone = true;
    if (this.#isClosed) this.#closed.resolve();
    if (this.isMissing && this.#ties) this.#options.onMissed(this);
  }

  /** It will not come, or not come back: `how` is a sentence. */
  lose(how: string): void {
    this.#arrived.reject(new ProviderError(how, { provider: 'pipecat-cloud', kind: 'server' }));
    if (this.#lost !== undefined || this.#isClosed || !this.#ties) return;
    this.#lost = how;
    this.#ties.log.append({ type: 'warning.raised', message: how });
    this.#ties.ended(this.name, 'error');
  }

  /** It left, and did not say why. */
  finish(endedBy: EndedBy): void {
    this.#ties?.ended(this.name, endedBy);
  }

  tie(ties: CrewTies): this {
    this.#ties = ties;
    return this;
  }

  /** It has its seat already. */
  async join(): Promise<void> {
    if (this.isMissing) this.#options.onMissed(this);
  }

  /** The record of the call knows that this participant is there: what it does can follow. */
  recorded({ name }: Participant): void {
    if (name === this.name) this.#catchUp();
  }

  end(endedBy: EndedBy): void {
    this.#order({ do: 'end', endedBy });
  }

  stop(reason: string): void {
    if (!this.#isLeaving && !this.#isClosed) this.#order({ do: 'stop', reason });
  }

  /** Nothing more will be heard of it: what it has begun is over. */
  settle(): void {
    this.#isSettled = true;
    this.#reader.giveUpMissing();
    this.#catchUp();
    if (this.#isClosed) return;
    for (const ending of this.#unfinished.endings(this.name)) this.#ties?.log.append(ending);
  }

  #catchUp(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const take of early) take();
  }

  #order(order: AgentOrder): void {
    this.#options.order(this, order);
  }

  #take(news: ToldNews, when: ToldWhen): void {
    if (news.is === 'hello') return this.#arrived.resolve({ started: news.started, warning: news.warning });
    const arrivedMs = this.#options.nowMs();
    const take = (): void => this.#heed(news, { ...when, agoMs: when.agoMs + this.#options.nowMs() - arrivedMs });
    if (this.#early) this.#early.push(take);
    else take();
  }

  #heed(news: Exclude<ToldNews, { is: 'hello' }>, when: ToldWhen): void {
    switch (news.is) {
      case 'event':
        return this.#append(news.event, when);
      case 'leaving':
        this.#isLeaving = true;
        return this.#ties?.leaving(this.name);
      case 'ended':
        return this.#ties?.ended(this.name, news.endedBy);
      case 'closed':
        this.#isClosed = true;
        if (this.#isGone) this.#closed.resolve();
        return this.#options.onClosed();
    }
  }

  #append(event: NewEvent, { agoMs, callMs }: ToldWhen): void {
    if (!isOf(this.name, event)) return;
    const happenedMs = wholeMicroseconds(Math.max(0, this.#options.callMs() - agoMs));
    const here = shiftTimes(event, happenedMs - callMs);
    this.#unfinished.event(here);
    this.#ties?.log.append(here, happenedMs);
  }
}

/** What only the run itself may say. */
const OF_THE_RUN: ReadonlySet<NewEvent['type']> = new Set(['run.started', 'run.ended', 'role.judged']);

/** Whether an agent says of itself, and not of the room: that is heard here. */
function isOf(agent: string, event: NewEvent): boolean {
  if (OF_THE_RUN.has(event.type)) return false;
  return 'agent' in event ? event.agent === agent : event.type === 'app_message.sent' || event.type === 'warning.raised' || event.type === 'timing.lagged';
}
