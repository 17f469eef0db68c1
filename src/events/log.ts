/**
 * The one ordered list of what happened. Only the log stamps sequence and time. Producers append and never read;
 * sinks are shown every event in order and may not throw the run off its course.
 */
import type { BottalkEvent, NewEvent } from './event.ts';

/** Something that is shown every event. */
export interface Sink {
  event(event: BottalkEvent): void;
}

/** Where producers put their events. */
export interface EventLog {
  /** `happenedMs`: when it happened, if that was not now, as with what another process tells. */
  append(event: NewEvent, happenedMs?: number): void;
}

export class RunLog implements EventLog {
  readonly #nowMs: () => number;
  readonly #sinks: readonly Sink[];
  readonly #essential: Sink | undefined;
  readonly #broken = new Map<Sink, unknown>();
  readonly #waiting: BottalkEvent[] = [];
  #showing = false;
  #seq = 0;
  #lastMs = 0;

  /** `essential`: what the run itself hangs on. It is shown events last, and what it throws is thrown to the producer. */
  constructor(options: { nowMs: () => number; sinks: readonly Sink[]; essential?: Sink }) {
    this.#nowMs = options.nowMs;
    this.#sinks = options.sinks;
    this.#essential = options.essential;
  }

  append(event: NewEvent, happenedMs = this.#nowMs()): void {
    // News of one moment may overtake each other on their way here; time never goes back all the same.
    this.#lastMs = Math.max(this.#lastMs, happenedMs);
    const stamp = { seq: this.#seq++, atMs: this.#lastMs };
    // Stamped first so that lines begin with it, and last so that an event of another log cannot bring its own.
    this.#waiting.push(Object.assign({ ...stamp }, event, stamp) as BottalkEvent);
    // A sink may cause an event (a stop condition ends the call); every sink must still see all of them in order.
    if (this.#showing) return;
    this.#showing = true;
    try {
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) this.#show(next);
    } finally {
      // What the essential sink threw ends the run, and the end of the run is an event as well.
      this.#showing = false;
    }
  }

  /** What the sinks threw. A broken sink cannot kill a run, but the run must not pass as whole either. */
  get sinkErrors(): readonly unknown[] {
    return [...this.#broken.values()];
  }

  #show(event: BottalkEvent): void {
    for (const sink of this.#sinks) {
      if (this.#broken.has(sink)) continue;
      try {
        sink.event(event);
      } catch (error) {
        this.#broken.set(sink, error);
      }
    }
    this.#essential?.event(event);
  }
}
