/**
 * The offline voice as the pipeline's voice provider. Speech is synthesised ahead in another thread, and when it is
 * delivered is modelled: call time waits for the thread only if a sentence is due and not ready.
 */
import { invariant } from '../../base/errors.ts';
import type { Clock, Gate, Mark } from '../../clock/clock.ts';
import type { TtsChunk, TtsContext, TtsProvider, TtsRequest } from '../../pipeline/tts.ts';
import type { Speech } from './speech.ts';
import type { Synthesiser } from './synthesiser.ts';
import { findVoice } from './voices.ts';

/** Names one sentence, so that its latency can be drawn from a seed. */
export type SentencePlace = { readonly agent: string; readonly replyId: string; readonly sentenceIndex: number };

export type OfflineVoiceOptions = {
  readonly clock: Clock;
  readonly synthesiser: Synthesiser;
  /** The modelled time from sending a sentence to its first byte, in milliseconds. */
  readonly firstByteMs: (sentence: SentencePlace) => number;
};

export class OfflineVoice implements TtsProvider {
  readonly name = 'offline';
  readonly model = 'flite';
  readonly #options: OfflineVoiceOptions;

  constructor(options: OfflineVoiceOptions) {
    this.#options = options;
  }

  /** Throws a UsageError for an unknown voice. */
  open(request: TtsRequest, signal: AbortSignal): TtsContext {
    findVoice(request.voice);
    return new OfflineContext(this.#options, request, signal);
  }
}

type Sentence = { readonly speech: Promise<Speech>; readonly dueMs: number; readonly since: Mark };

class OfflineContext implements TtsContext {
  readonly #options: OfflineVoiceOptions;
  readonly #request: TtsRequest;
  readonly #signal: AbortSignal;
  readonly #sentences: Sentence[] = [];
  readonly #changed: Gate;
  #sentenceCount = 0;
  #lastDueMs = 0;
  #ended = false;

  constructor(options: OfflineVoiceOptions, request: TtsRequest, signal: AbortSignal) {
    this.#options = options;
    this.#request = request;
    this.#signal = signal;
    this.#changed = options.clock.gate();
  }

  send(sentence: string): void {
    invariant(!this.#ended, 'a sentence was sent after the end');
    const { clock, synthesiser, firstByteMs } = this.#options;
    const { agent, replyId, voice } = this.#request;
    const latencyMs = firstByteMs({ agent, replyId, sentenceIndex: this.#sentenceCount++ });
    this.#lastDueMs = Math.max(clock.nowMs() + latencyMs, this.#lastDueMs);
    const speech = synthesiser.say({ voice, text: sentence });
    // An interrupted reply leaves its sentences behind; whoever still waits for one sees its failure all the same.
    speech.catch(() => {});
    this.#sentences.push({ speech, dueMs: this.#lastDueMs, since: clock.mark() });
    this.#changed.open();
  }

  end(): void {
    this.#ended = true;
    this.#changed.open();
  }

  /** One chunk per sentence. Returns, and does not throw, when the signal aborts. */
  async *chunks(): AsyncGenerator<TtsChunk> {
    const signal = this.#signal;
    try {
      for (;;) {
        const sentence = this.#sentences.shift();
        if (sentence) {
          const { speech, dueMs, since } = sentence;
          yield await this.#options.clock.hold(speech, { charge: 'due', dueMs, since, signal });
        } else if (this.#ended) {
          return;
        } else {
          this.#changed.close();
          await this.#changed.wait(signal);
        }
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
