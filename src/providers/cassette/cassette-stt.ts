/**
 * A transcription that is a recording: `strict` knows only sound that was heard before, `timing` gives the n-th text of
 * a speaker to the n-th stretch of speech. Opens no connection and needs no key.
 */
import { MismatchError } from '../../base/errors.ts';
import { samplesToMs } from '../../audio/format.ts';
import type { Arrival } from '../../clock/arrival.ts';
import type { Clock } from '../../clock/clock.ts';
import type { LivePiece } from '../../clock/live-answer.ts';
import type { HeardText, LiveStt, SpeechSegment } from '../../room/live-stt.ts';
import { fingerprintOf, transcriptionAsked } from './call-request.ts';
import type { Playback } from './playback.ts';
import { endOf, isWhole, playedAnswer } from './played-answer.ts';
import type { CassetteCall } from './cassette.ts';
import type { Shelf } from './shelf.ts';

export type CassetteSttOptions = {
  readonly clock: Clock;
  readonly playback: Playback;
  readonly facts: { readonly provider: string; readonly model: string };
};

type TextPiece = LivePiece<HeardText>;

export class CassetteStt implements LiveStt {
  readonly name: string;
  readonly model: string;
  readonly #options: CassetteSttOptions;
  readonly #shelves = new Map<string, Shelf>();

  constructor(options: CassetteSttOptions) {
    this.#options = options;
    this.name = options.facts.provider;
    this.model = options.facts.model;
  }

  async prepare(): Promise<void> {}

  /** Throws a MismatchError. */
  transcribe({ speaker, samples }: SpeechSegment, signal: AbortSignal): AsyncIterable<Arrival<TextPiece>> {
    const { clock, playback, facts } = this.#options;
    const shelf = this.#shelves.get(speaker) ?? playback.shelf('transcription', speaker);
    this.#shelves.set(speaker, shelf);
    const strict = playback.mode === 'strict';
    const call = strict ? shelf.takeEqual(fingerprintOf(transcriptionAsked(samples, facts))) : shelf.takeNext();
    if (!call) {
      const lengthMs = Math.round(samplesToMs(samples.length));
      const more = !strict || !shelf.expected;
      throw new MismatchError(
        more
          ? `${speaker} is listened to once more than was recorded, for ${lengthMs} ms`
          : `what ${speaker} says does not sound as it was recorded: ${lengthMs} ms of speech were never transcribed`,
      );
    }
    if (!strict) return untilItsEnd(call);
    const onOverdue = (): void => {
      throw new MismatchError(`a text is waited for that was given up when it was recorded`);
    };
    return playedAnswer<HeardText>(call, { clock, signal, onOverdue });
  }
}

async function* untilItsEnd(call: CassetteCall): AsyncGenerator<Arrival<TextPiece>> {
  for (const { offsetMs, value } of call.pieces) yield { offsetMs, value: value as TextPiece };
  if (!isWhole(call)) yield { offsetMs: endOf(call), value: { kind: 'ended' } };
}
