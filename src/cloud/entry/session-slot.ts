/**
 * The one session that an instance holds: who may begin, what ends it from outside, and what is left of it until the
 * next begins. Nothing of a session outlives that. How a session is held is somebody else's business.
 */
import type { WallClock } from '../../clock/wall-clock.ts';
import { RunFold } from '../../metrics/run-fold.ts';
import type { Ending } from '../../run/conversation.ts';
import type { EntryLog } from './entry-log.ts';
import type { SessionLabel, SessionView } from './session-figures.ts';
import type { SessionOrder } from './session-order.ts';

/** A session as it was asked for. */
export type AskedSession = {
  readonly order: SessionOrder;
  readonly sessionId: string | null;
  /** How long it may last; undefined says nothing. */
  readonly budgetSecs: number | undefined;
  /** Aborted when whoever asked is gone. */
  readonly gone: AbortSignal;
};

/** `message`: why it could not be held at all. */
export type SessionEnd = { readonly held: true } | { readonly held: false; readonly message: string };

/** What a session is given to work with. */
export type SessionTies = {
  readonly order: SessionOrder;
  readonly sessionId: string | null;
  /** Is shown what happens. */
  readonly fold: RunFold;
  /** Says whose session it is, as soon as that is known, and when the call began. */
  readonly tell: (known: { readonly label?: SessionLabel; readonly startEpochMs?: number }) => void;
  /** Whose session it is by now, and when the call began. */
  readonly view: () => SessionView;
  /** Aborted with the Ending that it is to come to. */
  readonly signal: AbortSignal;
  /** Aborts it. */
  readonly stop: (ending: Ending) => void;
};

/** Holds one session from its beginning to its end. Never rejects. */
export type HoldSession = (ties: SessionTies) => Promise<SessionEnd>;

export type SessionSlotOptions = {
  readonly wall: WallClock;
  readonly log: EntryLog;
  readonly hold: HoldSession;
  /** No session lasts longer, whatever it was promised. */
  readonly mostSecs: number;
  /** Whoever was told to stop has so long to do it. */
  readonly stopMs?: number;
};

/** Leaving a call takes up to 3 s, closing a browser up to 2 s, and records on their way up to 3 s. */
const STOP_MS = 15_000;

export class SessionSlot {
  readonly #options: SessionSlotOptions;
  #stop: AbortController | undefined;
  #over: Promise<void> = Promise.resolve();
  #view: SessionView | undefined;
  #isBroken = false;

  constructor(options: SessionSlotOptions) {
    this.#options = options;
  }

  get isBusy(): boolean {
    return this.#stop !== undefined;
  }

  /** A session did not end when it was told to: this process is of no more use. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** The session that lasts, or the last one. */
  get view(): SessionView | undefined {
    return this.#view;
  }

  /** Settles when there is no session. */
  get idle(): Promise<void> {
    return this.#over;
  }

  /** Ends the session, if there is one. */
  end(ending: Ending): void {
    const stop = this.#stop;
    if (!stop || stop.signal.aborted) return;
    const { wall, log, stopMs = STOP_MS } = this.#options;
    log.info('bottalk.session', `stopping: ${ending.reason ?? ending.endedBy}`);
    stop.abort(ending);
    const cancel = wall.after(stopMs, () => {
      this.#isBroken = true;
      log.error('bottalk.session', `it did not end within ${stopMs / 1000} s: this process takes no further session`);
    });
    void this.#over.then(cancel);
  }

  /** Resolves when it is over. Only while there is none. */
  async hold(asked: AskedSession): Promise<SessionEnd> {
    const { wall, log, hold, mostSecs } = this.#options;
    const { order, sessionId, gone } = asked;
    const over = Promise.withResolvers<void>();
    const stop = new AbortController();
    const fold = new RunFold();
    this.#stop = stop;
    this.#over = over.promise;
    const { name, room_url, goes_first = null } = order;
    let view: SessionView = { label: { session_id: sessionId, agent_name: name, room_url, goes_first }, fold, startEpochMs: 0 };
    this.#view = view;
    const secs = Math.min(asked.budgetSecs ?? mostSecs, mostSecs);
    const endBudget = wall.after(secs * 1000, () => this.end({ endedBy: 'max_duration', reason: `the session has used up its ${secs} s` }));
    const onGone = (): void => this.end({ endedBy: 'cancelled', reason: 'whoever asked for the session closed the request' });
    gone.addEventListener('abort', onGone, { once: true });
    if (gone.aborted) onGone();
    log.sessionId = sessionId;
    try {
      const tell: SessionTies['tell'] = (known) => void (this.#view = view = { ...view, ...known });
      return await hold({ order, sessionId, fold, view: () => view, tell, signal: stop.signal, stop: (ending) => this.end(ending) });
    } finally {
      endBudget();
      gone.removeEventListener('abort', onGone);
      this.#stop = undefined;
      log.sessionId = null;
      over.resolve();
    }
  }
}
