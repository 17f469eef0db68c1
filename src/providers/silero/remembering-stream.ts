/**
 * A Silero stream that asks the model only about audio that was never heard before, and answers to the bit as the
 * model would. While it follows a known track the model stands still; where the track ends, the model first catches
 * up from the last state that the track kept.
 */
import { VAD_WINDOW_SAMPLES, type VadStream } from '../../pipeline/vad.ts';
import { CONTEXT_SAMPLES } from './silero-model.ts';
import { SileroStream } from './silero-stream.ts';
import { stateBefore, STATE_EVERY_WINDOWS, type Track, TrackRecorder } from './track.ts';
import type { TrackLibrary } from './track-library.ts';
import { WindowHash } from './window-hash.ts';

export class RememberingStream implements VadStream {
  readonly #library: TrackLibrary;
  readonly #model = new SileroStream();
  /** Of all audio since the reset. */
  readonly #hash = new WindowHash();
  /** The windows that the model has yet to hear before it can judge the next one. */
  readonly #missed = new Int16Array(STATE_EVERY_WINDOWS * VAD_WINDOW_SAMPLES);
  #missedWindows = 0;
  /** The last samples heard. */
  readonly #context = new Int16Array(CONTEXT_SAMPLES);
  #track: Track | undefined;
  /** Which window of the track comes next. */
  #next = 0;
  #recording: { readonly firstHash: string; readonly recorder: TrackRecorder } | undefined;

  constructor(library: TrackLibrary) {
    this.#library = library;
  }

  confidence(window: Int16Array): number {
    this.#hash.add(window);
    const probability = this.#remembered(window) ?? this.#inferred(window);
    for (let i = 0; i < CONTEXT_SAMPLES; i++) {
      this.#context[i] = window[VAD_WINDOW_SAMPLES - CONTEXT_SAMPLES + i] as number;
    }
    return probability;
  }

  reset(): void {
    this.#finishRecording();
    this.#track = undefined;
    this.#hash.reset();
    this.#model.reset();
    this.#missedWindows = 0;
    this.#context.fill(0);
  }

  close(): void {
    this.#finishRecording();
  }

  #remembered(window: Int16Array): number | undefined {
    if (this.#recording?.recorder.isFull) this.#finishRecording();
    // No known track can join one that is being recorded: its hashes would stand for other audio.
    if (this.#recording) return undefined;
    if (!this.#track || !continues(this.#track, this.#next, this.#hash)) {
      this.#track = this.#library.find(this.#hash);
      this.#next = 0;
      if (!this.#track) return undefined;
    }
    const state = stateBefore(this.#track, this.#next);
    if (state) {
      this.#model.resume(state, this.#context);
      this.#missedWindows = 0;
    }
    this.#missed.set(window, this.#missedWindows * VAD_WINDOW_SAMPLES);
    this.#missedWindows += 1;
    return this.#track.probabilities[this.#next++];
  }

  #inferred(window: Int16Array): number {
    for (let n = 0; n < this.#missedWindows; n++) {
      this.#model.confidence(this.#missed.subarray(n * VAD_WINDOW_SAMPLES, (n + 1) * VAD_WINDOW_SAMPLES));
    }
    this.#missedWindows = 0;
    this.#recording ??= { firstHash: String(this.#hash), recorder: new TrackRecorder() };
    const { state } = this.#model;
    const probability = this.#model.confidence(window);
    this.#recording.recorder.add(this.#hash, probability, state);
    return probability;
  }

  #finishRecording(): void {
    if (this.#recording) this.#library.add(this.#recording.firstHash, this.#recording.recorder.finish());
    this.#recording = undefined;
  }
}

function continues(track: Track, window: number, { high, low }: WindowHash): boolean {
  return track.hashes[2 * window] === high && track.hashes[2 * window + 1] === low;
}
