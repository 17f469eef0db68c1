/**
 * A transcription of the world as a room's own: what an adapter, or a recording of one, hands over in wall time is
 * delivered in call time. It knows neither protocol nor key.
 */
import { answerInCallTime } from '../../clock/answer-in-call-time.ts';
import type { DeliverOptions } from '../../clock/arrival.ts';
import type { Clock } from '../../clock/clock.ts';
import type { OnRetry } from '../../clock/live-answer.ts';
import type { HeardText, LiveStt, SpeechSegment, SttTape } from '../../room/live-stt.ts';
import type { SttProvider } from '../../room/stt.ts';

export type LiveTranscriptionOptions = {
  readonly clock: Clock;
  readonly stt: LiveStt;
  /** `wall` for the world, `none` for a recording, whose pieces are there at once. */
  readonly charge: DeliverOptions['charge'];
  /** Takes down what is heard and understood. */
  readonly tape?: SttTape | undefined;
};

export class LiveTranscription implements SttProvider {
  readonly #options: LiveTranscriptionOptions;

  constructor(options: LiveTranscriptionOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.stt.name;
  }

  get model(): string {
    return this.#options.stt.model;
  }

  transcribe(segment: SpeechSegment, signal: AbortSignal, onRetry?: OnRetry): AsyncIterable<HeardText> {
    const { clock, stt, charge, tape } = this.#options;
    return answerInCallTime(clock, () => stt.transcribe(segment, signal), { charge, signal, onRetry, takeDown: tape?.heard(stt.model, segment, signal) });
  }
}
