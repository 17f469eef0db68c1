/**
 * One recorded answer, piece by piece at its times. What was given up when it was recorded has no end: what comes of it
 * when nobody gives it up now is for the caller to say.
 */
import type { Arrival } from '../../clock/arrival.ts';
import type { Clock } from '../../clock/clock.ts';
import type { LivePiece } from '../../clock/live-answer.ts';
import type { CassetteCall } from './cassette.ts';

/** Call time stands still for a promise, but not for a piece that comes when every call is over: 31 years. */
const NEVER_MS = 1e12;
/** The smallest step of call time: what happens at the moment of giving up comes first. */
const A_MOMENT_MS = 0.001;

export type PlayedAnswerOptions = {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called once when the answer is wanted beyond the moment at which it was given up. May throw, which ends the run. */
  readonly onOverdue: () => void;
};

/** Without a last piece the answer stays silent until the signal aborts. To be called when the request is opened. */
export function playedAnswer<T>(call: CassetteCall, { clock, signal, onOverdue }: PlayedAnswerOptions): AsyncIterable<Arrival<LivePiece<T>>> {
  const overdueMs = endOf(call);
  if (!isWhole(call)) {
    clock.at(clock.nowMs() + overdueMs, { phase: 'publish', order: 99 }, () => {
      if (!signal.aborted) onOverdue();
    });
  }
  return pieces(call);
}

/** Whether it came to its end, good or bad. */
export function isWhole(call: CassetteCall): boolean {
  return call.pieces.at(-1)?.value.kind === 'ended' || hasFailed(call);
}

/** Whether there was no answer in the end, however often it was asked. */
export function hasFailed({ pieces: all }: CassetteCall): boolean {
  return all.at(-1)?.value.kind === 'failed';
}

/** Where the recording of an answer ends, counted from its opening: just after it was given up. */
export function endOf({ pieces: all, givenUpMs }: CassetteCall): number {
  return (givenUpMs ?? all.at(-1)?.offsetMs ?? 0) + A_MOMENT_MS;
}

async function* pieces<T>(call: CassetteCall): AsyncGenerator<Arrival<LivePiece<T>>> {
  yield* call.pieces as readonly Arrival<LivePiece<T>>[];
  if (!isWhole(call)) yield { offsetMs: NEVER_MS, value: { kind: 'ended' } };
}
