/**
 * A chat model as the pipeline's language model: takes stamped pieces and hands them on in call time. It does not
 * care whether they come from a server or from a recording of one.
 */
import { ProviderError } from '../../base/errors.ts';
import { deliver, type DeliverOptions } from '../../clock/arrival.ts';
import type { Clock } from '../../clock/clock.ts';
import type { LlmChunk, LlmProvider, LlmRequest } from '../../pipeline/llm.ts';
import type { ChatPiece, ChatSource } from './chat-piece.ts';

export type Retrying = Extract<ChatPiece, { kind: 'retrying' }>;

export type OpenAiBrainOptions = {
  readonly clock: Clock;
  readonly chat: ChatSource;
  /** `wall` for a server, `none` for a recording. */
  readonly charge: DeliverOptions['charge'];
  /** Told in call time of each try that failed and is followed by another. */
  readonly onRetry?: ((request: LlmRequest, retrying: Retrying) => void) | undefined;
};

export class OpenAiBrain implements LlmProvider {
  readonly #options: OpenAiBrainOptions;

  constructor(options: OpenAiBrainOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.chat.provider;
  }

  get model(): string {
    return this.#options.chat.model;
  }

  async *complete(request: LlmRequest, signal: AbortSignal): AsyncGenerator<LlmChunk> {
    const { clock, chat, charge, onRetry } = this.#options;
    for await (const piece of deliver(clock, () => chat.ask(request, signal), { charge, signal })) {
      switch (piece.kind) {
        case 'retrying':
          onRetry?.(request, piece);
          break;
        case 'failed': {
          const { message, status, ...facts } = piece.failure;
          throw new ProviderError(message, { ...facts, status: status ?? undefined });
        }
        case 'ended':
          return;
        default:
          yield piece;
      }
    }
  }
}
