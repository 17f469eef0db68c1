/**
 * One speaker's sound at the speed at which the call is played. At speed 1 these are the very samples; at speed 2 every
 * other piece of 20 ms is left out, each joined where it fits the last one best, so that a voice keeps its pitch.
 */
import type { SpeechRing } from './speech-ring.ts';

/** Pieces overlap by half, so each is 40 ms long and 20 ms apart from the next. */
const HOP_SAMPLES = 320;
/** A join may lie so far off its place: half a period of the lowest voice. */
const SLACK_SAMPLES = 120;

export class Stretch {
  /** Sound made and not yet played. */
  #made: number[] = [];
  /** The second half of the last piece, which fades out under the next. */
  #tail: Float32Array | undefined;
  #next = -1;

  /** So much of the call from a place in it, as `into` samples. */
  play(ring: SpeechRing, { from, samples, into }: { readonly from: number; readonly samples: number; readonly into: number }): Float32Array {
    if (samples <= into) {
      this.#tail = undefined;
      this.#made = [];
      return Float32Array.from({ length: samples }, (_, i) => ring.at(from + i));
    }
    const pieceApart = Math.round((HOP_SAMPLES * samples) / into);
    if (!this.#tail || Math.abs(this.#next - from) > 2 * pieceApart + into) {
      this.#next = from;
      this.#tail = undefined;
    }
    while (this.#made.length < into) {
      this.#join(ring, this.#next);
      this.#next += pieceApart;
    }
    return Float32Array.from(this.#made.splice(0, into));
  }

  #join(ring: SpeechRing, place: number): void {
    const tail = this.#tail;
    const start = tail ? bestJoin(ring, place, tail) : place;
    for (let i = 0; i < HOP_SAMPLES; i++) {
      const rise = i / HOP_SAMPLES;
      this.#made.push(tail ? (tail[i] as number) * (1 - rise) + ring.at(start + i) * rise : ring.at(start + i));
    }
    this.#tail = Float32Array.from({ length: HOP_SAMPLES }, (_, i) => ring.at(start + HOP_SAMPLES + i));
  }
}

/** Where around this place the sound is most like what it fades in over. */
function bestJoin(ring: SpeechRing, place: number, tail: Float32Array): number {
  if (ring.isQuiet(place - SLACK_SAMPLES, place + HOP_SAMPLES + SLACK_SAMPLES)) return place;
  let best = place;
  let most = -Infinity;
  for (let offset = -SLACK_SAMPLES; offset <= SLACK_SAMPLES; offset += 2) {
    let likeness = 0;
    for (let i = 0; i < HOP_SAMPLES; i += 2) likeness += (tail[i] as number) * ring.at(Math.max(0, place + offset + i));
    if (likeness > most) {
      most = likeness;
      best = Math.max(0, place + offset);
    }
  }
  return best;
}
