/**
 * Keeps what an agent sends unbroken: where no frame comes, silence is sent, because a far end that hears nothing for
 * a while waits longer and longer before it plays anything. Frames that were held up and come all at once are thinned
 * out again. Knows no time but what it is told; runs in the page's worker.
 */
import { FRAME_MS, FRAME_SAMPLES } from '../../../audio/format.ts';

/** Frames come every 20 ms, and up to 40 ms late on a busy machine. */
const LATE_MS = 60;
/** With so much sent ahead, silence is left out until the rest has been played. */
const AHEAD_MS = 40;
/** With so much sent ahead, anything is left out: nobody could answer in time any more. */
const MOST_AHEAD_MS = 200;

export class SteadyVoice {
  readonly #write: (samples: Int16Array<ArrayBuffer>) => void;
  #lastFrameMs = Number.NEGATIVE_INFINITY;
  /** Until when there is something to play, if it is played as it comes. */
  #coveredUntilMs = Number.NEGATIVE_INFINITY;

  constructor(write: (samples: Int16Array<ArrayBuffer>) => void) {
    this.#write = write;
  }

  /** Takes a frame that came at `nowMs`. */
  take(samples: Int16Array<ArrayBuffer>, nowMs: number): void {
    this.#lastFrameMs = nowMs;
    const aheadMs = this.#coveredUntilMs - nowMs;
    if (aheadMs > MOST_AHEAD_MS) return;
    if (aheadMs > AHEAD_MS && samples.every((sample) => sample === 0)) return;
    this.#send(samples, nowMs);
  }

  /** Called at least every 20 ms. */
  tick(nowMs: number): void {
    if (nowMs - this.#lastFrameMs < LATE_MS) return;
    while (this.#coveredUntilMs <= nowMs) this.#send(new Int16Array(FRAME_SAMPLES), nowMs);
  }

  #send(samples: Int16Array<ArrayBuffer>, nowMs: number): void {
    this.#coveredUntilMs = Math.max(this.#coveredUntilMs, nowMs - LATE_MS) + FRAME_MS;
    this.#write(samples);
  }
}
