/**
 * A language model for tests: it gives the answers of a list, one a request, word by word at known times. It may
 * fail, fall silent or call tools, and notes what it was asked and whether it was told to stop.
 */
import { ProviderError, type ProviderErrorKind } from '../base/errors.ts';
import type { Clock } from '../clock/clock.ts';
import type { LlmChunk, LlmProvider, LlmRequest } from '../pipeline/llm.ts';
import type { Manners } from '../pipeline/manners.ts';

export type ListedAnswer =
  | string
  | {
      readonly text?: string;
      /** From the request to the first word, and from word to word. */
      readonly firstWordMs?: number;
      readonly wordMs?: number;
      readonly calls?: readonly { readonly name: string; readonly arguments?: Readonly<Record<string, unknown>> }[];
      /** After its text. */
      readonly fails?: { readonly kind: ProviderErrorKind; readonly retryable: boolean };
      /** After its text it neither goes on nor ends. */
      readonly stalls?: boolean;
    };

export type Asked = { readonly request: LlmRequest; readonly signal: AbortSignal; atMs: number; returned: boolean };

export class ListedBrain implements LlmProvider {
  readonly name = 'listed';
  readonly model = 'listed';
  readonly asked: Asked[] = [];
  answersUnheard = false;
  manners: Manners = {};
  readonly #clock: Clock;
  readonly #answers: readonly ListedAnswer[];

  /** The last answer is given again and again. */
  constructor(clock: Clock, answers: readonly ListedAnswer[]) {
    this.#clock = clock;
    this.#answers = answers;
  }

  plannedManners(): Manners {
    return this.manners;
  }

  async *complete(request: LlmRequest, signal: AbortSignal): AsyncGenerator<LlmChunk> {
    const asked: Asked = { request, signal, atMs: this.#clock.nowMs(), returned: false };
    const count = this.asked.push(asked);
    const answer = this.#answers[Math.min(count, this.#answers.length) - 1] ?? 'Okay.';
    const { text = '', firstWordMs = 300, wordMs = 10, calls = [], fails, stalls } = typeof answer === 'string' ? { text: answer } : answer;
    try {
      await this.#clock.sleep(firstWordMs, { signal });
      for (const [index, word] of (text.match(/\S+\s*/g) ?? []).entries()) {
        if (index > 0) await this.#clock.sleep(wordMs, { signal });
        yield { kind: 'text', text: word };
      }
      if (stalls) await this.#clock.gate().wait(signal);
      if (fails) throw new ProviderError('the model is out', { provider: 'listed', ...fails });
      for (const [index, { name, arguments: given = {} }] of calls.entries()) {
        yield { kind: 'tool_call', callId: `${request.replyId}-call-${index}`, name, arguments: given };
      }
      yield { kind: 'usage', usage: { promptTokens: 10, completionTokens: 5 } };
    } finally {
      asked.returned = true;
    }
  }
}
