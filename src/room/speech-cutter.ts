/**
 * Cuts what arrives of one participant into stretches of speech with their sound, for a transcription that wants whole
 * stretches. Where speech begins and ends is the speech detector's to say; it knows neither text nor network.
 */
import { FRAME_MS, msToSamples } from '../audio/format.ts';
import { type AudioFrame, SILENCE } from '../audio/frame.ts';
import { SpeechDetector } from './speech-detector.ts';

/** Models leave out the first word of sound that begins with it at once. */
const MARGIN_MS = 200;
/** So far back a beginning is looked for at most: the detector's memory, and the margin. */
const KEPT_MS = 1500;
/** Who speaks on without a pause is cut here, in mid-word if need be, or the listener would never get a word. */
const LONGEST_MS = 60_000;

/** `startMs` and `endMs` are those of the speech; the sound has a margin on both sides. */
export type CutSpeech = {
  readonly startMs: number;
  readonly endMs: number;
  readonly samples: Int16Array;
  /** When the first sample was sent. */
  readonly samplesStartMs: number;
};

type Kept = { readonly startMs: number; readonly samples: Int16Array };

export class SpeechCutter {
  readonly #detector = new SpeechDetector();
  #kept: Kept[] = [];
  /** Where the speech that is on began. */
  #startMs: number | undefined;
  /** Where the last stretch ended: no sound is handed out twice. */
  #usedUntilMs = Number.NEGATIVE_INFINITY;

  /** Takes what arrived of the 20 ms that began at `startMs`, undefined for nothing; gives the stretches that are over. */
  hear(arrived: AudioFrame | undefined, startMs: number): readonly CutSpeech[] {
    const frame = arrived ?? SILENCE;
    if (!frame.silent) this.#kept.push({ startMs, samples: frame.samples });
    const cuts: CutSpeech[] = [];
    const nowMs = startMs + FRAME_MS;
    const tooLong = this.#startMs !== undefined && nowMs - this.#startMs >= LONGEST_MS;
    for (const change of [...this.#detector.hear(frame, startMs), ...(tooLong ? this.#detector.flush(nowMs) : [])]) {
      if (change.kind === 'stopped') cuts.push(this.#cut(change.endMs, nowMs));
      else this.#startMs = Math.max(change.startMs, this.#usedUntilMs);
    }
    if (this.#startMs === undefined) this.#kept = this.#kept.filter((kept) => kept.startMs >= nowMs - KEPT_MS);
    return cuts;
  }

  /** The speech that is on, as far as it has come; undefined if there is none. */
  soFar(nowMs: number): CutSpeech | undefined {
    return this.#startMs === undefined ? undefined : this.#sound(this.#startMs, nowMs, nowMs);
  }

  #cut(endMs: number, nowMs: number): CutSpeech {
    const speech = this.#sound(this.#startMs ?? endMs, endMs, nowMs);
    this.#usedUntilMs = Math.min(endMs + MARGIN_MS, nowMs);
    this.#startMs = undefined;
    return speech;
  }

  #sound(startMs: number, endMs: number, nowMs: number): CutSpeech {
    const samplesStartMs = Math.max(startMs - MARGIN_MS, this.#usedUntilMs, 0);
    const samplesEndMs = Math.min(endMs + MARGIN_MS, nowMs);
    const samples = new Int16Array(Math.max(0, msToSamples(samplesEndMs - samplesStartMs)));
    for (const kept of this.#kept) {
      const at = msToSamples(kept.startMs - samplesStartMs);
      const from = Math.max(0, -at);
      const to = Math.min(kept.samples.length, samples.length - at);
      if (from < to) samples.set(kept.samples.subarray(from, to), at + from);
    }
    return { startMs, endMs, samples, samplesStartMs };
  }
}
