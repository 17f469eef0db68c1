/**
 * The embedded room's ears. It behaves like a streaming transcription service: interim text while somebody speaks,
 * final text once they have paused, both late, lower case and without punctuation. Labels are only its dictionary:
 * a word is transcribed when the samples under its span arrived and are audible, and not otherwise.
 */
import { FRAME_MS, FRAME_SAMPLES, samplesToMs } from '../audio/format.ts';
import type { AudioFrame, WordSpan } from '../audio/frame.ts';
import type { Random } from '../base/random.ts';
import { mishear } from './mishearing.ts';

/** -50 dBFS, 20 dB under quiet speech of the offline voice and 15 dB over its noise between words. */
const AUDIBLE_RMS = 32768 * 10 ** (-50 / 20);
/** Energies are kept for so many frames back: longer than any word. */
const KEPT_FRAMES = 256;

export type HeardPiece = { readonly text: string; readonly startMs: number; readonly endMs: number; readonly final: boolean };

export type TranscriberSettings = {
  readonly wordErrorRate: number;
  readonly interimIntervalMs: number;
  /** How far text trails speech, drawn once for each stretch of it; for the final text it counts from the end of speech. */
  readonly finalLatencyMs: () => number;
};

type TranscribedWord = { readonly text: string; readonly startMs: number; readonly endMs: number };

/**
 * One participant's ear. It is asked at each tick and answers with what it would send at that moment. A final comes
 * only when the pause has lasted as long as its latency, so that shorter pauses never cut one.
 */
export class Transcriber {
  readonly #settings: TranscriberSettings;
  readonly #random: Random;
  readonly #frameEnergies = new Float64Array(KEPT_FRAMES);
  #frames = 0;
  #words: TranscribedWord[] = [];
  #lastSoundMs = 0;
  #interimWordCount = 0;
  #nextInterimMs = 0;
  #latencyMs: number | undefined;

  constructor(settings: TranscriberSettings, random: Random) {
    this.#settings = settings;
    this.#random = random;
  }

  /** Takes the frame that began at `startMs`, or undefined for one that never arrived. */
  hear(frame: AudioFrame | undefined, startMs: number): void {
    const energy = frame === undefined || frame.silent ? 0 : meanSquare(frame.samples);
    this.#frameEnergies[this.#frames % KEPT_FRAMES] = energy;
    this.#frames += 1;
    if (!frame) return;
    if (energy >= AUDIBLE_RMS ** 2) this.#lastSoundMs = startMs + FRAME_MS;
    if (frame.label) this.#takeWords(frame.label.words, startMs);
  }

  /** What is to be sent now, if anything. */
  speak(nowMs: number): HeardPiece | undefined {
    if (this.#words.length === 0) return undefined;
    this.#latencyMs ??= this.#settings.finalLatencyMs();
    if (nowMs - this.#lastSoundMs >= this.#latencyMs) {
      const piece = toPiece(this.#words, true);
      this.#words = [];
      this.#interimWordCount = 0;
      this.#latencyMs = undefined;
      return piece;
    }
    if (nowMs < this.#nextInterimMs) return undefined;
    const sayableUntilMs = nowMs - this.#latencyMs;
    const sayable = this.#words.filter((word) => word.endMs <= sayableUntilMs);
    if (sayable.length === this.#interimWordCount) return undefined;
    this.#nextInterimMs = nowMs + this.#settings.interimIntervalMs;
    this.#interimWordCount = sayable.length;
    return toPiece(sayable, false);
  }

  #takeWords(words: readonly WordSpan[], frameStartMs: number): void {
    for (const word of words) {
      const startMs = frameStartMs + samplesToMs(word.startSample);
      const endMs = frameStartMs + samplesToMs(word.endSample);
      if (!this.#audible(word.startSample, word.endSample)) continue;
      const text = mishear(plainWord(word.text), this.#settings.wordErrorRate, this.#random);
      if (text) this.#words.push({ text, startMs, endMs });
    }
  }

  /** Whether enough energy arrived under a span that counts in samples from the start of the newest frame. */
  #audible(startSample: number, endSample: number): boolean {
    const firstFrame = Math.max(this.#frames - KEPT_FRAMES, this.#frames - 1 + Math.floor(startSample / FRAME_SAMPLES), 0);
    const lastFrame = this.#frames - 1 + Math.floor((endSample - 1) / FRAME_SAMPLES);
    let audible = 0;
    for (let i = firstFrame; i <= lastFrame; i++) if ((this.#frameEnergies[i % KEPT_FRAMES] as number) >= AUDIBLE_RMS ** 2) audible += 1;
    return audible * 2 > lastFrame - firstFrame + 1;
  }
}

function toPiece(words: readonly TranscribedWord[], final: boolean): HeardPiece {
  const first = words[0] as TranscribedWord;
  const last = words.at(-1) as TranscribedWord;
  return { text: words.map((word) => word.text).join(' '), startMs: first.startMs, endMs: last.endMs, final };
}

/** A word as transcribers write it: lower case, inner apostrophes and hyphens kept, all other marks gone. */
export function plainWord(word: string): string {
  return word
    .toLowerCase()
    .replace(/[^\p{L}\p{N}'’ -]/gu, '')
    .replace(/^['’-]+|['’-]+$/g, '');
}

function meanSquare(samples: Int16Array): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += (samples[i] as number) ** 2;
  return sum / samples.length;
}
