/**
 * Ground truth of who spoke when: an energy detector over one participant's own track, before noise and link, the same
 * for every room. It knows neither text nor labels, and what an agent perceives is not its business. Loud steps say
 * that there is speech; its edges are looked for in hindsight, by how loud it is and what was heard before and after.
 */
import { FRAME_SAMPLES, msToSamples } from '../audio/format.ts';
import type { AudioFrame } from '../audio/frame.ts';
import { meanSquare, meanSquareAt } from '../audio/level.ts';
import { HighPass } from './high-pass.ts';
import { type Noise, NoiseLevel } from './noise-level.ts';
import { type Floor, StepLevels } from './step-levels.ts';

// Levels are dBFS of the mean square over 5 ms, without what is under 100 Hz. They were chosen on 140 sentences of the
// four offline voices (-21 dBFS while they speak), clean and in noise; bench/heard.ts measures what they are worth.

/** Fine enough for onsets, and still a whole pitch period of any voice above 200 Hz, half a one of the deepest. */
const STEP_MS = 5;
/** Speech gets this loud: 22 dB under the offline voices, 10 dB over anything between their words... */
const LOUD = meanSquareAt(-43);
/** ...and so far over the noise of the line... */
const LOUD_OVER_NOISE = 10 ** (9 / 10);
/** ...but what is louder than this is speech on any line: nobody could be understood in such noise. */
const LOUD_ENOUGH = meanSquareAt(-25);
/** So many loud steps make speech; a click has fewer. */
const LOUD_STEPS = 3;
/** Loud steps this close belong together: the longest closure of a stop consonant. */
const CLOSURE_STEPS = 100 / STEP_MS;
/** A beginning is looked for once this much of the speech is known: the first loud step may be noise, and it lies behind it. */
const KNOWN_STEPS = 200 / STEP_MS;

/**
 * A quiet room beside a normal voice: 35 dB(A) and 60 dB(A), so 25 dB under the offline voices. What is softer no listener
 * hears, nor what is softer than the noise of the line.
 */
const AUDIBLE = meanSquareAt(-46);
/** A soft beginning lies at most so long before the first loud step, and is silent at most so long within: otto, after the hiss of a "w". */
const BREATH_STEPS = 300 / STEP_MS;
const BREATH_GAP_STEPS = 180 / STEP_MS;
/** The noise before speech is taken from 450 to 300 ms before the first loud step: speech that ended before that is over. */
const BEFORE_STEPS = 450 / STEP_MS;
/** A soft ending follows the last loud step at most so late; or it hangs together, as a hissing sound does, and is longer. */
const SOFT_STEPS = 450 / STEP_MS;
const SOFT_GAP_STEPS = 50 / STEP_MS;
const LONGEST_SOFT_STEPS = 800 / STEP_MS;
/** The noise after speech is taken from there until it is known to be over. Less of it says nothing. */
const ENOUGH_NOISE_STEPS = 50 / STEP_MS;
/** What a noise that comes and goes hardly ever exceeds, over its loudest 20 ms. */
const OVER_NOISE = 10 ** (2 / 10);
/**
 * Shorter gaps are bridged. Sentences said one after the other leave 0.32 to 0.39 s between them, 0.5 s at the 95th
 * percentile of the voice with the longest joins; stops and breaths within a sentence stay under 0.27 s.
 */
const BRIDGED_STEPS = 500 / STEP_MS;

const STEP_SAMPLES = msToSamples(STEP_MS);

/** `startMs` and `endMs` are call times, exact to a step; the change itself is found a little later. */
export type SpeechChange =
  | { readonly kind: 'started'; readonly startMs: number }
  | { readonly kind: 'stopped'; readonly startMs: number; readonly endMs: number };

const NONE: readonly SpeechChange[] = Object.freeze([]);

/** Loud steps that belong together, on a line like this. `end` is the step after the last, `loudest` the loudest 20 ms mean. */
type Loud = { readonly start: number; readonly noise: Noise; end: number; steps: number; loudest: number; isSpeech: boolean };

/** Speech that was reported as started; `end` is where it may have ended, `audible` where it was last heard at all. */
type Speech = { readonly start: number; readonly noise: Noise; end: number; loudEnd: number; audible: number };

export class SpeechDetector {
  /** Steps count from the first frame. */
  #originMs: number | undefined;
  readonly #highPass = new HighPass();
  /** The frame without what is too low to be heard; one buffer for all of them. */
  readonly #heard = new Float64Array(FRAME_SAMPLES);
  readonly #levels = new StepLevels();
  readonly #noise = new NoiseLevel();
  #loud: Loud | undefined;
  #speech: Speech | undefined;

  /** Takes the frame whose first sample went out at `startMs`. Frames left out count as silence. */
  hear(frame: AudioFrame, startMs: number): readonly SpeechChange[] {
    if (frame.silent && !this.#speech && !this.#loud) return NONE;
    this.#originMs ??= startMs;
    const first = Math.round((startMs - this.#originMs) / STEP_MS);
    let changes = first > this.#levels.next ? this.#beSilentUntil(first) : NONE;
    if (frame.silent) this.#highPass.reset();
    else this.#highPass.filter(frame.samples, this.#heard);
    for (let from = 0; from < FRAME_SAMPLES; from += STEP_SAMPLES) {
      // A filter rings on when sound is cut off; where there is nothing at all, there is nothing to hear.
      const isSilent = frame.silent || isZero(frame.samples, from);
      changes = joined(changes, this.#step(isSilent ? 0 : meanSquare(this.#heard, from, from + STEP_SAMPLES)));
    }
    return changes;
  }

  /** Ends the speech that is on, because the participant left or the call is over. */
  flush(nowMs: number): readonly SpeechChange[] {
    const begun = this.#loud && !this.#loud.isSpeech && this.#loud.steps >= LOUD_STEPS ? this.#confirm(this.#loud) : NONE;
    this.#loud = undefined;
    if (!this.#speech) return begun;
    const stopped = this.#stop(this.#speech);
    return [...begun, stopped.endMs > nowMs ? { ...stopped, endMs: nowMs } : stopped];
  }

  /** Step by step while something is on, or the end of it could not be looked for any more. */
  #beSilentUntil(step: number): readonly SpeechChange[] {
    let changes = NONE;
    while (this.#levels.next < step && (this.#speech || this.#loud)) changes = joined(changes, this.#step(0));
    if (this.#levels.next < step) {
      this.#levels.skipTo(step);
      this.#noise.forget();
    }
    return changes;
  }

  #step(energy: number): readonly SpeechChange[] {
    const step = this.#levels.next;
    this.#levels.keep(energy);
    this.#noise.hear(energy);
    const noise = this.#speech ? this.#noise.within(this.#speech.noise) : this.#noise.now;
    const enough = Math.max(LOUD, Math.min(LOUD_ENOUGH, LOUD_OVER_NOISE * noise.loudest));
    const changes = this.#loud ? this.#follow(this.#loud, step, enough) : NONE;
    if (energy >= enough) this.#hearLoud(step, noise);
    if (!this.#speech) return changes;
    this.#extend(this.#speech, step, energy, noise);
    return this.#isOver(this.#speech, step + 1) ? [...changes, this.#stop(this.#speech)] : changes;
  }

  #hearLoud(step: number, noise: Noise): void {
    this.#loud ??= { start: step, noise, end: step, steps: 0, loudest: this.#levels.smoothAt(step), isSpeech: false };
    this.#loud.steps += 1;
    this.#loud.end = step + 1;
  }

  /** Speech it is once enough of it is known to find its beginning; speech that is on only goes on. */
  #follow(loud: Loud, step: number, enough: number): readonly SpeechChange[] {
    loud.loudest = Math.max(loud.loudest, this.#levels.smoothAt(step));
    const isOver = step - loud.end >= CLOSURE_STEPS;
    if (isOver) this.#loud = undefined;
    // What seemed loud may since have turned out to be the noise of the line.
    if (loud.isSpeech || loud.steps < LOUD_STEPS || loud.loudest < enough) return NONE;
    const goesOn = this.#speech !== undefined && loud.start - this.#speech.end < BRIDGED_STEPS - BREATH_STEPS;
    return isOver || goesOn || step - loud.start >= KNOWN_STEPS ? this.#confirm(loud) : NONE;
  }

  /** The loud steps are speech: the speech that is on goes on, or new speech begins. */
  #confirm(loud: Loud): readonly SpeechChange[] {
    loud.isSpeech = true;
    const start = this.#beginning(loud);
    const before = this.#speech;
    if (before && start - before.end < BRIDGED_STEPS) {
      // A short word may be over by now, and nothing else would say that it belonged to the speech.
      before.loudEnd = loud.end;
      before.end = Math.max(before.end, loud.end);
      return NONE;
    }
    const ended = before ? [this.#stop(before, start)] : NONE;
    this.#speech = { start, noise: loud.noise, end: loud.end, loudEnd: loud.end, audible: loud.end };
    return [...ended, { kind: 'started', startMs: this.#timeMs(start) }];
  }

  #extend(speech: Speech, step: number, energy: number, noise: Noise): void {
    const loud = this.#loud;
    if (loud?.isSpeech) {
      speech.loudEnd = loud.end;
      speech.end = Math.max(speech.end, loud.end);
    }
    if (energy < audibleOver(noise)) return;
    speech.audible = step + 1;
    const hangsTogether = step - speech.end <= SOFT_GAP_STEPS && step < speech.loudEnd + LONGEST_SOFT_STEPS;
    if (hangsTogether || step < speech.loudEnd + SOFT_STEPS) speech.end = step + 1;
  }

  /** The first loud step that stands out from what was heard before, or what hangs together with it before. */
  #beginning({ start, end }: Loud): number {
    const levels = this.#levels;
    const floor = floorOver(levels.noise(start - BEFORE_STEPS, start - BREATH_STEPS));
    let first = start;
    while (first < end && !levels.isHeardAt(first, floor)) first += 1;
    if (first > start) return first < end ? first : start;
    for (let step = start - 1; step >= start - BREATH_STEPS && first - step <= BREATH_GAP_STEPS + 1; step--) {
      if (levels.isHeardAt(step, floor)) first = step;
    }
    return first;
  }

  /** The last step that stands out from what came after it. */
  #ending({ start, end, loudEnd, noise }: Speech, nextStart: number): number {
    const levels = this.#levels;
    const until = Math.min(end + BRIDGED_STEPS, nextStart, levels.next);
    const softEnd = Math.min(Math.max(end, loudEnd + SOFT_STEPS), until);
    const floor = floorOver(until - softEnd >= ENOUGH_NOISE_STEPS ? levels.noise(softEnd, until) : { ...noise, peak: 0 });
    let ending = softEnd;
    while (ending > start + 1 && !levels.isHeardAt(ending - 1, floor)) ending -= 1;
    return ending;
  }

  /** Nothing that is on now can be joined to this speech. */
  #isOver({ end, audible }: Speech, now: number): boolean {
    if (now - end < BRIDGED_STEPS) return false;
    if (this.#loud && !this.#loud.isSpeech) return this.#loud.start - end >= BRIDGED_STEPS + BREATH_STEPS;
    const mayBeBreath = now - audible < BREATH_GAP_STEPS && now - end < BRIDGED_STEPS + BREATH_STEPS;
    return !mayBeBreath;
  }

  #stop(speech: Speech, nextStart = Number.POSITIVE_INFINITY): Extract<SpeechChange, { kind: 'stopped' }> {
    this.#speech = undefined;
    return { kind: 'stopped', startMs: this.#timeMs(speech.start), endMs: this.#timeMs(this.#ending(speech, nextStart)) };
  }

  #timeMs(step: number): number {
    return (this.#originMs as number) + step * STEP_MS;
  }
}

/** The least that counts as heard beside such noise: speech that is as loud as the noise, which it adds to. */
function audibleOver({ mean, loudest }: Noise): number {
  return Math.max(mean + Math.max(AUDIBLE, mean), OVER_NOISE * loudest);
}

function floorOver(noise: Noise & { readonly peak: number }): Floor {
  return { floor: audibleOver(noise), peak: noise.peak };
}

/** Hardly a step changes anything, so that there is hardly ever a list to be made. */
function joined(before: readonly SpeechChange[], after: readonly SpeechChange[]): readonly SpeechChange[] {
  if (before.length === 0) return after;
  return after.length === 0 ? before : [...before, ...after];
}

function isZero(samples: Int16Array, from: number): boolean {
  for (let i = from; i < from + STEP_SAMPLES; i++) if (samples[i] !== 0) return false;
  return true;
}
