/**
 * What the virtual and the real clock share: scheduling, periodic events, sleeps, gates and marks, all made of an
 * event queue and abortable waits. Each clock adds what time it is, what a hold means, and when events may run.
 */
import { type Clock, type Gate, type HoldOptions, type Mark, type Place, type Timer } from './clock.ts';
import { EventQueue, type QueuedEvent } from './event-queue.ts';
import { abortable, ClockGate, type Register } from './waits.ts';
import type { WallClock } from './wall-clock.ts';

const SLEEP_PLACE: Place = { phase: 'turn', order: 0 };

export abstract class QueueClock implements Clock {
  abstract readonly kind: Clock['kind'];
  protected readonly queue = new EventQueue();
  protected readonly wall: WallClock;
  protected stopped = false;
  protected failure: { readonly error: unknown } | undefined;
  #requests = 0;
  #wake: (() => void) | undefined;

  constructor(options: { wall: WallClock }) {
    this.wall = options.wall;
  }

  abstract nowMs(): number;
  abstract hold<T>(promise: Promise<T>, options: HoldOptions<T>): Promise<T>;
  abstract task(loop: () => Promise<void>): void;
  /** Runs events until `stop` is called, or throws what a task threw. */
  abstract run(): Promise<void>;

  at(atMs: number, place: Place, fn: () => void): Timer {
    const event = this.schedule(atMs * 1000, place, fn);
    return { cancel: () => void (event.cancelled = true) };
  }

  every(periodMs: number, place: Place, fn: (n: number) => void): Timer {
    const startedMs = this.nowMs();
    let n = 0;
    let next: QueuedEvent;
    const scheduleNext = (): void => {
      n += 1;
      next = this.schedule((startedMs + n * periodMs) * 1000, place, () => {
        const due = n;
        scheduleNext();
        fn(due);
      });
    };
    scheduleNext();
    return { cancel: () => void (next.cancelled = true) };
  }

  sleep(ms: number, options: { place?: Place; signal?: AbortSignal | undefined } = {}): Promise<void> {
    return this.wait<void>(options.signal, (settle) => {
      const timer = this.at(this.nowMs() + ms, options.place ?? SLEEP_PLACE, () => settle.resolve());
      return () => timer.cancel();
    });
  }

  mark(): Mark {
    return { startedMs: this.nowMs(), startedWallMs: this.wall.nowMs(), sequence: this.#requests++ };
  }

  gate(): Gate {
    return new ClockGate((signal, register) => this.wait(signal, register));
  }

  /** Ends `run` after the event that is being run; what is still scheduled is dropped. */
  stop(): void {
    this.stopped = true;
    this.wake();
  }

  /** Puts an event into the queue, at `atUs` or now, whichever is later. */
  protected schedule(atUs: number, place: Place, fire: QueuedEvent['fire']): QueuedEvent {
    return this.queue.schedule(Math.max(Math.round(atUs), Math.round(this.nowMs() * 1000)), place, fire);
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
      const cancelTimer = Number.isFinite(atMostMs) ? this.wall.after(atMostMs, () => this.wake()) : undefined;
      this.#wake = () => {
        this.#wake = undefined;
        cancelTimer?.();
        resolve();
      };
    });
  }
}
