/**
 * Between the world and call time. An adapter talks to the world on the wall clock and stamps each piece of an answer
 * where its bytes arrive; `deliver` hands the pieces on in call time, inside holds. A recording of the stamps, played
 * back, is delivered at the same moments.
 */
import { abandon } from '../base/abandon.ts';
import type { Clock } from './clock.ts';

/** One piece of an answer. `offsetMs` counts wall time from the opening of the request, in whole microseconds. */
export type Arrival<T> = { readonly offsetMs: number; readonly value: T };

export type DeliverOptions = {
  /** `wall` for the world, `none` for a recording, whose pieces are there at once. */
  readonly charge: 'wall' | 'none';
  readonly signal: AbortSignal;
};

/**
 * Opens the request and yields its pieces in call time, each at the request's opening + its offset and never in the
 * past. The next piece is asked for when the one before it was taken. Closes the source on every way out; throws what
 * the source throws.
 */
export async function* deliver<T>(clock: Clock, open: () => AsyncIterable<Arrival<T>>, { charge, signal }: DeliverOptions): AsyncGenerator<T> {
  const since = clock.mark();
  const source = open()[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await clock.hold(source.next(), { charge, since, signal, offsetMs: (result) => (result.done ? 0 : result.value.offsetMs) });
      if (next.done) return;
      yield next.value.value;
    }
  } finally {
    abandon(source);
  }
}
