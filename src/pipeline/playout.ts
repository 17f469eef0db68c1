/**
 * What an agent says, frame by frame. Utterances wait in line and one plays at a time; at each tick exactly one frame
 * goes out, silence when there is nothing to say. A word is heard when its last sample was played before the cut:
 * that one rule serves the context, the transcript and the report.
 */
import { FRAME_MS, FRAME_SAMPLES, msToSamples, samplesToMs } from '../audio/format.ts';
import { type AudioFrame, audioFrame, SILENCE, type WordSpan } from '../audio/frame.ts';
import { wholeMicroseconds } from '../clock/clock.ts';
import type { HeardWord, UtteranceKind } from '../events/event.ts';
import type { TtsChunk } from './tts.ts';

export type UtteranceOutcome = { readonly words: readonly HeardWord[]; readonly cut: boolean };

export type UtteranceOptions = {
  readonly id: string;
  readonly kind: UtteranceKind;
  /** The first sample goes out now. */
  readonly onStarted: () => void;
  /** Called once: after the last sample, or when it was cut. Never called if nothing was played before a cut. */
  readonly onStopped: (outcome: UtteranceOutcome) => void;
};

/** Sound that went out without a break, from one of the utterance's samples on. */
type Stretch = { readonly fromSample: number; readonly startMs: number };

/** One stretch of speech whose sound may still be arriving. */
export class Utterance {
  readonly id: string;
  readonly kind: UtteranceKind;
  readonly #options: UtteranceOptions;
  readonly #chunks: Int16Array[] = [];
  #chunkIndex = 0;
  #chunkPosition = 0;
  /** Words that have been received and not played to their end; spans count from the utterance's first sample. */
  readonly #pending: WordSpan[] = [];
  readonly #heard: HeardWord[] = [];
  #receivedSamples = 0;
  #playedSamples = 0;
  /** More than one if the sound ran dry in between. */
  readonly #stretches: Stretch[] = [];
  #nextFrameMs = Number.NEGATIVE_INFINITY;
  #complete = false;
  #over = false;

  constructor(options: UtteranceOptions) {
    this.id = options.id;
    this.kind = options.kind;
    this.#options = options;
  }

  get started(): boolean {
    return this.#stretches.length > 0;
  }

  /** How many samples have been received. */
  get receivedSamples(): number {
    return this.#receivedSamples;
  }

  receive({ samples, words }: TtsChunk): void {
    const from = this.#receivedSamples;
    this.#receivedSamples += samples.length;
    for (const { text, startSample, endSample } of words) {
      // A voice's alignment may run a little over its sound; the word is still whole when the sound is.
      const end = Math.min(from + endSample, this.#receivedSamples);
      this.#pending.push({ text, startSample: Math.min(from + startSample, end), endSample: end });
    }
    if (samples.length > 0) this.#chunks.push(samples);
  }

  /** No more sound will come. */
  complete(): void {
    this.#complete = true;
  }

  /** Whether everything there will ever be has been played. */
  get finished(): boolean {
    return this.#over || (this.#complete && this.#playedSamples >= this.#receivedSamples);
  }

  /** The frame for the tick that was due at `nowMs`; undefined while the next sound has not arrived. */
  take(nowMs: number): AudioFrame | undefined {
    const available = Math.min(FRAME_SAMPLES, this.#receivedSamples - this.#playedSamples);
    // A part of a frame is held back while more may come, so that sound that arrives late leaves no hole in a frame.
    if (available <= 0 || (available < FRAME_SAMPLES && !this.#complete)) return undefined;
    const first = !this.started;
    // Ticks are even, so only sound that was not there in time leaves a hole.
    if (nowMs - this.#nextFrameMs >= FRAME_MS / 2) this.#stretches.push({ fromSample: this.#playedSamples, startMs: nowMs });
    this.#nextFrameMs = nowMs + FRAME_MS;
    if (first) this.#options.onStarted();
    const samples = this.#read(available);
    const words = this.#hearWords(nowMs);
    this.#playedSamples += available;
    return words.length === 0 ? audioFrame(samples) : audioFrame(samples, { utteranceId: this.id, words });
  }

  /** Ends it: after its last sample, or in the middle. */
  stop(cut: boolean): void {
    if (this.#over) return;
    this.#over = true;
    if (!this.started) return;
    this.#options.onStopped({ words: this.#heard, cut });
  }

  /** The next samples as a frame: part of a chunk where one holds them all, because nobody changes sound. */
  #read(count: number): Int16Array {
    const first = this.#nextPiece(count);
    if (first.length === FRAME_SAMPLES) return first;
    const samples = new Int16Array(FRAME_SAMPLES);
    samples.set(first);
    for (let written = first.length; written < count; ) {
      const piece = this.#nextPiece(count - written);
      samples.set(piece, written);
      written += piece.length;
    }
    return samples;
  }

  /** At most so many samples, as many as are left in the present chunk. */
  #nextPiece(most: number): Int16Array {
    const chunk = this.#chunks[this.#chunkIndex] as Int16Array;
    const piece = chunk.subarray(this.#chunkPosition, this.#chunkPosition + most);
    this.#chunkPosition += piece.length;
    if (this.#chunkPosition === chunk.length) {
      this.#chunkIndex += 1;
      this.#chunkPosition = 0;
    }
    return piece;
  }

  /** Moves the words that end within this frame to the heard ones, and gives their spans from the frame's start. */
  #hearWords(frameStartMs: number): WordSpan[] {
    const spans: WordSpan[] = [];
    while (this.#pending[0] && this.#pending[0].endSample <= this.#playedSamples + FRAME_SAMPLES) {
      const { text, startSample, endSample } = this.#pending.shift() as WordSpan;
      const startMs = this.#sentAtMs(startSample);
      const endMs = this.#sentAtMs(endSample);
      spans.push({ text, startSample: msToSamples(startMs - frameStartMs), endSample: msToSamples(endMs - frameStartMs) });
      this.#heard.push({ text, startMs, endMs });
    }
    return spans;
  }

  /** When this sample went out; a word that the sound ran dry in is longer on the wire than in the voice. */
  #sentAtMs(sample: number): number {
    const stretch = this.#stretches.findLast(({ fromSample }) => fromSample <= sample) ?? (this.#stretches[0] as Stretch);
    return wholeMicroseconds(stretch.startMs + samplesToMs(sample - stretch.fromSample));
  }
}

/** The line of utterances, and the silence between them. */
export class Playout {
  #line: Utterance[] = [];

  get current(): Utterance | undefined {
    return this.#line[0];
  }

  get idle(): boolean {
    return this.#line.length === 0;
  }

  enqueue(utterance: Utterance): void {
    this.#line.push(utterance);
  }

  /** Takes an utterance out, cutting it if it plays. */
  drop(utterance: Utterance): void {
    this.#line = this.#line.filter((waiting) => waiting !== utterance);
    utterance.stop(true);
  }

  /** The frame for the tick that was due at `nowMs`. */
  next(nowMs: number): AudioFrame {
    while (this.#line[0]?.finished) this.#line.shift()?.stop(false);
    return this.#line[0]?.take(nowMs) ?? SILENCE;
  }
}
