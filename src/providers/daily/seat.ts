/**
 * One participant of a Daily call, kept in it through thick and thin: a broken connection is waited for, then joined
 * again, then joined from a new page; what cannot be helped ends the seat. Who is here and who one was stays known
 * across all of it. Runs on the world's clock and knows nothing of call time.
 */
import type { ProviderError } from '../../base/errors.ts';
import { retrying } from '../../base/retry.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { Participant } from '../../room/room.ts';
import type { PagePerson, PageTranscript } from './page-messages.ts';
import type { PageListener, PageNews, PageSession } from './page-session.ts';
import type { TranscriptionRequest } from './rest.ts';
import { GRACE_AFTER_EXPIRY_MS, type SeatLimits, WARN_BEFORE_EXPIRY_MS } from './seat-limits.ts';
import { SeatPeople } from './seat-people.ts';
import { beyondHelp, trouble, troubleOf } from './trouble.ts';

/** What happens at a seat, in the order in which it happens; it may begin before `takeSeat` resolves and ends with `leave`. */
export interface SeatListener {
  peerJoined(peer: Participant): void;
  peerLeft(peer: Participant, reason: string): void;
  frameArrived(from: Participant, samples: Int16Array): void;
  /** A sender that is no participant, such as the REST interface, has an empty name. */
  appMessageArrived(from: Participant, data: unknown): void;
  /** Also of one's own words; whoever one was at the time, they come under the present id. */
  transcriptArrived(transcript: PageTranscript): void;
  transcriptionChanged(state: 'started' | 'stopped' | 'failed', reason: string | null): void;
  /** The seat was lost and taken again, under another id. */
  seatChanged(now: Participant, before: Participant): void;
  /** Something a user should know that ends nothing. */
  troubled(text: string): void;
  /** The seat is lost for good. Comes at most once; nothing comes after it. */
  seatLost(error: ProviderError): void;
}

export interface DailySeat {
  readonly self: Participant;
  /** Sends one frame of 20 ms. */
  speak(samples: Int16Array): void;
  /** To one participant by id, or to everybody. Rejects with a ProviderError when it could not be sent. */
  sendAppMessage(data: unknown, to?: string): Promise<void>;
  /** Asks for transcription as this participant. Rejects with a ProviderError when Daily could not be asked. */
  startTranscription?(request: TranscriptionRequest): Promise<void>;
  /** Never rejects; takes no longer than a few seconds. Safe to call twice. */
  leave(): Promise<void>;
}

export type SeatRequest = {
  readonly url: string;
  readonly token: string | null;
  readonly userName: string;
  /** When the room throws everybody out, in seconds since the epoch; null means never. */
  readonly expiresAtSecs: number | null;
};

export type SeatOptions = {
  readonly wall: WallClock;
  readonly request: SeatRequest;
  readonly listener: SeatListener;
  readonly callMachineFolder: string | null;
  /** Opens a page that takes orders, in a browser that lives; starts a new browser where it has to. */
  readonly openPage: (listener: PageListener) => Promise<PageSession>;
  readonly limits: SeatLimits;
  /** Aborted when there will be no browser any more. */
  readonly signal: AbortSignal;
};

const JOIN_ATTEMPTS = 3;
/** A call that has to be rescued more often than this is beyond help. */
const MOST_RESCUES = 5;

/** Joins. Rejects with a ProviderError when that is refused or fails again and again. */
export async function takeSeat(options: SeatOptions): Promise<DailySeat> {
  const seat = new Seat(options);
  await seat.join();
  return seat;
}

class Seat implements DailySeat, PageListener {
  readonly #options: SeatOptions;
  readonly #people = new SeatPeople();
  readonly #timers = new Set<() => void>();
  #endInterruption: (() => void) | undefined;
  #page: PageSession | undefined;
  readonly #ended = new AbortController();
  #rescues = 0;
  /** What went wrong between Daily's word that the call was joined and our hearing of it. */
  #setback: ProviderError | undefined;
  #state: 'joining' | 'joined' | 'rescuing' | 'over' = 'joining';

  constructor(options: SeatOptions) {
    this.#options = options;
  }

  get self(): Participant {
    return this.#people.self ?? { id: '', name: this.#options.request.userName };
  }

  async join(): Promise<void> {
    try {
      await this.#joinRepeatedly();
    } catch (error) {
      await this.#end();
      throw error;
    }
    this.#watchExpiry();
  }

  speak(samples: Int16Array): void {
    if (this.#state === 'joined') this.#page?.speak(samples);
  }

  async sendAppMessage(data: unknown, to = '*'): Promise<void> {
    if (this.#state !== 'joined' || !this.#page) throw trouble('network', 'the agent is not in the Daily call at this moment');
    await this.#page.order({ kind: 'send_app_message', data, to }, this.#options.limits.appMessageMs);
  }

  async startTranscription(request: TranscriptionRequest): Promise<void> {
    await this.#page?.order({ kind: 'start_transcription', request }, this.#options.limits.appMessageMs);
  }

  async leave(): Promise<void> {
    if (this.#isOver) return;
    this.#state = 'over';
    // The page is closed whatever it answers, and with it the call is left.
    await this.#page?.order({ kind: 'leave' }, this.#options.limits.leaveMs).catch(() => undefined);
    await this.#end();
  }

  pageTold(news: PageNews): void {
    const { listener } = this.#options;
    if (this.#isOver) return;
    switch (news.kind) {
      case 'joined':
        return this.#seated(news.self);
      case 'peer_joined':
        return this.#peerJoined(news.peer);
      case 'peer_left':
        return this.#peerLeft(news.peer.id, news.reason ?? 'left');
      case 'app_message':
        return listener.appMessageArrived(this.#people.peer(news.from) ?? { id: news.from, name: '' }, news.data);
      case 'transcribed': {
        const { participant, text, final, span } = news;
        return listener.transcriptArrived({ participant: this.#people.isSelf(participant) ? this.self.id : participant, text, final, span });
      }
      case 'transcription':
        return listener.transcriptionChanged(news.state, news.reason);
      case 'connection':
        // Connections between two peers mend themselves or end with a peer that leaves.
        return news.of === 'peer-to-peer' ? undefined : this.#connectionChanged(news.interrupted);
      case 'deaf':
        // What does not come through a broken connection is no fault of the page.
        return this.#endInterruption ? undefined : this.pageGone('it hears nothing of a participant who speaks');
      case 'failed':
        return this.#setBack(troubleOf(news.fault));
    }
  }

  frameArrived(participant: string, samples: Int16Array): void {
    const peer = this.#people.peer(participant);
    if (peer && !this.#isOver) this.#options.listener.frameArrived(peer, samples);
  }

  pageGone(reason: string): void {
    if (this.#isOver) return;
    const page = this.#page;
    this.#page = undefined;
    void page?.close().catch(() => undefined);
    this.#setBack(trouble('server', `the page for the Daily call is gone: ${reason}`, { retryable: true }));
  }

  async #joinRepeatedly(): Promise<void> {
    const { wall, limits, signal } = this.#options;
    const { firstWaitMs } = limits;
    const over = AbortSignal.any([this.#ended.signal, signal]);
    await retrying(() => this.#joinOnce(), { wall, attempts: JOIN_ATTEMPTS, firstWaitMs, longestWaitMs: 4 * firstWaitMs, signal: over });
  }

  /** From the page that is there, or from a new one. */
  async #joinOnce(): Promise<void> {
    const { request, openPage, callMachineFolder, limits } = this.#options;
    const page = this.#page && !this.#page.isOver ? this.#page : await openPage(this);
    this.#page = page;
    this.#setback = undefined;
    const { url, token, userName } = request;
    try {
      if (this.#isOver) throw trouble('network', 'the Daily call was left before it was joined');
      await page.order({ kind: 'join', url, token, userName, callMachineFolder }, limits.joinMs);
      if (this.#setback) throw this.#setback;
      // Without its own id an agent would answer its own words.
      if (!this.#people.self?.id) throw trouble('server', 'Daily did not say who the agent is in the call');
      if (!this.#isOver) this.#state = 'joined';
    } catch (error) {
      // Nobody knows what a page does that does not answer, and nobody waits for one that comes too late.
      if (this.#isOver || (error as ProviderError).kind === 'timeout') {
        this.#page = undefined;
        await page.close();
      }
      throw error;
    }
  }

  #seated({ id, name }: PagePerson): void {
    const before = this.#people.self;
    this.#people.seated({ id, name: name || this.#options.request.userName });
    if (before) this.#options.listener.seatChanged(this.self, before);
  }

  #peerJoined(person: PagePerson): void {
    const peer = this.#people.joined(person);
    if (peer) this.#options.listener.peerJoined(peer);
  }

  #peerLeft(id: string, reason: string): void {
    const peer = this.#people.left(id);
    if (peer) this.#options.listener.peerLeft(peer, reason);
  }

  #connectionChanged(interrupted: boolean): void {
    const { listener, limits } = this.#options;
    if (!interrupted) {
      this.#endInterruption?.();
      this.#endInterruption = undefined;
      return;
    }
    if (this.#endInterruption || this.#state !== 'joined') return;
    listener.troubled(`${this.self.name}: the connection to Daily is interrupted`);
    this.#endInterruption = this.#after(limits.interruptedMs, () => this.#rescue(troubleOf({ type: 'connection-error', message: '' })));
  }

  get #isOver(): boolean {
    return this.#state === 'over';
  }

  #setBack(error: ProviderError): void {
    if (this.#state !== 'joined') this.#setback = error;
    else if (error.retryable) this.#rescue(error);
    else this.#lose(error);
  }

  #rescue(error: ProviderError): void {
    if (this.#state !== 'joined') return;
    this.#rescues += 1;
    if (this.#rescues > MOST_RESCUES) return this.#lose(error);
    this.#state = 'rescuing';
    this.#endInterruption?.();
    this.#endInterruption = undefined;
    const { listener, limits } = this.#options;
    listener.troubled(`${this.self.name}: ${error.message}; joining again`);
    this.#people.doubtAll();
    this.#joinRepeatedly().then(
      () => (this.#isOver ? undefined : this.#after(limits.settleMs, () => this.#forgetDoubtful())),
      (failure: unknown) => this.#lose(beyondHelp(error, failure as ProviderError)),
    );
  }

  /** Peers that were not announced since the return have left before it. */
  #forgetDoubtful(): void {
    for (const id of this.#people.doubtful) this.#peerLeft(id, 'left meanwhile');
  }

  #lose(error: ProviderError): void {
    if (this.#isOver) return;
    this.#state = 'over';
    void this.#end().catch(() => undefined);
    this.#options.listener.seatLost(error);
  }

  async #end(): Promise<void> {
    this.#state = 'over';
    this.#ended.abort();
    for (const endTimer of this.#timers) endTimer();
    this.#timers.clear();
    await this.#page?.close();
  }

  #watchExpiry(): void {
    const { wall, request, listener } = this.#options;
    if (request.expiresAtSecs === null) return;
    const leftMs = request.expiresAtSecs * 1000 - wall.epochMs();
    if (leftMs > WARN_BEFORE_EXPIRY_MS) {
      this.#after(leftMs - WARN_BEFORE_EXPIRY_MS, () => listener.troubled(`the Daily room expires in ${WARN_BEFORE_EXPIRY_MS / 1000} s`));
    }
    // Daily should have ended the call by then.
    this.#after(leftMs + GRACE_AFTER_EXPIRY_MS, () => this.#lose(troubleOf({ type: 'exp-room', message: '' })));
  }

  /** A timer that ends with the seat. */
  #after(ms: number, fn: () => void): () => void {
    const cancel = this.#options.wall.after(ms, () => {
      this.#timers.delete(cancel);
      fn();
    });
    this.#timers.add(cancel);
    return () => {
      this.#timers.delete(cancel);
      cancel();
    };
  }
}
