/** The port to voice-activity detection: a model that hears one peer and says, window by window, how sure it is. */

/** The windows that a model judges: 512 samples, 32 ms at 16 kHz. */
export const VAD_WINDOW_SAMPLES = 512;

/** One peer's stream through the model. It keeps state, so each peer needs its own. */
export interface VadStream {
  /** The chance (0 to 1) that this window of VAD_WINDOW_SAMPLES samples holds speech. Computed on the spot. */
  confidence(window: Int16Array): number;
  /** Forgets everything heard so far. */
  reset(): void;
  close(): void;
}

export interface VadProvider {
  readonly name: string;
  open(): VadStream;
}
