/**
 * Where in the call the page is: how far it is heard and shown. It keeps a little behind what the server has told, so
 * that sound which comes in lumps is played without gaps, waits when nothing comes, and catches up where nobody speaks.
 * Counts samples of call time and knows no clock: whoever plays says how many samples went by.
 */
import type { Speed } from '../parts/live-messages.ts';

/** Sound comes in lumps of up to 200 ms; a little more than that is kept in hand. In wall time, so at speed 2 twice as much of the call. */
const CUSHION_SAMPLES = 4_800;
/** So much more behind than the cushion, and the next silence is shortened. */
const CATCH_UP_AFTER_SAMPLES = 8_000;
/** And from here on speech is left out, for a page that is seconds late shows another call than the one that runs. */
const SKIP_AFTER_SAMPLES = 64_000;

export type Step = { readonly from: number; readonly samples: number };

export class Playhead {
  #position: number;
  #known: number;
  #filling = true;
  #over = false;
  #speed: Speed = 1;
  #paused = false;

  /** Begins at this sample of the call. */
  constructor(from = 0) {
    this.#position = from;
    this.#known = from;
  }

  /** In samples of call time since the call began. */
  get position(): number {
    return this.#position;
  }

  get speed(): Speed {
    return this.#speed;
  }

  /** Everything before this sample has come. */
  know(sample: number): void {
    this.#known = Math.max(this.#known, sample);
  }

  pace(speed: Speed, paused: boolean): void {
    this.#speed = speed;
    this.#paused = paused;
  }

  /** The call is over, so nothing is worth waiting for. */
  finish(): void {
    this.#over = true;
  }

  /** What to play in a moment that is so many samples long. `isQuiet` says whether nobody speaks in a stretch of the call. */
  step(samples: number, isQuiet: (from: number, to: number) => boolean): Step {
    if (this.#speed === 'max') this.#position = this.#known;
    if (this.#paused || this.#speed === 'max') return this.#stay();
    const cushion = CUSHION_SAMPLES * this.#speed;
    this.#catchUp(cushion, isQuiet);
    const inHand = this.#known - this.#position;
    if (this.#filling && !this.#over && inHand < cushion) return this.#stay();
    const wanted = samples * this.#speed;
    this.#filling = inHand < wanted;
    if (this.#filling && !this.#over) return this.#stay();
    const from = this.#position;
    this.#position = Math.min(this.#known, from + wanted);
    return { from, samples: this.#position - from };
  }

  #catchUp(cushion: number, isQuiet: (from: number, to: number) => boolean): void {
    const behind = this.#known - this.#position;
    if (behind > cushion + SKIP_AFTER_SAMPLES) {
      this.#position = this.#known - (this.#over ? 0 : cushion);
      return;
    }
    if (this.#over || behind <= cushion + CATCH_UP_AFTER_SAMPLES) return;
    const to = this.#known - cushion;
    let reached = this.#position;
    while (reached < to && isQuiet(reached, reached + QUIET_STEP_SAMPLES)) reached += QUIET_STEP_SAMPLES;
    this.#position = Math.min(to, Math.max(this.#position, reached - QUIET_STEP_SAMPLES));
  }

  #stay(): Step {
    return { from: this.#position, samples: 0 };
  }
}

/** Silence is left out in pieces of so much. */
const QUIET_STEP_SAMPLES = 320;
