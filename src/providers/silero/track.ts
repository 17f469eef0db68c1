/**
 * What the model said about a stretch of audio, so that it need not be asked again: for each window the hash of all
 * audio up to its end and the probability, and now and then the model's state. A track never changes once it is made.
 */
import { STATE_NUMBERS } from './silero-model.ts';
import type { WindowHash } from './window-hash.ts';

/** A state is kept before each 64th window, the first included: 2 s of audio, or 8 ms of inference to get back to any. */
export const STATE_EVERY_WINDOWS = 64;
/** 33 s. Longer stretches continue in another track, so that a line that is never silent does not fill the memory. */
export const MAX_TRACK_WINDOWS = 1024;

export type Track = {
  readonly windowCount: number;
  /** Two lanes a window: high, low. */
  readonly hashes: Int32Array;
  readonly probabilities: Float32Array;
  /** STATE_NUMBERS for each STATE_EVERY_WINDOWS windows begun. */
  readonly states: Float32Array;
};

/** The model's state before a window, where the track has it. */
export function stateBefore(track: Track, window: number): Float32Array | undefined {
  if (window % STATE_EVERY_WINDOWS !== 0) return undefined;
  const start = (window / STATE_EVERY_WINDOWS) * STATE_NUMBERS;
  return start < track.states.length ? track.states.subarray(start, start + STATE_NUMBERS) : undefined;
}

/** A track in the making. */
export class TrackRecorder {
  readonly #hashes: number[] = [];
  readonly #probabilities: number[] = [];
  readonly #states: Float32Array[] = [];

  get isFull(): boolean {
    return this.#probabilities.length === MAX_TRACK_WINDOWS;
  }

  /** Adds a window: all audio up to its end, what the model said, and the model's state before. */
  add({ high, low }: WindowHash, probability: number, state: Float32Array): void {
    if (this.#probabilities.length % STATE_EVERY_WINDOWS === 0) this.#states.push(state);
    this.#hashes.push(high, low);
    this.#probabilities.push(probability);
  }

  finish(): Track {
    const states = new Float32Array(this.#states.length * STATE_NUMBERS);
    for (const [index, state] of this.#states.entries()) states.set(state, index * STATE_NUMBERS);
    return {
      windowCount: this.#probabilities.length,
      hashes: Int32Array.from(this.#hashes),
      probabilities: Float32Array.from(this.#probabilities),
      states,
    };
  }
}

/** To be changed whenever the bytes below come to mean something else; it is part of the cache key. */
export const TRACK_FORMAT = 'track-1';

/** 32-bit words, little-endian: the window count, hashes, probabilities, states. */
export function encodeTrack({ windowCount, hashes, probabilities, states }: Track): Uint8Array {
  const words = new Int32Array(wordsFor(windowCount));
  const numbers = new Float32Array(words.buffer);
  words[0] = windowCount;
  words.set(hashes, 1);
  numbers.set(probabilities, 1 + hashes.length);
  numbers.set(states, 1 + hashes.length + windowCount);
  return new Uint8Array(words.buffer);
}

/** The track, laid over the bytes where they are (aligned to 4); undefined if they cannot be one. */
export function decodeTrack(bytes: Uint8Array): Track | undefined {
  if (bytes.length < 4) return undefined;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  const numbers = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  const windowCount = words[0] as number;
  if (windowCount < 1 || windowCount > MAX_TRACK_WINDOWS || bytes.length !== 4 * wordsFor(windowCount)) return undefined;
  const probabilitiesAt = 1 + 2 * windowCount;
  return {
    windowCount,
    hashes: words.subarray(1, probabilitiesAt),
    probabilities: numbers.subarray(probabilitiesAt, probabilitiesAt + windowCount),
    states: numbers.subarray(probabilitiesAt + windowCount),
  };
}

function wordsFor(windowCount: number): number {
  return 1 + 3 * windowCount + Math.ceil(windowCount / STATE_EVERY_WINDOWS) * STATE_NUMBERS;
}
