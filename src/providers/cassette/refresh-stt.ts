/** A transcription that knows what it has heard before by its sound, and asks the world about the rest. */
import type { Arrival } from '../../clock/arrival.ts';
import type { LivePiece } from '../../clock/live-answer.ts';
import type { HeardText, LiveStt, SpeechSegment } from '../../room/live-stt.ts';
import { fingerprintOf, transcriptionAsked } from './call-request.ts';
import type { Playback } from './playback.ts';
import { isWhole } from './played-answer.ts';
import type { Shelf } from './shelf.ts';

export type RefreshSttOptions = {
  readonly playback: Playback;
  readonly live: LiveStt;
  /** Called whenever the world is asked. */
  readonly onLive: () => void;
};

export class RefreshStt implements LiveStt {
  readonly name: string;
  readonly model: string;
  readonly #options: RefreshSttOptions;
  readonly #shelves = new Map<string, Shelf>();

  constructor(options: RefreshSttOptions) {
    this.#options = options;
    this.name = options.live.name;
    this.model = options.live.model;
  }

  prepare(): Promise<void> {
    return this.#options.live.prepare();
  }

  transcribe(segment: SpeechSegment, signal: AbortSignal): AsyncIterable<Arrival<LivePiece<HeardText>>> {
    const { playback, live, onLive } = this.#options;
    const { speaker, samples } = segment;
    const shelf = this.#shelves.get(speaker) ?? playback.shelf('transcription', speaker);
    this.#shelves.set(speaker, shelf);
    const call = shelf.takeEqual(fingerprintOf(transcriptionAsked(samples, { provider: this.name, model: this.model })));
    // What was given up is of no use, and to ask once more is cheap.
    if (call && isWhole(call)) return played(call.pieces as readonly Arrival<LivePiece<HeardText>>[]);
    onLive();
    return live.transcribe(segment, signal);
  }
}

async function* played<T>(pieces: readonly Arrival<T>[]): AsyncGenerator<Arrival<T>> {
  yield* pieces;
}
