/**
 * Call time as a discrete-event queue: it jumps from event to event, waits for the wall only while a hold says so,
 * and gives way to the process's event loop at least every 10 ms. A pace slows it down and changes nothing else.
 */
import { BugError } from '../base/errors.ts';
import { type HoldOptions, type Mark, type Place, wholeMicroseconds } from './clock.ts';
import type { QueuedEvent } from './event-queue.ts';
import { QueueClock } from './queue-clock.ts';
import type { Register } from './waits.ts';
import type { WallClock } from './wall-clock.ts';

/** How long events may run before the process's event loop gets its turn: Ctrl-C and keys must answer at once. */
const PROCESS_TURN_MS = 10;
/** Reading the wall costs more than a small event, so it is read once in so many events. */
const EVENTS_PER_WALL_READING = 8;

type WallHold = { readonly startedUs: number; readonly startedWallMs: number };

export class VirtualClock extends QueueClock {
  readonly kind = 'virtual';
  /** Call seconds per wall second; undefined means as fast as possible. */
  readonly #pace: number | undefined;
  readonly #wallHolds = new Set<WallHold>();
  #nowUs = 0;
  /** Open holds that stop time altogether. */
  #stopping = 0;
  /** A continuation of the core may be waiting in the microtask queue; it must run before the next event. */
  #resumed = false;
  #tasks = 0;
  #waits = 0;

  constructor(options: { wall: WallClock; pace?: number | undefined }) {
    super(options);
    this.#pace = options.pace;
  }

  nowMs(): number {
    return this.#nowUs / 1000;
  }

  hold<T>(promise: Promise<T>, options: HoldOptions<T>): Promise<T> {
    const since = options.since ?? this.mark();
    const place: Place = { phase: 'delivery', order: since.sequence };
    return options.charge === 'due'
      ? this.#holdUntilDue(promise, options.dueMs, place, options.signal)
      : this.#holdUntilSettled(promise, options, since, place);
  }

  task(loop: () => Promise<void>): void {
    this.#tasks += 1;
    this.#resumed = true;
    loop().then(
      () => void (this.#tasks -= 1),
      (error: unknown) => this.fail(error),
    );
  }

  async run(): Promise<void> {
    const pacedFrom = { wallMs: this.wall.nowMs(), us: this.#nowUs };
    let turnStartedMs = pacedFrom.wallMs;
    let count = 0;
    for (;;) {
      if (this.#resumed || (++count % EVENTS_PER_WALL_READING === 0 && this.wall.nowMs() - turnStartedMs > PROCESS_TURN_MS)) {
        await this.wall.yieldToProcess();
        this.#resumed = false;
        turnStartedMs = this.wall.nowMs();
      }
      if (this.failure) throw this.failure.error;
      if (this.stopped) return this.queue.clear();
      if (this.#tasks > this.#waits) throw new BugError('a core loop awaits something that is neither a clock wait nor a hold');
      if (this.#stopping > 0) {
        await this.sleepUntilWoken();
        continue;
      }
      const event = this.queue.peek();
      if (!event) {
        if (this.#wallHolds.size === 0) throw new BugError('the event queue ran empty before the call ended');
        await this.sleepUntilWoken();
        continue;
      }
      const aheadMs = Math.max(this.#aheadOfHoldsMs(event.atUs), this.#aheadOfPaceMs(event.atUs, pacedFrom));
      if (aheadMs > 0) {
        await this.sleepUntilWoken(aheadMs);
        continue;
      }
      this.queue.take();
      this.#nowUs = event.atUs;
      const stopsTime = event.fire();
      if (stopsTime) await stopsTime;
    }
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

  #holdUntilDue<T>(promise: Promise<T>, dueMs: number, place: Place, signal: AbortSignal | undefined): Promise<T> {
    return this.wait<T>(signal, (settle) => {
      let deliver: (() => void) | undefined;
      let endStop: (() => void) | undefined;
      const settled = (outcome: () => void): void => {
        deliver = outcome;
        endStop?.();
      };
      promise.then(
        (value) => settled(() => settle.resolve(value)),
        (error: unknown) => settled(() => settle.reject(error)),
      );
      const event = this.schedule(dueMs * 1000, place, () => {
        if (deliver) return deliver();
        return new Promise<void>((resolve) => (endStop = resolve)).then(() => deliver?.());
      });
      return () => {
        event.cancelled = true;
        endStop?.();
      };
    });
  }

  #holdUntilSettled<T>(
    promise: Promise<T>,
    options: Extract<HoldOptions<T>, { charge: 'wall' | 'none' }>,
    since: Mark,
    place: Place,
  ): Promise<T> {
    const startedUs = Math.round(since.startedMs * 1000);
    const hold = { startedUs, startedWallMs: since.startedWallMs };
    const stopsTime = options.charge === 'none';
    return this.wait<T>(options.signal, (settle) => {
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
        if (!open) return;
        const wallOffsetMs = stopsTime ? 0 : wholeMicroseconds(this.wall.nowMs() - since.startedWallMs);
        delivery = this.schedule(startedUs + (offsetMs ?? wallOffsetMs) * 1000, place, deliver);
        close();
      };
      promise.then(
        (value) => arrived(options.offsetMs?.(value), () => settle.resolve(value)),
        (error: unknown) => arrived(undefined, () => settle.reject(error)),
      );
      return () => {
        close();
        if (delivery) delivery.cancelled = true;
      };
    });
  }

  /** How far `atUs` lies ahead of what the open wall holds allow, in wall milliseconds. */
  #aheadOfHoldsMs(atUs: number): number {
    if (this.#wallHolds.size === 0) return 0;
    const wallNowMs = this.wall.nowMs();
    let aheadMs = 0;
    for (const hold of this.#wallHolds) {
      aheadMs = Math.max(aheadMs, (atUs - hold.startedUs) / 1000 - (wallNowMs - hold.startedWallMs));
    }
    return aheadMs;
  }

  #aheadOfPaceMs(atUs: number, from: { wallMs: number; us: number }): number {
    if (this.#pace === undefined) return 0;
    return (atUs - from.us) / 1000 / this.#pace - (this.wall.nowMs() - from.wallMs);
  }
}
