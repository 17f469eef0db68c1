/**
 * Who is in the room, and what follows from it: when the agent that goes first may greet, and when a peer that left
 * has been gone too long. Guests (people who are no known agent) are heard, but wait for nobody and end nothing.
 */
import type { Clock, Timer } from '../clock/clock.ts';
import type { EventLog } from '../events/log.ts';
import type { Participant } from '../room/room.ts';
import { containsName } from './transcript-filter.ts';

/** With only guests in the room, the greeting waits so long for the other agent. Nobody is greeted in an empty room. */
const KICKOFF_FALLBACK_MS = 6000;
/** How long a peer may be gone: a reconnect takes a few seconds. */
const GRACE_MS = 8000;

export type AttendanceOptions = {
  readonly clock: Clock;
  readonly log: EventLog;
  readonly agent: string;
  readonly order: number;
  readonly knownAgents: readonly string[];
  /** 8 s if not given. */
  readonly graceMs?: number | undefined;
  /** Somebody is there who can hear a greeting. May be called again when nobody heard the first. */
  readonly onReady: () => void;
  /** The peer is gone and has not come back. */
  readonly onHangup: () => void;
};

export class Attendance {
  readonly #options: AttendanceOptions;
  readonly #present = new Map<string, Participant>();
  #fallback: Timer | undefined;
  #grace: Timer | undefined;

  constructor(options: AttendanceOptions) {
    this.#options = options;
  }

  /** Whether this is another agent, and no guest. */
  isAgent({ name }: Participant): boolean {
    return this.#options.knownAgents.some((known) => known !== this.#options.agent && containsName(name, known));
  }

  joined(participant: Participant): void {
    if (this.#present.has(participant.id)) return;
    this.#present.set(participant.id, participant);
    if (this.isAgent(participant)) {
      this.#endFallback();
      if (this.#grace) this.#endGrace(true);
      this.#options.onReady();
    } else if (!this.#peerPresent && !this.#fallback) {
      this.#fallback = this.#after(KICKOFF_FALLBACK_MS, () => {
        this.#endFallback();
        this.#options.onReady();
      });
    }
  }

  left(participant: Participant): void {
    this.#present.delete(participant.id);
    if (this.#present.size === 0) this.#endFallback();
    if (!this.isAgent(participant) || this.#peerPresent || this.#grace) return;
    const { log, agent, graceMs = GRACE_MS, onHangup } = this.#options;
    log.append({ type: 'grace.started', agent, participant: participant.id });
    this.#grace = this.#after(graceMs, () => {
      this.#endGrace(false);
      onHangup();
    });
  }

  close(): void {
    this.#endFallback();
    if (this.#grace) this.#endGrace(false);
  }

  get #peerPresent(): boolean {
    return [...this.#present.values()].some((participant) => this.isAgent(participant));
  }

  #endFallback(): void {
    this.#fallback?.cancel();
    this.#fallback = undefined;
  }

  #endGrace(returned: boolean): void {
    this.#grace?.cancel();
    this.#grace = undefined;
    this.#options.log.append({ type: 'grace.ended', agent: this.#options.agent, returned });
  }

  #after(ms: number, fn: () => void): Timer {
    const { clock, order } = this.#options;
    return clock.at(clock.nowMs() + ms, { phase: 'turn', order }, fn);
  }
}
