/**
 * The seam under a transcription of the world: the sound of one stretch of speech goes in, its text comes out stamped
 * in wall time. Adapters implement it, and a recording can stand in for one. It knows no room and no call time.
 */
import type { Arrival } from '../clock/arrival.ts';
import type { LivePiece, TakeDown } from '../clock/live-answer.ts';

/** Somebody's speech from a pause to the next, with a little of the silence around it. */
export type SpeechSegment = {
  /** The display name of who speaks; for recordings and logs, not for the provider. */
  readonly speaker: string;
  /** 16 kHz mono. */
  readonly samples: Int16Array;
};

/** Times count from the first sample of the segment. */
export type TimedWord = { readonly text: string; readonly startMs: number; readonly endMs: number };

/** What was understood; blank if that is nothing. Words only from models that give them. */
export type HeardText = { readonly kind: 'text'; readonly text: string; readonly words?: readonly TimedWord[] };

/** A transcription of the world. */
export interface LiveStt {
  /** For headers, events and reports: `openai`. */
  readonly name: string;
  readonly model: string;
  /** Loads what the first segment would otherwise wait for. */
  prepare(): Promise<void>;
  /**
   * Sends a segment at once. Offsets count from the call. Never throws what the world did. An abort closes the
   * connection and ends the answer without a last piece; so does closing the iterator.
   */
  transcribe(segment: SpeechSegment, signal: AbortSignal): AsyncIterable<Arrival<LivePiece<HeardText>>>;
}

/** A recording of the room's transcription. Called when a request is opened, with offsets in call time; given up when the signal aborts. */
export interface SttTape {
  heard(model: string, segment: SpeechSegment, signal: AbortSignal): TakeDown<HeardText>;
}
