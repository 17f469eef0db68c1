/**
 * Where received frames stand in time: they come a little early or late, and the record needs them one after the
 * other on the ticks of the call. Small deviations are ignored, larger ones leave a gap or drop a frame.
 */
import { FRAME_MS } from '../../audio/format.ts';

/** Times of what was received are this exact, network apart. */
const DEVIATION_TICKS = 3;

export class FrameTimeline {
  #nextTick: number | undefined;

  /** The tick of the frame that was complete at `atMs`, counted from call time zero; undefined drops it. */
  tickOf(atMs: number): number | undefined {
    const now = Math.max(0, Math.round(atMs / FRAME_MS) - 1);
    const next = this.#nextTick ?? now;
    if (next > now + DEVIATION_TICKS) return undefined;
    const tick = now > next + DEVIATION_TICKS ? now : next;
    this.#nextTick = tick + 1;
    return tick;
  }
}
