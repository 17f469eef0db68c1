/**
 * Call time as the wall clock, for rooms that live in the world (Daily, the cloud). Events that are due together
 * still run in the order of their phases; holds cost nothing extra because time passes by itself. Time stands at zero
 * until the clock is run, and stands still once it is stopped: neither preparing a call nor ending it is part of it.
 */
import { invariant } from '../base/errors.ts';
import { type HoldOptions, type Mark, type Place } from './clock.ts';
import { type QueuedEvent } from './event-queue.ts';
import { QueueClock } from './queue-clock.ts';
import type { Settle } from './waits.ts';

export class RealClock extends QueueClock {
  readonly kind = 'real';
  #startedWallMs: number | undefined;
  #endedUs: number | undefined;

  /** The call runs already, in another process, and began at `startedWallMs` by the wall clock of this one. */
  joinCall(startedWallMs: number): void {
    invariant(this.#startedWallMs === undefined, 'this call has begun already');
    this.#startedWallMs = startedWallMs;
  }

  task(loop: () => Promise<void>): void {
    loop().catch((error: unknown) => this.fail(error));
  }

  override stop(): void {
    this.#endedUs ??= this.nowUs();
    super.stop();
  }

  async run(): Promise<void> {
    this.#startedWallMs ??= this.wall.nowMs();
    for (;;) {
      // What the last event resumed runs to its next wait first, and the process gets its turn.
      await this.wall.yieldToProcess();
      if (this.failure) throw this.failure.error;
      if (this.stopped) return this.queue.clear();
      const event = this.queue.peek();
      const aheadMs = event ? event.atUs / 1000 - this.nowMs() : Number.POSITIVE_INFINITY;
      if (event && aheadMs <= 0) {
        this.queue.take();
        event.fire();
      } else {
        await this.sleepUntilWoken(aheadMs);
      }
    }
  }

  protected override nowUs(): number {
    if (this.#endedUs !== undefined) return this.#endedUs;
    return this.#startedWallMs === undefined ? 0 : Math.round((this.wall.nowMs() - this.#startedWallMs) * 1000);
  }

  protected override schedule(atUs: number, place: Place, fire: () => void, sequence?: number): QueuedEvent {
    const event = super.schedule(atUs, place, fire, sequence);
    this.wake();
    return event;
  }

  protected override awaitResult<T>(promise: Promise<T>, options: HoldOptions<T>, since: Mark, settle: Settle<T>): () => void {
    const sequence = this.queue.reserve();
    let open = true;
    let delivery: QueuedEvent | undefined;
    const deliver = (offsetMs: number | undefined, fire: () => void): void => {
      const atMs = options.charge === 'due' ? options.dueMs : since.startedMs + (offsetMs ?? 0);
      delivery = this.schedule(atMs * 1000, { phase: 'delivery', order: since.sequence }, fire, sequence);
    };
    promise
      .then((value) => {
        if (open) deliver(options.charge === 'due' ? undefined : options.offsetMs?.(value), () => settle.resolve(value));
      })
      .catch((error: unknown) => {
        if (open) deliver(undefined, () => settle.reject(error));
      });
    return () => {
      open = false;
      delivery?.cancel();
    };
  }
}
