/**
 * The recording: one track per participant as it was sent, before any link, on one clock. The embedded room hands it
 * every frame; who stands left and who right is decided when it is written.
 */
import type { AudioFrame } from '../audio/frame.ts';
import { FRAME_SAMPLES } from '../audio/format.ts';

/** A track begins with room for this many frames (about 20 s), and doubles whenever it is full. */
const FIRST_FRAMES = 1024;

/** Is handed each frame as it is recorded, by whose it is and at which tick. May not throw, and may not take long. */
export type SoundTap = (name: string, frame: AudioFrame, tick: number) => void;

export class Recorder {
  readonly #tracks = new Map<string, Int16Array>();
  readonly #tap: SoundTap | undefined;
  #frames = 0;

  constructor(tap?: SoundTap) {
    this.#tap = tap;
  }

  /** Records a frame of `name` at this tick; what is never recorded stays silent. */
  record(name: string, frame: AudioFrame, tick: number): void {
    this.#tap?.(name, frame, tick);
    this.#frames = Math.max(this.#frames, tick + 1);
    if (frame.silent) return;
    let track = this.#tracks.get(name);
    const needed = (tick + 1) * FRAME_SAMPLES;
    if (!track || track.length < needed) {
      const grown = new Int16Array(Math.max(needed, (track?.length ?? 0) * 2, FIRST_FRAMES * FRAME_SAMPLES));
      if (track) grown.set(track);
      track = grown;
      this.#tracks.set(name, track);
    }
    track.set(frame.samples, tick * FRAME_SAMPLES);
  }

  /** Everything sent under this name, as long as the whole recording. */
  track(name: string): Int16Array {
    const samples = new Int16Array(this.#frames * FRAME_SAMPLES);
    const recorded = this.#tracks.get(name);
    if (recorded) samples.set(recorded.subarray(0, samples.length));
    return samples;
  }
}
