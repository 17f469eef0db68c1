/**
 * Ground truth of who spoke when: an energy detector over one participant's own track, before noise and link. The
 * same code serves every room. It knows neither text nor labels, and what an agent perceives is not its business.
 *
 * Levels are dBFS of the mean square over 5 ms. They were chosen on 104 utterances of the four offline voices (-21
 * dBFS while they speak), whose noise before and after speech stays below -54 dBFS but for the robot's hiss.
 */
import { FRAME_MS, msToSamples } from '../audio/format.ts';
import type { AudioFrame } from '../audio/frame.ts';

/** Fine enough for onsets, and still a whole pitch period of any voice above 200 Hz, half a one of the deepest. */
const STEP_MS = 5;
/** Speech has to get this loud: 22 dB under the offline voices, 10 dB over anything between their words. */
const LOUD = meanSquareAt(-43);
/** So many loud steps make speech; a click has fewer. */
const LOUD_STEPS = 3;
/** Loud steps this close belong together: the longest closure of a stop consonant. */
const CLOSURE_STEPS = 100 / STEP_MS;
/** What is at least this loud and hangs together with loud steps is speech as well: breaths and fricatives. */
const SOFT = meanSquareAt(-52);
/** But not for longer than this on either side, or a noisy line would speak all the time. */
const SOFT_STEPS = 200 / STEP_MS;
/** The first soft sounds rise out of the noise: speech begins where it lies 7 dB over the noise before... */
const RISE = 10 ** (7 / 10);
/** ...and over BS.1770's gate of silence, at most 60 ms before the first soft step. */
const AUDIBLE = meanSquareAt(-70);
const RISE_STEPS = 60 / STEP_MS;
/** The noise is taken from 160 to 80 ms before the first soft step. */
const NOISE_FROM_STEPS = 160 / STEP_MS;
const NOISE_TO_STEPS = 80 / STEP_MS;
/**
 * Shorter gaps are bridged. Sentences said one after the other leave 0.32 to 0.39 s between them, 0.5 s at the 95th
 * percentile of the voice with the longest joins; stops and breaths within a sentence stay under 0.27 s.
 */
const BRIDGED_STEPS = 500 / STEP_MS;

const FRAME_STEPS = FRAME_MS / STEP_MS;
const STEP_SAMPLES = msToSamples(STEP_MS);
/** A power of two, longer than all that is ever looked back. */
const KEPT_STEPS = 256;

/** `startMs` and `endMs` are call times, exact to a step; the change itself is found a little later. */
export type SpeechChange =
  | { readonly kind: 'started'; readonly startMs: number }
  | { readonly kind: 'stopped'; readonly startMs: number; readonly endMs: number };

const NONE: readonly SpeechChange[] = Object.freeze([]);

export class SpeechDetector {
  /** Steps count from the first frame. */
  #originMs: number | undefined;
  readonly #energies = new Float64Array(KEPT_STEPS);
  /** The next step to be kept. */
  #next = 0;
  /** The run of soft steps that is on, or was last. */
  #softStart = 0;
  #softEnd = Number.NEGATIVE_INFINITY;
  /** The loud steps that belong together. */
  #loudSteps = 0;
  #loudEnd = Number.NEGATIVE_INFINITY;
  /** Where speech began if these loud steps are speech. */
  #candidateStart = 0;
  /** Speech that was reported as started. */
  #speech: { readonly start: number; end: number } | undefined;

  /** Takes the frame whose first sample went out at `startMs`. Frames left out count as silence. */
  hear(frame: AudioFrame, startMs: number): readonly SpeechChange[] {
    if (frame.silent && !this.#speech) return NONE;
    this.#originMs ??= startMs;
    const first = Math.round((startMs - this.#originMs) / STEP_MS);
    let changes = NONE;
    if (!frame.silent) {
      this.#skipTo(first);
      for (let n = 0; n < FRAME_STEPS; n++) {
        const found = this.#step(energyOf(frame.samples, n * STEP_SAMPLES));
        if (found !== NONE) changes = [...changes, ...found];
      }
    }
    if (this.#speech && this.#isOver(this.#speech.end, first + FRAME_STEPS)) changes = [...changes, this.#stop(this.#speech)];
    return changes;
  }

  /** Ends the speech that is on, because the participant left or the call is over. */
  flush(nowMs: number): readonly SpeechChange[] {
    this.#loudSteps = 0;
    if (!this.#speech) return NONE;
    const stopped = this.#stop(this.#speech);
    return [stopped.endMs > nowMs ? { ...stopped, endMs: nowMs } : stopped];
  }

  #skipTo(step: number): void {
    const from = Math.max(this.#next, step - KEPT_STEPS);
    for (let silent = from; silent < step; silent++) this.#energies[silent % KEPT_STEPS] = 0;
    this.#next = step;
  }

  #step(energy: number): readonly SpeechChange[] {
    const step = this.#next;
    this.#energies[step % KEPT_STEPS] = energy;
    this.#next += 1;
    if (energy < SOFT) return NONE;
    if (step - this.#softEnd > CLOSURE_STEPS) this.#softStart = step;
    this.#softEnd = step + 1;
    let changes = NONE;
    if (energy >= LOUD) {
      if (step - this.#loudEnd > CLOSURE_STEPS) {
        this.#loudSteps = 0;
        this.#candidateStart = Math.max(this.#softStart, step - SOFT_STEPS);
      }
      this.#loudSteps += 1;
      this.#loudEnd = step + 1;
      if (this.#loudSteps === LOUD_STEPS) changes = this.#confirm();
    }
    if (this.#speech && this.#loudSteps >= LOUD_STEPS) this.#speech.end = Math.min(step + 1, this.#loudEnd + SOFT_STEPS);
    return changes;
  }

  /** The loud steps are speech: the speech that is on goes on, or new speech begins. */
  #confirm(): readonly SpeechChange[] {
    const before = this.#speech;
    if (before && this.#candidateStart - before.end < BRIDGED_STEPS) return NONE;
    const start = this.#risingFrom(this.#candidateStart);
    const ended = before ? [this.#stop(before)] : NONE;
    this.#speech = { start, end: this.#next };
    return [...ended, { kind: 'started', startMs: this.#timeMs(start) }];
  }

  /** Follows the onset back to where it came out of the noise. */
  #risingFrom(softStart: number): number {
    let noise = 0;
    for (let step = softStart - NOISE_FROM_STEPS; step < softStart - NOISE_TO_STEPS; step++) noise += this.#energyAt(step);
    const risen = Math.max(AUDIBLE, (RISE * noise) / (NOISE_FROM_STEPS - NOISE_TO_STEPS));
    let start = softStart;
    while (softStart - start < RISE_STEPS && this.#energyAt(start - 1) >= risen) start -= 1;
    return start;
  }

  #energyAt(step: number): number {
    return step < 0 ? 0 : (this.#energies[step % KEPT_STEPS] as number);
  }

  /** Nothing that is on now can be joined to speech that ended there. */
  #isOver(end: number, now: number): boolean {
    if (now - end < BRIDGED_STEPS) return false;
    const mayBecomeSpeech = this.#loudSteps > 0 && this.#loudSteps < LOUD_STEPS && now - this.#loudEnd <= CLOSURE_STEPS;
    return !(mayBecomeSpeech && this.#candidateStart - end < BRIDGED_STEPS);
  }

  #stop({ start, end }: { readonly start: number; readonly end: number }): Extract<SpeechChange, { kind: 'stopped' }> {
    this.#speech = undefined;
    return { kind: 'stopped', startMs: this.#timeMs(start), endMs: this.#timeMs(end) };
  }

  #timeMs(step: number): number {
    return (this.#originMs as number) + step * STEP_MS;
  }
}

function meanSquareAt(levelDb: number): number {
  return 32768 * 32768 * 10 ** (levelDb / 10);
}

function energyOf(samples: Int16Array, from: number): number {
  let sum = 0;
  for (let i = from; i < from + STEP_SAMPLES; i++) {
    const sample = samples[i] as number;
    sum += sample * sample;
  }
  return sum / STEP_SAMPLES;
}
