/**
 * The embedded room's ears. It behaves like a streaming transcription service: interim text while somebody speaks,
 * final text once they have paused, both late, lower case and without punctuation. Labels are only its dictionary:
 * a word is transcribed when the samples under its span arrived and are audible, and not otherwise.
 */
import { FRAME_MS, samplesToMs } from '../audio/format.ts';
import type { AudioFrame, WordSpan } from '../audio/frame.ts';
import { meanSquareAt } from '../audio/level.ts';
import type { Random } from '../base/random.ts';
import { wholeMicroseconds } from '../clock/clock.ts';
import { ArrivedSound } from './arrived-sound.ts';
import { mishear } from './mishearing.ts';
import { plainWords } from './plain-words.ts';

/** -50 dBFS, as a mean square: 14 dB under the quietest word that the offline voices were found to say in a script. */
const AUDIBLE = meanSquareAt(-50);
/** So much of a word has to arrive. */
const NEEDED_SHARE = 0.5;
/**
 * Shorter than this is no pause, however quick the transcription is set to be: the closures of two stop consonants
 * in a row ("up Peter") last up to 180 ms in the offline voices.
 */
const SHORTEST_PAUSE_MS = 200;

export type HeardPiece = { readonly text: string; readonly startMs: number; readonly endMs: number; readonly final: boolean };

export type TranscriberSettings = {
  /** The share of words that are swapped or dropped, 0 to 1. */
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
  readonly #arrived = new ArrivedSound();
  /** The words of the stretch that is on, in the order in which they ended. */
  #words: TranscribedWord[] = [];
  /** How many of them are old enough to be said. */
  #sayable = 0;
  /** How many of them the last interim held. */
  #said = 0;
  #lastSoundMs = 0;
  #nextInterimMs = 0;
  #latencyMs: number | undefined;

  constructor(settings: TranscriberSettings, random: Random) {
    this.#settings = settings;
    this.#random = random;
  }

  /**
   * Takes what arrived of the 20 ms that began at `startMs`, undefined for nothing, and the words that ended in them
   * as they were sent; their spans count from the first sample of the frame. To be called for every frame in turn.
   */
  hear(arrived: AudioFrame | undefined, startMs: number, words: readonly WordSpan[] = []): void {
    if (this.#arrived.hear(arrived) >= AUDIBLE) this.#lastSoundMs = startMs + FRAME_MS;
    for (const word of words) this.#lookUp(word, startMs);
  }

  /** What is to be sent now, if anything. */
  speak(nowMs: number): HeardPiece | undefined {
    if (this.#words.length === 0) return undefined;
    this.#latencyMs ??= this.#settings.finalLatencyMs();
    if (nowMs - this.#lastSoundMs >= Math.max(this.#latencyMs, SHORTEST_PAUSE_MS)) return this.#final(this.#words);
    if (nowMs < this.#nextInterimMs) return undefined;
    while ((this.#words[this.#sayable]?.endMs ?? Number.POSITIVE_INFINITY) <= nowMs - this.#latencyMs) this.#sayable += 1;
    if (this.#sayable === this.#said) return undefined;
    this.#nextInterimMs = nowMs + this.#settings.interimIntervalMs;
    this.#said = this.#sayable;
    return toPiece(this.#words.slice(0, this.#said), false);
  }

  #final(words: readonly TranscribedWord[]): HeardPiece {
    this.#words = [];
    this.#sayable = 0;
    this.#said = 0;
    this.#latencyMs = undefined;
    return toPiece(words, true);
  }

  #lookUp({ text: written, startSample, endSample }: WordSpan, frameStartMs: number): void {
    const { arrived, energy } = this.#arrived.levelOf(startSample, endSample);
    if (arrived < NEEDED_SHARE || energy < AUDIBLE) return;
    const startMs = wholeMicroseconds(frameStartMs + samplesToMs(startSample));
    const endMs = wholeMicroseconds(frameStartMs + samplesToMs(endSample));
    for (const word of plainWords(written)) {
      const text = mishear(word, this.#settings.wordErrorRate, this.#random);
      if (text !== '') this.#words.push({ text, startMs, endMs });
    }
  }
}

function toPiece(words: readonly TranscribedWord[], final: boolean): HeardPiece {
  const first = words[0] as TranscribedWord;
  const last = words.at(-1) as TranscribedWord;
  return { text: words.map((word) => word.text).join(' '), startMs: first.startMs, endMs: last.endMs, final };
}
