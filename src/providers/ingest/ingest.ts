/**
 * Posts a latency record for every reply that was heard, to whoever collects them. The call never waits for it: records
 * queue up, are sent one after the other, and are given up when the receiver does not take them. That is one warning,
 * never a failed run. It knows no call time but that of the records.
 */
import { type FailedTry, retrying } from '../../base/retry.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { BottalkEvent } from '../../events/event.ts';
import type { Sink } from '../../events/log.ts';
import { type ClosedRecord, ClosedRecords } from '../../metrics/closed-records.ts';
import type { IngestAddress } from './address.ts';
import { postRecord } from './post-record.ts';

export type IngestLimits = {
  /** How long one try may take. */
  readonly tryMs: number;
  /** How many tries a record gets: further ones after no answer, 429 and 5xx. After a record that was not taken, one. */
  readonly attempts: number;
  /** The wait before the second try; it doubles. */
  readonly firstWaitMs: number;
  /** How long the end of the run may be put off. */
  readonly flushMs: number;
  /** Records that may wait; the oldest go first. */
  readonly mostWaiting: number;
};

/** Three tries bridge a restart of a second; whoever is not there then holds up nothing for longer. */
const LIMITS: IngestLimits = { tryMs: 3000, attempts: 3, firstWaitMs: 300, flushMs: 3000, mostWaiting: 1000 };
/** Whoever asks to be left alone for longer gets no further try. */
const LONGEST_WAIT_MS = 2000;

export type IngestOptions = {
  readonly wall: WallClock;
  readonly address: IngestAddress;
  readonly limits?: Partial<IngestLimits>;
  /** The session that all records are of; without it each agent has its own, named by the agent and the time of day. */
  readonly session?: string | undefined;
  /** Called at most once, by `close`. */
  readonly onWarning: (text: string) => void;
};

export class Ingest implements Sink {
  readonly #options: IngestOptions;
  readonly #limits: IngestLimits;
  readonly #session: string;
  readonly #records = new ClosedRecords();
  readonly #waiting: string[] = [];
  readonly #given = new AbortController();
  #sending: Promise<void> | undefined;
  #inRealTime = false;
  #made = 0;
  #taken = 0;
  #lastWasTaken = true;
  #trouble = 'was too slow';

  constructor(options: IngestOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    // As `{agent}-{epoch}`, finer than whole seconds: two short calls may begin in one.
    this.#session = (options.wall.epochMs() / 1000).toFixed(3);
  }

  event(event: BottalkEvent): void {
    if (event.type === 'run.started') this.#inRealTime = event.clock === 'real';
    const closed = this.#records.event(event);
    if (!closed) return;
    this.#made += 1;
    this.#waiting.push(JSON.stringify(this.#worldly(closed, event.atMs)));
    if (this.#waiting.length > this.#limits.mostWaiting) this.#waiting.shift();
    this.#sending ??= this.#send();
  }

  /** Waits for what is still to be sent, but not long, and warns of what was not taken. Never rejects. Safe to call twice. */
  async close(): Promise<void> {
    if (this.#given.signal.aborted) return;
    const endTimer = this.#options.wall.after(this.#limits.flushMs, () => this.#given.abort());
    await this.#sending;
    endTimer();
    this.#given.abort();
    const lost = this.#made - this.#taken;
    if (lost === 0) return;
    this.#options.onWarning(`${lost} of ${this.#made} records were not taken by METRICS_INGEST_URL: ${this.#options.address.host} ${this.#trouble}`);
  }

  /** The record as it stands in metrics.json, under a session of its own; a call in real time was held when it was held. */
  #worldly({ record, endMs }: ClosedRecord, nowMs: number): object {
    const ts = this.#inRealTime ? Math.round(this.#options.wall.epochMs() - nowMs + endMs) / 1000 : record.ts;
    return { ...record, session_id: this.#options.session ?? `${record.agent_name}-${this.#session}`, ts };
  }

  /** Sends until nothing waits. */
  async #send(): Promise<void> {
    const { wall, address } = this.#options;
    const { tryMs: timeoutMs, attempts, firstWaitMs } = this.#limits;
    const { signal } = this.#given;
    const onFailedTry = ({ error }: FailedTry): void => void (this.#trouble = error.message);
    for (let body = this.#waiting.shift(); body !== undefined && !signal.aborted; body = this.#waiting.shift()) {
      const record = body;
      const attempt = (): Promise<void> => postRecord(record, { wall, address, timeoutMs, signal });
      try {
        await retrying(attempt, { wall, attempts: this.#lastWasTaken ? attempts : 1, firstWaitMs, longestWaitMs: LONGEST_WAIT_MS, signal, onFailedTry });
        this.#taken += 1;
        this.#lastWasTaken = true;
      } catch {
        // What went wrong was noted, and it is told once for all records.
        this.#lastWasTaken = false;
      }
    }
    this.#sending = undefined;
  }
}
