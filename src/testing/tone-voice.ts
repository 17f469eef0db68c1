/**
 * A voice for tests that sings every word as a tone of one length, so that each word's span is known. Sentence by
 * sentence it does what a test asks for: it may fall silent, send nothing, or fail in the middle.
 */
import { msToSamples } from '../audio/format.ts';
import { ProviderError } from '../base/errors.ts';
import type { Clock, Gate } from '../clock/clock.ts';
import type { TtsChunk, TtsContext, TtsProvider, TtsRequest } from '../pipeline/tts.ts';

/** What becomes of one sentence: `stalls` sends nothing more, ever; `failsAfter` so many words. */
export type Singing = 'whole' | 'empty' | 'stalls' | { readonly failsAfter: number };

export type ToneVoiceOptions = {
  readonly clock: Clock;
  /** From a sentence to its first sample. */
  readonly firstByteMs?: number;
  readonly wordMs?: number;
  readonly singing?: (sentence: string) => Singing;
};

/** What was asked of the voice, and whether it has heard that it was called off and let go. */
export type Sung = { readonly sentences: string[]; readonly signal: AbortSignal; ended: boolean; returned: boolean };

export class ToneVoice implements TtsProvider {
  readonly name = 'tone';
  readonly model = 'tone';
  readonly sung: Sung[] = [];
  readonly #options: Required<ToneVoiceOptions>;

  constructor({ clock, firstByteMs = 100, wordMs = 200, singing = () => 'whole' }: ToneVoiceOptions) {
    this.#options = { clock, firstByteMs, wordMs, singing };
  }

  open(_request: TtsRequest, signal: AbortSignal): TtsContext {
    const sung: Sung = { sentences: [], signal, ended: false, returned: false };
    this.sung.push(sung);
    const changed = this.#options.clock.gate();
    return {
      send(sentence) {
        sung.sentences.push(sentence);
        changed.open();
      },
      end() {
        sung.ended = true;
        changed.open();
      },
      chunks: () => this.#sing(sung, changed),
    };
  }

  async *#sing(sung: Sung, changed: Gate): AsyncGenerator<TtsChunk> {
    const { clock, firstByteMs, wordMs, singing } = this.#options;
    const { signal } = sung;
    try {
      for (let next = 0; ; ) {
        const sentence = sung.sentences[next];
        if (sentence === undefined) {
          if (sung.ended) return;
          changed.close();
          await changed.wait(signal);
          continue;
        }
        next += 1;
        await clock.sleep(firstByteMs, { signal });
        const how = singing(sentence);
        if (how === 'stalls') await clock.gate().wait(signal);
        const words = how === 'empty' ? [] : sentence.split(/\s+/);
        for (const [index, word] of words.entries()) {
          if (typeof how === 'object' && index >= how.failsAfter) throw new ProviderError('the string broke', { provider: 'tone', kind: 'network' });
          yield toneOf(word, wordMs);
        }
        if (typeof how === 'object') throw new ProviderError('the string broke', { provider: 'tone', kind: 'network' });
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      sung.returned = true;
    }
  }
}

/** One word as a 250 Hz tone. */
function toneOf(word: string, wordMs: number): TtsChunk {
  const samples = tone(msToSamples(wordMs));
  return { samples, words: [{ text: word, startSample: 0, endSample: samples.length }] };
}

/** So many samples of a 250 Hz tone, loud as speech. */
export function tone(count: number): Int16Array {
  return Int16Array.from({ length: count }, (_, n) => (n % 64 < 32 ? 6000 : -6000));
}
