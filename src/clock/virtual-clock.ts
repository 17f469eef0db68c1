/**
 * Call time as a discrete-event queue: it jumps from event to event, waits for the wall only while a hold says so,
 * and gives way to the process's event loop at least every 10 ms. A pace slows it down or halts it, and changes nothing else.
 */
import { BugError } from '../base/errors.ts';
import { type HoldOptions, type Mark, type Place } from './clock.ts';
import { type QueuedEvent } from './event-queue.ts';
import { Pace } from './pace.ts';
import { QueueClock } from './queue-clock.ts';
import type { Register, Settle } from './waits.ts';
import type { WallClock } from './wall-clock.ts';

/**
 * How long events may run before the process's event loop gets its turn, for Ctrl-C and keys must answer at once.
 * Half of the 10 ms that are promised, because the event that is being run then still runs to its end.
 */
const PROCESS_TURN_MS = 5;

type WallHold = { readonly startedUs: number; readonly startedWallMs: number };

export class VirtualClock extends QueueClock {
  readonly kind = 'virtual';
  readonly #pace: Pace;
  /** Since when its pace is what it is. */
  #pacedFrom = { wallMs: 0, us: 0 };
  readonly #wallHolds = new Set<WallHold>();
  readonly #loops = new Map<Promise<void>, () => Promise<void>>();
  #nowUs = 0;
  #eventsRun = 0;
  /** Open holds that stop time altogether. */
  #stopping = 0;
  /** A continuation of the core may be waiting in the microtask queue; it must run before the next event. */
  #resumed = false;
  #waits = 0;

  /** `pace`: call seconds per wall second; undefined means as fast as possible. */
  constructor(options: { wall: WallClock; pace?: number | Pace | undefined; toleratedLagMs?: number | undefined }) {
    super(options);
    const { pace } = options;
    this.#pace = pace instanceof Pace ? pace : new Pace({ factor: pace });
    this.#pace.follow(() => {
      this.#paceFromNow();
      this.wake();
    });
  }

  task(loop: () => Promise<void>): void {
    this.#resumed = true;
    const running = loop();
    this.#loops.set(running, loop);
    running.then(
      () => void this.#loops.delete(running),
      (error: unknown) => this.fail(error),
    );
  }

  async run(): Promise<void> {
    this.#paceFromNow();
    let turnStartedMs = this.wall.nowMs();
    for (;;) {
      if (this.#resumed || this.wall.nowMs() - turnStartedMs >= PROCESS_TURN_MS) {
        await this.wall.yieldToProcess();
        this.#resumed = false;
        turnStartedMs = this.wall.nowMs();
      }
      if (this.failure) throw this.failure.error;
      if (this.stopped) return this.queue.clear();
      if (this.#loops.size > this.#waits) throw this.#foreignAwait();
      const event = this.queue.peek();
      if (!event && this.#stopping === 0 && this.#wallHolds.size === 0) {
        throw new BugError('the event queue ran empty before the call ended');
      }
      if (!event || this.#stopping > 0) {
        await this.sleepUntilWoken();
        continue;
      }
      const aheadUs = Math.max(this.#aheadOfHoldsUs(event.atUs), this.#aheadOfPaceUs(event.atUs));
      if (aheadUs > 0) {
        await this.sleepUntilWoken(aheadUs / 1000);
        continue;
      }
      this.#nowUs = event.atUs;
      if (!event.ready) {
        await this.sleepUntilWoken();
        continue;
      }
      this.queue.take();
      this.#eventsRun += 1;
      event.fire();
    }
  }

  protected override nowUs(): number {
    return this.#nowUs;
  }

  protected override wait<T>(signal: AbortSignal | undefined, register: Register<T>): Promise<T> {
    this.#waits += 1;
    return super.wait(signal, register);
  }

  protected override waitSettled(): void {
    this.#waits -= 1;
    this.#resumed = true;
    this.wake();
  }

  protected override awaitResult<T>(promise: Promise<T>, options: HoldOptions<T>, since: Mark, settle: Settle<T>): () => void {
    const place: Place = { phase: 'delivery', order: since.sequence };
    return options.charge === 'due'
      ? this.#awaitUntilDue(promise, options.dueMs, place, settle)
      : this.#awaitArrival(promise, options, since, place, settle);
  }

  #awaitUntilDue<T>(promise: Promise<T>, dueMs: number, place: Place, settle: Settle<T>): () => void {
    let deliver: (() => void) | undefined;
    const event = this.schedule(dueMs * 1000, place, () => deliver?.());
    event.ready = false;
    const settled = (outcome: () => void): void => {
      deliver = outcome;
      event.ready = true;
      this.wake();
    };
    promise.then(
      (value) => settled(() => settle.resolve(value)),
      (error: unknown) => settled(() => settle.reject(error)),
    );
    return () => event.cancel();
  }

  #awaitArrival<T>(
    promise: Promise<T>,
    options: Extract<HoldOptions<T>, { charge: 'wall' | 'none' }>,
    since: Mark,
    place: Place,
    settle: Settle<T>,
  ): () => void {
    const hold = { startedUs: Math.round(since.startedMs * 1000), startedWallMs: since.startedWallMs };
    const stopsTime = options.charge === 'none';
    const sequence = this.queue.reserve();
    const eventsRun = this.#eventsRun;
    let open = true;
    let delivery: QueuedEvent | undefined;
    if (stopsTime) this.#stopping += 1;
    else this.#wallHolds.add(hold);
    const close = (): void => {
      if (!open) return;
      open = false;
      if (stopsTime) this.#stopping -= 1;
      else this.#wallHolds.delete(hold);
      this.wake();
    };
    const arrived = (offsetMs: number | undefined, deliver: () => void): void => {
      const wallOffsetMs = stopsTime ? 0 : this.wall.nowMs() - since.startedWallMs;
      // What has run at this instant ran without the result, so an instant that has begun is over for it. A replay,
      // which knows the offset beforehand, could not put it in between either.
      const earliestUs = this.#eventsRun === eventsRun ? this.#nowUs : this.#nowUs + 1;
      delivery = this.schedule(Math.max(earliestUs, hold.startedUs + (offsetMs ?? wallOffsetMs) * 1000), place, deliver, sequence);
      close();
    };
    promise
      .then((value) => {
        if (open) arrived(options.offsetMs?.(value), () => settle.resolve(value));
      })
      .catch((error: unknown) => {
        if (open) arrived(undefined, () => settle.reject(error));
      });
    return () => {
      close();
      delivery?.cancel();
    };
  }

  /** How far `atUs` lies ahead of what the open wall holds allow, in whole microseconds of wall time. */
  #aheadOfHoldsUs(atUs: number): number {
    if (this.#wallHolds.size === 0) return 0;
    const wallNowMs = this.wall.nowMs();
    let aheadUs = 0;
    for (const { startedUs, startedWallMs } of this.#wallHolds) {
      aheadUs = Math.max(aheadUs, atUs - startedUs - Math.round((wallNowMs - startedWallMs) * 1000));
    }
    return aheadUs;
  }

  #aheadOfPaceUs(atUs: number): number {
    const { factor, paused } = this.#pace;
    if (paused) return Number.POSITIVE_INFINITY;
    if (factor === undefined) return 0;
    const from = this.#pacedFrom;
    return Math.round((atUs - from.us) / factor) - Math.round((this.wall.nowMs() - from.wallMs) * 1000);
  }

  #paceFromNow(): void {
    this.#pacedFrom = { wallMs: this.wall.nowMs(), us: this.#nowUs };
  }

  #foreignAwait(): BugError {
    const loops = [...this.#loops.values()].map((loop) => String(loop).replace(/\s+/g, ' ').slice(0, 80));
    return new BugError(
      `at ${this.nowMs()} ms a loop of the core awaits what is neither a sleep, a hold nor a gate of the clock; it is one of: ${loops.join(' | ')}`,
    );
  }
}
