/**
 * What lies between a speaker and everybody else: the seam for noise, loss and codecs. A link changes what the
 * others and the transcription get; the speaker's own track, the recording and the ground truth lie before it.
 */
import type { AudioFrame } from '../audio/frame.ts';

export interface Link {
  /**
   * What arrives of a frame that begins at `atMs`; undefined when nothing arrives. Called once per frame, in order. A
   * link changes samples only: labels are not on the line, and the ones of what it returns are not read.
   */
  carry(frame: AudioFrame, atMs: number): AudioFrame | undefined;
}

/** A line without faults. */
export const CLEAR_LINK: Link = { carry: (frame) => frame };
