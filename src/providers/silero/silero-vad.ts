/**
 * Voice-activity detection by the Silero model. The model gives the same answer, to the bit, for the same audio
 * since a reset, so answers are remembered: repeated speech costs a hash instead of an inference. Whether and where
 * they were remembered never shows in the results.
 */
import type { VadProvider, VadStream } from '../../pipeline/vad.ts';
import { inferenceFingerprint } from './machine.ts';
import { RememberingStream } from './remembering-stream.ts';
import { findModel } from './silero-model.ts';
import { SileroStream } from './silero-stream.ts';
import { TrackLibrary, type TrackStore } from './track-library.ts';

export type SileroOptions = {
  /** Where answers outlive the process. Useful where speech is repeated; live audio would only fill it. */
  readonly store?: TrackStore;
  /** False asks the model about every window. */
  readonly memo?: boolean;
};

/** Make one for the process: what its streams remember, they share. */
export class SileroVad implements VadProvider {
  readonly name = 'silero';
  readonly #library: TrackLibrary | undefined;

  /** Throws a UsageError if there is no model file. The model itself is loaded by the first window that needs it. */
  constructor({ store, memo = true }: SileroOptions = {}) {
    findModel();
    if (memo) this.#library = new TrackLibrary(inferenceFingerprint(), store);
  }

  open(): VadStream {
    return this.#library ? new RememberingStream(this.#library) : new SileroStream();
  }
}
