/**
 * A language model of the world as the pipeline's own: takes stamped pieces and hands them on in call time. It does
 * not care whether they come from a server or from a recording of one.
 */
import { answerInCallTime } from '../../clock/answer-in-call-time.ts';
import type { DeliverOptions } from '../../clock/arrival.ts';
import type { Clock } from '../../clock/clock.ts';
import type { OnRetry } from '../../clock/live-answer.ts';
import type { MostTokens } from '../../events/event.ts';
import type { LiveLlm } from '../../pipeline/live-llm.ts';
import type { LlmChunk, LlmProvider, LlmRequest } from '../../pipeline/llm.ts';
import { mostPromptTokens } from '../../pipeline/prompt-bound.ts';
import type { Tape } from '../../pipeline/tape.ts';

export type LiveBrainOptions = {
  readonly clock: Clock;
  readonly llm: LiveLlm;
  /** `wall` for the world, `none` for a recording, whose pieces are there at once. */
  readonly charge: DeliverOptions['charge'];
  /** Takes down what is asked and answered. */
  readonly tape?: Tape | undefined;
  /** The longest answer that is asked for; without it nothing bounds what a request can be billed for. */
  readonly maxCompletionTokens?: number | undefined;
};

export class LiveBrain implements LlmProvider {
  readonly #options: LiveBrainOptions;

  constructor(options: LiveBrainOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.llm.name;
  }

  get model(): string {
    return this.#options.llm.model;
  }

  mostTokens(request: LlmRequest): MostTokens | undefined {
    const { maxCompletionTokens: completion } = this.#options;
    return completion === undefined ? undefined : { prompt: mostPromptTokens(request), completion };
  }

  complete(request: LlmRequest, signal: AbortSignal, onRetry?: OnRetry): AsyncIterable<LlmChunk> {
    const { clock, llm, charge, tape } = this.#options;
    return answerInCallTime(clock, () => llm.ask(request, signal), { charge, signal, onRetry, takeDown: tape?.asked(llm.model, request, signal) });
  }
}
