/**
 * What lies between a speaker and everybody else: the seam for noise, loss and codecs. A link changes what the
 * others and the transcription get; the speaker's own track, the recording and the ground truth lie before it.
 */
import type { AudioFrame } from '../audio/frame.ts';

export interface Link {
  /** What arrives of a frame sent at `atMs`; undefined when nothing arrives. Called once per frame, in order. */
  carry(frame: AudioFrame, atMs: number): AudioFrame | undefined;
}

/** A line without faults. */
export const CLEAR_LINK: Link = { carry: (frame) => frame };
