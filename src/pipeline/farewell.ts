/**
 * How an agent ends a call in good order: it tells the others, finishes what it is saying, says goodbye if that is
 * owed, stays for a moment and leaves. Whatever happens, it has left before long. Why the call ends, others decide.
 */
import type { Clock, Timer } from '../clock/clock.ts';
import { ENDED_BY, type EndedBy } from '../events/event.ts';
import type { EventLog } from '../events/log.ts';

/** Silence after the last word before the agent leaves, so that the line does not drop on its goodbye. */
const END_SILENCE_MS = 2000;
/** However the goodbye goes, the agent has left by then. */
const END_LIMIT_MS = 15_000;
const GOODBYE = 'Thank you for your time. Goodbye.';
/** Tells the other agent that the call is about to end, so that it does not start to answer the goodbye. */
const CALL_ENDING = 'call_ending';

export type FarewellOptions = {
  readonly clock: Clock;
  readonly log: EventLog;
  readonly agent: string;
  /** Where the agent stands among events of one instant. */
  readonly order: number;
  readonly tell: (message: unknown) => void;
  readonly say: (words: string) => void;
  readonly leave: (endedBy: EndedBy) => void;
};

export class Farewell {
  readonly #options: FarewellOptions;
  readonly #timers: Timer[] = [];
  #endedBy: EndedBy | undefined;
  #goodbyeOwed = false;

  constructor(options: FarewellOptions) {
    this.#options = options;
  }

  get hasBegun(): boolean {
    return this.#endedBy !== undefined;
  }

  /** The call ends for this reason, if it does not end already. */
  begin(endedBy: EndedBy, options: { readonly owesGoodbye: boolean }): void {
    if (this.hasBegun) return;
    const { log, agent, tell } = this.#options;
    this.#endedBy = endedBy;
    this.#goodbyeOwed = options.owesGoodbye;
    log.append({ type: 'call.ending', endedBy, agent });
    tell({ type: CALL_ENDING, ended_by: endedBy });
    this.#leaveAfter(END_LIMIT_MS);
  }

  /** The agent has finished what it was saying. */
  nothingLeftToSay(): void {
    if (!this.#goodbyeOwed) return this.#leaveAfter(END_SILENCE_MS);
    this.#goodbyeOwed = false;
    this.#options.say(GOODBYE);
  }

  /** Nobody is there to say goodbye to. */
  leaveAtOnce(): void {
    this.close();
    if (this.#endedBy) this.#options.leave(this.#endedBy);
  }

  close(): void {
    for (const timer of this.#timers.splice(0)) timer.cancel();
  }

  #leaveAfter(ms: number): void {
    const { clock, order } = this.#options;
    this.#timers.push(clock.at(clock.nowMs() + ms, { phase: 'turn', order }, () => this.leaveAtOnce()));
  }
}

/** Why the sender of this app message is about to end the call; undefined if it says no such thing. */
export function announcedEnd(message: unknown): EndedBy | undefined {
  if (typeof message !== 'object' || message === null || !('type' in message) || message.type !== CALL_ENDING) return undefined;
  const reason = 'ended_by' in message ? message.ended_by : undefined;
  return ENDED_BY.find((endedBy) => endedBy === reason) ?? 'hangup';
}
