/**
 * What the virtual and the real clock share: scheduling, periodic events, sleeps, gates and marks, all made of an
 * event queue and abortable waits. Each clock adds what time it is, what a hold means, and when events may run.
 */
import { BugError, invariant } from '../base/errors.ts';
import { type Clock, type Gate, type HoldOptions, type Mark, type Place, type Timer } from './clock.ts';
import { EventQueue, QueuedEvent } from './event-queue.ts';
import { type Lag, LagWatch } from './lag-watch.ts';
import { abortable, ClockGate, type Register, type Settle } from './waits.ts';
import type { WallClock } from './wall-clock.ts';

const SLEEP_PLACE: Place = { phase: 'turn', order: 0 };
/** The clock wakes up now and then for nothing, because the process's own timers overflow after 24 days. */
const LONGEST_WAIT_MS = 86_400_000;

export abstract class QueueClock implements Clock {
  abstract readonly kind: Clock['kind'];
  protected readonly queue = new EventQueue();
  protected readonly wall: WallClock;
  protected stopped = false;
  protected failure: { readonly error: unknown } | undefined;
  readonly #lagWatch: LagWatch;
  #requests = 0;
  #wake: (() => void) | undefined;

  constructor({ wall, toleratedLagMs }: { wall: WallClock; toleratedLagMs?: number | undefined }) {
    this.wall = wall;
    this.#lagWatch = new LagWatch({ wall, callMs: () => this.nowMs(), toleratedMs: toleratedLagMs });
  }

  /** How far this process was behind while answers of the world were waited for; undefined if it kept up. */
  get lag(): Lag | undefined {
    return this.#lagWatch.lag;
  }

  abstract task(loop: () => Promise<void>): void;
  /** Runs events until `stop` is called, or throws what a task or an event threw. */
  abstract run(): Promise<void>;
  /** Call time in whole microseconds. */
  protected abstract nowUs(): number;
  /** Settles when the result is to be delivered; returns how to call the hold off. */
  protected abstract awaitResult<T>(promise: Promise<T>, options: HoldOptions<T>, since: Mark, settle: Settle<T>): () => void;

  nowMs(): number {
    return this.nowUs() / 1000;
  }

  at(atMs: number, place: Place, fn: () => void): Timer {
    return this.schedule(atMs * 1000, place, fn);
  }

  every(periodMs: number, place: Place, fn: (n: number) => void): Timer {
    invariant(periodMs >= 0.001, `a period of ${periodMs} ms is shorter than the resolution of the clock`);
    const startedUs = this.nowUs();
    let n = 1;
    // One event object goes round for ever: ticks are most of what a call schedules.
    const event = this.schedule(startedUs + periodMs * 1000, place, () => {
      const due = n++;
      event.atUs = Math.round(startedUs + n * periodMs * 1000);
      event.sequence = this.queue.reserve();
      this.queue.add(event);
      fn(due);
    });
    return event;
  }

  sleep(ms: number, options: { place?: Place; signal?: AbortSignal | undefined } = {}): Promise<void> {
    return this.wait<void>(options.signal, (settle) => {
      const event = this.schedule(this.nowUs() + ms * 1000, options.place ?? SLEEP_PLACE, settle.resolve);
      return () => event.cancel();
    });
  }

  mark(): Mark {
    return { startedMs: this.nowMs(), startedWallMs: this.wall.nowMs(), sequence: this.#requests++ };
  }

  hold<T>(promise: Promise<T>, options: HoldOptions<T>): Promise<T> {
    // Who aborted before asking hears nothing, so nobody else would hear of a failure either.
    if (options.signal?.aborted) promise.catch(() => undefined);
    return this.wait<T>(options.signal, (settle) => {
      const since = options.since ?? this.mark();
      // Of what is stamped in wall time the stamp is late when this process is.
      if (options.charge !== 'wall' || !options.offsetMs) return this.awaitResult(promise, options, since, settle);
      const arrived = this.#lagWatch.begin();
      promise.then(arrived, arrived);
      const callOff = this.awaitResult(promise, options, since, settle);
      return () => {
        arrived();
        callOff();
      };
    });
  }

  gate(): Gate {
    return new ClockGate((signal, register) => this.wait(signal, register));
  }

  /** Ends `run` after the event that is being run; what is still scheduled is dropped. */
  stop(): void {
    this.stopped = true;
    this.#lagWatch.close();
    this.wake();
  }

  /** Puts an event into the queue, at `atUs` or now, whichever is later. */
  protected schedule(atUs: number, place: Place, fire: () => void, sequence = this.queue.reserve()): QueuedEvent {
    if (!Number.isFinite(atUs)) throw new BugError(`a ${place.phase} event was scheduled at ${atUs / 1000} ms`);
    const event = new QueuedEvent(Math.max(Math.round(atUs), this.nowUs()), sequence, place, fire);
    this.queue.add(event);
    return event;
  }

  /** Every wait of the core goes through here. */
  protected wait<T>(signal: AbortSignal | undefined, register: Register<T>): Promise<T> {
    return abortable<T>(signal, register, () => this.waitSettled());
  }

  /** Called whenever a wait of the core ends, before its continuation runs. */
  protected waitSettled(): void {}

  protected fail(error: unknown): void {
    this.failure ??= { error };
    this.wake();
  }

  protected wake(): void {
    this.#wake?.();
  }

  protected sleepUntilWoken(atMostMs = Number.POSITIVE_INFINITY): Promise<void> {
    return new Promise((resolve) => {
      const cancelTimer = Number.isFinite(atMostMs) ? this.wall.after(Math.min(atMostMs, LONGEST_WAIT_MS), () => this.wake()) : undefined;
      this.#wake = () => {
        this.#wake = undefined;
        cancelTimer?.();
        resolve();
      };
    });
  }
}
