/**
 * ElevenLabs as the pipeline's voice provider: what an adapter, or a recording of one, hands over in wall time is
 * delivered in call time. It knows neither protocol nor key.
 */
import { deliver } from '../../clock/arrival.ts';
import type { Clock } from '../../clock/clock.ts';
import type { LiveTts } from '../../pipeline/live-tts.ts';
import type { TtsChunk, TtsContext, TtsProvider, TtsRequest } from '../../pipeline/tts.ts';

export type ElevenLabsVoiceOptions = {
  readonly clock: Clock;
  readonly tts: LiveTts;
  /** `wall` for the world, `none` for a recording, whose pieces are there at once. */
  readonly charge: 'wall' | 'none';
};

export class ElevenLabsVoice implements TtsProvider {
  readonly #options: ElevenLabsVoiceOptions;

  constructor(options: ElevenLabsVoiceOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.tts.name;
  }

  get model(): string {
    return this.#options.tts.model;
  }

  open(request: TtsRequest, signal: AbortSignal): TtsContext {
    const { clock, tts, charge } = this.#options;
    const context = tts.open(request, signal);
    return {
      send: (sentence) => context.send(sentence),
      end: () => context.end(),
      async *chunks(): AsyncGenerator<TtsChunk> {
        try {
          yield* deliver(clock, () => context.arrivals(), { charge, signal });
        } catch (error) {
          if (!signal.aborted) throw error;
        }
      },
    };
  }
}
