/** One peer's audio through the Silero model, window by window, with no memory but the model's own. */
import { VAD_WINDOW_SAMPLES, type VadStream } from '../../pipeline/vad.ts';
import { CONTEXT_SAMPLES, judge, STATE_NUMBERS } from './silero-model.ts';

export class SileroStream implements VadStream {
  /** The context, then the window. */
  readonly #input = new Float32Array(CONTEXT_SAMPLES + VAD_WINDOW_SAMPLES);
  #state: Float32Array = new Float32Array(STATE_NUMBERS);

  /** What the model remembers; never changed in place, so that it may be kept. */
  get state(): Float32Array {
    return this.#state;
  }

  confidence(window: Int16Array): number {
    const input = this.#input;
    for (let i = 0; i < VAD_WINDOW_SAMPLES; i++) input[CONTEXT_SAMPLES + i] = (window[i] as number) / 32768;
    const { probability, state } = judge(input, this.#state);
    this.#state = state;
    input.copyWithin(0, VAD_WINDOW_SAMPLES);
    return probability;
  }

  /** Goes on from a known place: the model's state there, and the samples just before it. */
  resume(state: Float32Array, context: Int16Array): void {
    this.#state = state;
    for (let i = 0; i < CONTEXT_SAMPLES; i++) this.#input[i] = (context[i] as number) / 32768;
  }

  reset(): void {
    this.#state = new Float32Array(STATE_NUMBERS);
    this.#input.fill(0, 0, CONTEXT_SAMPLES);
  }

  close(): void {}
}
