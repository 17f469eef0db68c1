/**
 * Turns bytes of sound and timed words into chunks of speech: each word is listed in the chunk in which its last
 * sample lies, and waits until that has arrived.
 */
import { msToSamples, samplesToMs } from '../../audio/format.ts';
import type { WordSpan } from '../../audio/frame.ts';
import type { TtsChunk } from '../../pipeline/tts.ts';
import type { TimedWord } from './word-timing.ts';

export class SpeechAssembler {
  /** Half a sample, where a message ended between the two bytes of one. */
  #oddByte: Buffer = Buffer.alloc(0);
  /** Words whose sound has not all arrived; spans count from the first sample of the speech. */
  #waiting: WordSpan[] = [];
  #receivedSamples = 0;

  /** How much speech has been received. */
  get receivedMs(): number {
    return samplesToMs(this.#receivedSamples);
  }

  /** Adds 16-bit little-endian sound and words, timed from the first sample of the speech. Without sound it is no chunk. */
  add(sound: Buffer, words: readonly TimedWord[]): TtsChunk | undefined {
    for (const word of words) this.#waiting.push(spanOf(word));
    const bytes = this.#oddByte.length > 0 ? Buffer.concat([this.#oddByte, sound]) : sound;
    const samples = new Int16Array(bytes.length >> 1);
    for (let i = 0; i < samples.length; i++) samples[i] = bytes.readInt16LE(2 * i);
    this.#oddByte = bytes.subarray(2 * samples.length);
    return samples.length > 0 ? this.#chunk(samples) : undefined;
  }

  /**
   * The last words, if any are left: their sound is out already, or is shorter than their times say. They come in a
   * chunk without samples, and their spans lie before it. More may be added after it.
   */
  finish(words: readonly TimedWord[]): TtsChunk | undefined {
    this.#oddByte = Buffer.alloc(0);
    for (const word of words) this.#waiting.push(spanOf(word));
    const end = this.#receivedSamples;
    this.#waiting = this.#waiting.map(({ text, startSample, endSample }) => {
      return { text, startSample: Math.min(startSample, Math.max(0, end - 1)), endSample: Math.min(endSample, end) };
    });
    return this.#waiting.length > 0 && end > 0 ? this.#chunk(new Int16Array(0)) : undefined;
  }

  #chunk(samples: Int16Array): TtsChunk {
    const first = this.#receivedSamples;
    this.#receivedSamples += samples.length;
    // In order, so that no word overtakes one before it.
    const late = this.#waiting.findIndex(({ endSample }) => endSample > this.#receivedSamples);
    const complete = this.#waiting.splice(0, late < 0 ? this.#waiting.length : late);
    const words = complete.map(({ text, startSample, endSample }) => ({ text, startSample: startSample - first, endSample: endSample - first }));
    return { samples, words };
  }
}

function spanOf({ text, startMs, endMs }: TimedWord): WordSpan {
  const startSample = msToSamples(startMs);
  return { text, startSample, endSample: Math.max(startSample + 1, msToSamples(endMs)) };
}
