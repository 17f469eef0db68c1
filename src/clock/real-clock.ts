/**
 * Call time as the wall clock, for rooms that live in the world (Daily, the cloud). Events that are due together
 * still run in the order of their phases; holds cost nothing extra because time passes by itself.
 */
import { type HoldOptions, type Place, wholeMicroseconds } from './clock.ts';
import type { QueuedEvent } from './event-queue.ts';
import { QueueClock } from './queue-clock.ts';
import type { WallClock } from './wall-clock.ts';

export class RealClock extends QueueClock {
  readonly kind = 'real';
  readonly #startedWallMs: number;

  constructor(options: { wall: WallClock }) {
    super(options);
    this.#startedWallMs = options.wall.nowMs();
  }

  nowMs(): number {
    return wholeMicroseconds(this.wall.nowMs() - this.#startedWallMs);
  }

  hold<T>(promise: Promise<T>, options: HoldOptions<T>): Promise<T> {
    const since = options.since ?? this.mark();
    const place: Place = { phase: 'delivery', order: since.sequence };
    return this.wait<T>(options.signal, (settle) => {
      let event: QueuedEvent | undefined;
      const deliverAt = (offsetMs: number, deliver: () => void): void => {
        event = this.schedule((since.startedMs + offsetMs) * 1000, place, deliver);
      };
      promise.then(
        (value) => {
          const offsetMs = options.charge === 'due' ? options.dueMs - since.startedMs : options.offsetMs?.(value);
          deliverAt(offsetMs ?? 0, () => settle.resolve(value));
        },
        (error: unknown) => deliverAt(0, () => settle.reject(error)),
      );
      return () => {
        if (event) event.cancelled = true;
      };
    });
  }

  task(loop: () => Promise<void>): void {
    loop().catch((error: unknown) => this.fail(error));
  }

  async run(): Promise<void> {
    for (;;) {
      await this.wall.yieldToProcess();
      if (this.failure) throw this.failure.error;
      if (this.stopped) return this.queue.clear();
      const event = this.queue.peek();
      const aheadMs = event ? event.atUs / 1000 - this.nowMs() : Number.POSITIVE_INFINITY;
      if (event && aheadMs <= 0) {
        this.queue.take();
        await event.fire();
      } else {
        await this.sleepUntilWoken(aheadMs);
      }
    }
  }

  protected override schedule(atUs: number, place: Place, fire: QueuedEvent['fire']): QueuedEvent {
    const event = super.schedule(atUs, place, fire);
    this.wake();
    return event;
  }
}
