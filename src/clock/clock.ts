/**
 * Time as a value. Everything in the core that waits, ticks or stamps does so through a Clock; nothing else in
 * the core knows what time it is. Call time counts in milliseconds from the start of the call and is always a
 * whole number of microseconds.
 */

/**
 * What kind of work an event does. Events at one instant run in this order, so that within a tick frames are
 * delivered before voice activity is judged, decisions come before playout, and playout before publishing.
 */
export const PHASES = ['delivery', 'network', 'room', 'vad', 'turn', 'playout', 'publish'] as const;
export type Phase = (typeof PHASES)[number];

/** Where an event stands among the events of its instant: first by phase, then by participant order. */
export type Place = { readonly phase: Phase; readonly order: number };

/** Something scheduled that can be called off. Cancelling twice, or too late, does nothing. */
export interface Timer {
  cancel(): void;
}

/** When a request to the world was opened; holds are counted from it and deliveries ordered by it. */
export type Mark = { readonly startedMs: number; readonly startedWallMs: number; readonly sequence: number };

/**
 * How an outside result is charged to call time.
 *
 * - `wall`: while it is pending, call time may run on as far as wall time has run since the mark, and waits there.
 *   The result is delivered at mark + offsetMs (the wall offset of its arrival where not given), never in the past:
 *   if events have run meanwhile up to that time or beyond, a microsecond after them. So a replay from the offsets
 *   at which results were delivered gives the same order of events.
 * - `none`: computation that models no latency, such as an inference: call time stops. With offsetMs the result
 *   is delivered at mark + offset all the same.
 * - `due`: modelled latency: call time runs on to dueMs (absolute) and stops there only if the result is late.
 */
export type HoldOptions<T> = { readonly signal?: AbortSignal | undefined } & (
  | { readonly charge: 'wall' | 'none'; readonly since?: Mark; readonly offsetMs?: (result: T) => number }
  | { readonly charge: 'due'; readonly dueMs: number; readonly since?: Mark }
);

/** The clock that the whole core runs on. */
export interface Clock {
  readonly kind: 'virtual' | 'real';

  /** Call time in milliseconds. */
  nowMs(): number;

  /** Runs `fn` once at `atMs`, a finite time; one in the past means now, after the current event. */
  at(atMs: number, place: Place, fn: () => void): Timer;

  /** Runs `fn` at now + n x periodMs for n = 1, 2, ...; the product is computed, so no error adds up. At least 0.001 ms. */
  every(periodMs: number, place: Place, fn: (n: number) => void): Timer;

  /** Waits; rejects with the signal's reason when it aborts. */
  sleep(ms: number, options?: { readonly place?: Place; readonly signal?: AbortSignal | undefined }): Promise<void>;

  /** Opens a request to the world: notes when it began, for the holds that wait for its answers. */
  mark(): Mark;

  /**
   * Waits for something outside of call time; see HoldOptions. A rejection is delivered as a result would be. The
   * signal ends the wait at once, and what the promise comes to after that changes nothing.
   */
  hold<T>(promise: Promise<T>, options: HoldOptions<T>): Promise<T>;

  /** A wait that another event of the core ends. */
  gate(): Gate;

  /**
   * Starts one of the core's loops. Whenever the clock goes on, each loop must be in a clock wait (sleep, hold or
   * gate): a loop that awaits anything else would run at a time that no one chose, and is a fault. A loop that
   * throws ends the run with what it threw.
   */
  task(loop: () => Promise<void>): void;
}

/** Lets one or more core loops wait until another event opens it. It stays open until it is closed again. */
export interface Gate {
  open(): void;
  close(): void;
  /** Resolves when the gate is open; rejects with the signal's reason when it aborts. */
  wait(signal?: AbortSignal): Promise<void>;
}

/** Rounds to whole microseconds, the resolution of call time. */
export function wholeMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
