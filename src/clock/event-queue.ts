/**
 * The order of events: a binary heap by time, then phase, then participant order, then the order of scheduling.
 * Times are whole microseconds. It keeps no clock; the two clocks decide when the head may run.
 */
import { PHASES, type Place } from './clock.ts';

export type QueuedEvent = {
  readonly atUs: number;
  readonly phase: number;
  readonly order: number;
  readonly sequence: number;
  cancelled: boolean;
  /** What to do. A promise is a wait that stops time: the queue does not go on before it settles. */
  fire: () => void | Promise<void>;
};

const PHASE_NUMBER = Object.fromEntries(PHASES.map((phase, i) => [phase, i])) as Record<Place['phase'], number>;

export class EventQueue {
  readonly #heap: QueuedEvent[] = [];
  #sequence = 0;

  schedule(atUs: number, place: Place, fire: QueuedEvent['fire']): QueuedEvent {
    const event = { atUs, phase: PHASE_NUMBER[place.phase], order: place.order, sequence: this.#sequence++, cancelled: false, fire };
    this.#siftUp(event);
    return event;
  }

  /** The next event that was not cancelled, left in its place. */
  peek(): QueuedEvent | undefined {
    while (this.#heap[0]?.cancelled) this.#removeHead();
    return this.#heap[0];
  }

  /** Takes the head; call peek first. */
  take(): void {
    this.#removeHead();
  }

  clear(): void {
    this.#heap.length = 0;
  }

  #siftUp(event: QueuedEvent): void {
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

  #removeHead(): void {
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
}

function before(a: QueuedEvent, b: QueuedEvent): boolean {
  if (a.atUs !== b.atUs) return a.atUs < b.atUs;
  if (a.phase !== b.phase) return a.phase < b.phase;
  if (a.order !== b.order) return a.order < b.order;
  return a.sequence < b.sequence;
}
