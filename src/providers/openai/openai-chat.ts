/**
 * Streams chat completions through OpenAI's own client, on the wall clock. Knows nothing of call time, speech or
 * turns. Its last word on every request is `ended` or `failed`; only a bug of ours makes it throw.
 */
import type { OpenAI } from 'openai';
import { Deadline } from '../../base/deadline.ts';
import { ProviderError } from '../../base/errors.ts';
import { retrying } from '../../base/retry.ts';
import type { Arrival } from '../../clock/arrival.ts';
import { ArrivalQueue } from '../../clock/arrival-queue.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import { type LivePiece, plainFailure } from '../../clock/live-answer.ts';
import type { LiveLlm } from '../../pipeline/live-llm.ts';
import type { LlmChunk, LlmRequest } from '../../pipeline/llm.ts';
import type { ChatAddress } from './chat-address.ts';
import { chatBody, type ChatSettings, type Dialect, FULL_DIALECT, simplerDialect } from './chat-body.ts';
import { chatFailure, failure, plainCode, PROVIDER, refusalOf } from './chat-failure.ts';
import { openClient } from './client.ts';
import type { Patience } from './patience.ts';
import { ReplyReader, type WireChunk } from './reply-reader.ts';

export type OpenAiChatOptions = {
  readonly address: ChatAddress;
  readonly apiKey: string | undefined;
  readonly chat: ChatSettings;
  readonly patience: Patience;
  readonly wall: WallClock;
};

/** Why a model stops that would have gone on. */
const FILTERED = 'content_filter';

type ChatPiece = LivePiece<LlmChunk>;
type Push = (piece: ChatPiece) => void;

export class OpenAiChat implements LiveLlm {
  readonly name = PROVIDER;
  readonly model: string;
  readonly #options: OpenAiChatOptions;
  readonly #client: OpenAI;
  #dialect: Dialect = FULL_DIALECT;

  constructor(options: OpenAiChatOptions) {
    this.#options = options;
    this.model = options.chat.model;
    this.#client = openClient(options);
  }

  ask(request: LlmRequest, signal: AbortSignal): AsyncIterable<Arrival<ChatPiece>> {
    const closing = new AbortController();
    const queue = new ArrivalQueue<ChatPiece>(this.#options.wall, () => closing.abort());
    const push: Push = (piece) => queue.push(piece);
    void this.#answer(request, push, AbortSignal.any([signal, closing.signal])).then(
      () => queue.end(),
      (error: unknown) => queue.fail(error),
    );
    return queue;
  }

  async #answer(request: LlmRequest, push: Push, signal: AbortSignal): Promise<void> {
    const { wall, patience } = this.#options;
    try {
      const failed = await retrying((attempt) => this.#attempt(request, { attempt, push, signal }), {
        wall,
        attempts: patience.attempts,
        firstWaitMs: patience.firstRetryWaitMs,
        longestWaitMs: patience.longestRetryWaitMs,
        signal,
        onFailedTry: ({ attempt, error, retryInMs }) => {
          if (retryInMs !== null) push({ kind: 'retrying', attempt, retryInMs, failure: plainFailure(error) });
        },
      });
      push(failed ? { kind: 'failed', failure: plainFailure(failed) } : { kind: 'ended' });
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ProviderError)) throw error;
      // Whatever another try could do was tried.
      push({ kind: 'failed', failure: { ...plainFailure(error), retryable: false } });
    }
  }

  /**
   * One try; it speaks a simpler dialect at once when the server refuses a parameter by name. Throws a failure that
   * may be followed by another try from here, and returns one that may not: the server has begun, or took too long.
   */
  async #attempt(request: LlmRequest, { attempt, push, signal }: { attempt: number; push: Push; signal: AbortSignal }): Promise<ProviderError | undefined> {
    const { wall, address, apiKey, patience } = this.#options;
    const reader = new ReplyReader(this.#options.chat.maxCompletionTokens);
    for (;;) {
      using deadline = new Deadline({ wall, ms: patience.firstTokenMs, signal });
      const dialect = this.#dialect;
      try {
        await this.#read(request, { dialect, reader, deadline, push, signal });
      } catch (error) {
        signal.throwIfAborted();
        const scene = { address, model: this.model, apiKey, service: 'chat completions', epochMs: wall.epochMs() } as const;
        const known = deadline.passed ? this.#silence(reader) : chatFailure(error, scene);
        if (!known) throw error;
        const refusal = refusalOf(error);
        const simpler = refusal && simplerDialect(dialect, refusal);
        if (simpler) {
          this.#dialect = simpler;
          push({ kind: 'retrying', attempt, retryInMs: 0, failure: plainFailure(known) });
          continue;
        }
        // A server that has said why it stops has nothing left to say but the usage.
        if (reader.finishReason === undefined) {
          if (reader.begun || deadline.passed) return known;
          throw known;
        }
      }
      return this.#conclude(request, reader, push);
    }
  }

  async #read(
    request: LlmRequest,
    { dialect, reader, deadline, push, signal }: { dialect: Dialect; reader: ReplyReader; deadline: Deadline; push: Push; signal: AbortSignal },
  ): Promise<void> {
    const body = chatBody(request, this.#options.chat, dialect);
    const stream = await this.#client.chat.completions.create(body, { signal: deadline.signal });
    for await (const chunk of stream as AsyncIterable<WireChunk>) {
      const text = reader.read(chunk);
      if (text !== '') push({ kind: 'text', text });
      if (reader.overlong) break;
      if (reader.begun) deadline.set(this.#options.patience.betweenChunksMs);
    }
    // The client ends an aborted stream as if it were over.
    signal.throwIfAborted();
    if (deadline.passed) throw this.#silence(reader);
  }

  #conclude(request: LlmRequest, reader: ReplyReader, push: Push): ProviderError | undefined {
    const { chunks, outcome } = reader.finish(request.replyId);
    for (const chunk of chunks) push(chunk);
    const reason = plainCode(reader.finishReason, this.#options.apiKey);
    const because = reason === undefined ? '' : ` (finish_reason: ${reason})`;
    switch (outcome) {
      case 'complete':
        // Whoever spoke so far did not stop there of its own accord, and nobody heard what it would have said.
        return reader.finishReason === FILTERED ? failure('server', `${this.model} was cut off by its server's content filter`, { retryable: false }) : undefined;
      case 'silent':
        return failure('empty', `${this.model} ended its turn without a word${because}`, { retryable: true });
      case 'unreadable':
        return failure('server', `${this.model} called a tool in a way that cannot be read${because}`, { retryable: true });
    }
  }

  #silence(reader: ReplyReader): ProviderError {
    const { patience, address } = this.#options;
    const what = reader.begun ? `stopped in mid-sentence and sent nothing for ${patience.betweenChunksMs}` : `sent no first token within ${patience.firstTokenMs}`;
    return failure('timeout', `${address.host} ${what} ms`, { retryable: true });
  }
}
