/**
 * One tick of sound. Frames are passed by call and never changed after they were published, so that one frame can
 * be heard by many. Labels travel with embedded speech: the local room's transcription looks words up in them,
 * once it has found the samples under their spans audible; nothing else reads them.
 */
import { invariant } from '../base/errors.ts';
import { FRAME_SAMPLES } from './format.ts';

/** A word and its span, in samples counted from some start that the owner of the list names. */
export type WordSpan = { readonly text: string; readonly startSample: number; readonly endSample: number };

/** Which words end within a frame; spans count from the frame's first sample, so a start may be negative. */
export type SpeechLabel = { readonly utteranceId: string; readonly words: readonly WordSpan[] };

export type AudioFrame = {
  /** FRAME_SAMPLES samples. */
  readonly samples: Int16Array;
  /** Every sample is exactly zero. Known once, when the frame is made, because everybody asks. */
  readonly silent: boolean;
  readonly label?: SpeechLabel;
};

/** The frame of digital silence; sent whenever there is nothing to say. */
export const SILENCE: AudioFrame = Object.freeze({ samples: new Int16Array(FRAME_SAMPLES), silent: true });

/** Makes a frame of FRAME_SAMPLES samples, and finds out whether it is silent. */
export function audioFrame(samples: Int16Array, label?: SpeechLabel): AudioFrame {
  invariant(samples.length === FRAME_SAMPLES, 'a frame has a length of its own');
  const silent = samples.every((sample) => sample === 0);
  return label ? { samples, silent, label } : { samples, silent };
}
