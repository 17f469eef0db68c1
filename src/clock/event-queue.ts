/**
 * The order of events: a binary heap by time, then phase, then participant order, then the order of scheduling.
 * Times are whole microseconds. It keeps no clock; the two clocks decide when the head may run.
 */
import { PHASES, type Place, type Timer } from './clock.ts';

const PHASE_NUMBER = Object.fromEntries(PHASES.map((phase, i) => [phase, i])) as Record<Place['phase'], number>;

export class QueuedEvent implements Timer {
  atUs: number;
  /** Breaks ties by the order of scheduling. */
  sequence: number;
  /** False stops time before this event: what it will deliver has not arrived yet. */
  ready = true;
  cancelled = false;
  readonly phase: number;
  readonly order: number;
  readonly fire: () => void;

  constructor(atUs: number, sequence: number, place: Place, fire: () => void) {
    this.atUs = atUs;
    this.sequence = sequence;
    this.phase = PHASE_NUMBER[place.phase];
    this.order = place.order;
    this.fire = fire;
  }

  /** A cancelled event leaves the queue when its time comes. */
  cancel(): void {
    this.cancelled = true;
  }
}

export class EventQueue {
  readonly #heap: QueuedEvent[] = [];
  #sequence = 0;

  /** Takes a place in the order of scheduling, for an event whose time is not known yet. */
  reserve(): number {
    return this.#sequence++;
  }

  add(event: QueuedEvent): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(event, heap[parent] as QueuedEvent)) break;
      heap[index] = heap[parent] as QueuedEvent;
      index = parent;
    }
    heap[index] = event;
  }

  /** The next event that was not cancelled, left in its place. */
  peek(): QueuedEvent | undefined {
    while (this.#heap[0]?.cancelled) this.take();
    return this.#heap[0];
  }

  /** Removes the head. */
  take(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as QueuedEvent, heap[child] as QueuedEvent)) child++;
      if (!before(heap[child] as QueuedEvent, last)) break;
      heap[index] = heap[child] as QueuedEvent;
      index = child;
    }
    heap[index] = last;
  }

  clear(): void {
    this.#heap.length = 0;
  }
}

function before(a: QueuedEvent, b: QueuedEvent): boolean {
  if (a.atUs !== b.atUs) return a.atUs < b.atUs;
  if (a.phase !== b.phase) return a.phase < b.phase;
  if (a.order !== b.order) return a.order < b.order;
  return a.sequence < b.sequence;
}
