/**
 * A voice of the world as the pipeline's own: what an adapter, or a recording of one, hands over in wall time is
 * delivered in call time. It knows neither protocol nor key.
 */
import { answerInCallTime } from '../../clock/answer-in-call-time.ts';
import type { DeliverOptions } from '../../clock/arrival.ts';
import { type Clock, wholeMicroseconds } from '../../clock/clock.ts';
import type { OnRetry } from '../../clock/live-answer.ts';
import type { LiveTts } from '../../pipeline/live-tts.ts';
import type { Tape } from '../../pipeline/tape.ts';
import type { TtsChunk, TtsContext, TtsProvider, TtsRequest } from '../../pipeline/tts.ts';

export type LiveVoiceOptions = {
  readonly clock: Clock;
  readonly tts: LiveTts;
  /** `wall` for the world, `none` for a recording, whose pieces are there at once. */
  readonly charge: DeliverOptions['charge'];
  /** Takes down what is said and how it sounded. */
  readonly tape?: Tape | undefined;
};

export class LiveVoice implements TtsProvider {
  readonly #options: LiveVoiceOptions;

  constructor(options: LiveVoiceOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.tts.name;
  }

  get model(): string {
    return this.#options.tts.model;
  }

  open(request: TtsRequest, signal: AbortSignal, onRetry?: OnRetry): TtsContext {
    const { clock, tts, charge, tape } = this.#options;
    const context = tts.open(request, signal);
    const take = tape?.opened(tts.model, request, signal);
    const openedMs = clock.nowMs();
    const sinceMs = (): number => wholeMicroseconds(clock.nowMs() - openedMs);
    return {
      send: (sentence) => {
        take?.sent(sentence, sinceMs());
        context.send(sentence);
      },
      end: () => {
        take?.ended(sinceMs());
        context.end();
      },
      async *chunks(): AsyncGenerator<TtsChunk> {
        try {
          yield* answerInCallTime(clock, () => context.arrivals(), { charge, signal, onRetry, takeDown: take?.arrived });
        } catch (error) {
          if (!signal.aborted) throw error;
        }
      },
    };
  }
}
