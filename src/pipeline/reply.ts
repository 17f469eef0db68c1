/**
 * One thing an agent sets out to say: a request to the model, its sentences to the voice, the voice's sound to the
 * playout, all under one AbortSignal. An interruption is that signal's abort, and leaves only what was heard.
 */
import { isLasting, ProviderError } from '../base/errors.ts';
import { wholeMicroseconds } from '../clock/clock.ts';
import type { EventOf } from '../events/event.ts';
import type { ConversationContext } from './context.ts';
import type { OnRetry } from '../clock/live-answer.ts';
import type { LlmCause, LlmChunk, LlmProvider, TokenUsage, ToolSpec } from './llm.ts';
import { SentenceSplitter, sentencesOf } from './sentence-splitter.ts';
import { Speech, type SpeechDeps } from './speech.ts';

/** Said when the model failed for good or in the middle of what it wrote, so that a turn is never silently lost. */
const APOLOGY = 'Sorry, I lost my train of thought. Could you say that again?';
const MOST_ATTEMPTS = 2;

export type ToolCall = Extract<LlmChunk, { kind: 'tool_call' }>;
export type ReplyOutcome = EventOf<'reply.stopped'>['outcome'];

export type ReplyDeps = SpeechDeps & { readonly llm: LlmProvider; readonly context: ConversationContext; readonly tools: readonly ToolSpec[] };

export type ReplyOptions = {
  readonly id: string;
  readonly turnId: string | null;
  readonly cause: EventOf<'reply.started'>['cause'];
  /** What the model is told of why it is asked. */
  readonly llmCause: LlmCause;
  readonly kind: 'reply' | 'barge_in';
  /** Said word for word, without asking the model. */
  readonly verbatim?: string;
  readonly onSpeaking: () => void;
  /** The model has finished writing and wants these tools called. */
  readonly onToolCalls: (calls: readonly ToolCall[], text: string) => void;
  readonly onStopped: (outcome: ReplyOutcome) => void;
};

export class Reply {
  readonly id: string;
  readonly cause: ReplyOptions['cause'];
  readonly #deps: ReplyDeps;
  readonly #options: ReplyOptions;
  readonly #abort = new AbortController();
  readonly #speech: Speech;
  #stopping: ReplyOutcome | undefined;
  #thinking: string | undefined;
  #requests = 0;
  #failed = false;
  #heard = '';

  constructor(deps: ReplyDeps, options: ReplyOptions) {
    this.id = options.id;
    this.cause = options.cause;
    this.#deps = deps;
    this.#options = options;
    this.#speech = new Speech(deps, {
      utteranceId: `${options.id}-speech`,
      replyId: options.id,
      kind: options.kind,
      onStarted: options.onSpeaking,
      onStopped: ({ heard, unheard, cut, failed }) => {
        const outcome = this.#stopping ?? (failed || this.#failed ? 'failed' : cut ? 'interrupted' : 'completed');
        this.#stop(outcome, heard, unheard);
      },
    });
  }

  /** Whether the first sample has gone out. */
  get speaking(): boolean {
    return this.#speech.started;
  }

  /** Whether anything of it was given to the voice. */
  get voiced(): boolean {
    return this.#speech.requested;
  }

  /** The words of it that were heard; none before it is over. */
  get heard(): string {
    return this.#heard;
  }

  start(): void {
    const { clock, log, agent } = this.#deps;
    const { id: replyId, turnId, cause, kind, verbatim } = this.#options;
    log.append({ type: 'reply.started', agent, replyId, turnId, cause, kind });
    if (verbatim === undefined) return clock.task(() => this.#think());
    this.#say(sentencesOf(verbatim));
    this.#speech.end();
  }

  /** Ends it now: the model's stream, the voice's stream and what is queued to be played. */
  stop(): void {
    if (this.#stopping) return;
    this.#stopping = this.speaking ? 'interrupted' : 'abandoned';
    this.#stopThinking();
    this.#speech.cancel();
  }

  /** Asks the model, once more if it failed before anything was said, and apologises if that is all it can do. */
  async #think(): Promise<void> {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      try {
        await this.#complete();
        return;
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        if (!(error instanceof ProviderError)) throw error;
        this.#thinking = undefined;
        const { provider, kind, message } = error;
        this.#deps.log.append({ type: 'llm.failed', agent: this.#deps.agent, replyId: this.id, requestId: this.#requestId, provider, kind, message });
        if (isLasting(kind)) return this.#fail();
        if (this.#speech.requested || !error.retryable) break;
      }
    }
    this.#fail(APOLOGY);
  }

  /** Without an apology where the call is over with it, for what is said costs money. */
  #fail(apology = ''): void {
    this.#failed = true;
    this.#say(sentencesOf(apology));
    this.#speech.end();
  }

  get #requestId(): string {
    return `${this.id}-llm-${this.#requests}`;
  }

  async #complete(): Promise<void> {
    const { clock, log, llm, context, agent, tools, purse } = this.#deps;
    const replyId = this.id;
    const messages = context.messages;
    const request = { agent, replyId, messages, tools, cause: this.#options.llmCause };
    const mostTokens = llm.mostTokens?.(request);
    if (purse?.affordsAnswer(agent, mostTokens) === false) return this.stop();
    this.#requests += 1;
    const requestId = this.#requestId;
    const requestedMs = clock.nowMs();
    log.append({ type: 'llm.requested', agent, replyId, requestId, messageCount: messages.length, ...(mostTokens && { mostTokens }) });
    this.#thinking = requestId;
    const splitter = new SentenceSplitter();
    const calls: ToolCall[] = [];
    let text = '';
    let usage: TokenUsage | undefined;
    const onRetry: OnRetry = ({ attempt, retryInMs, failure: { provider, kind, message } }) =>
      log.append({ type: 'llm.retried', agent, replyId, requestId, provider, kind, message, attempt, retryInMs });
    for await (const chunk of llm.complete(request, this.#abort.signal, onRetry)) {
      if (this.#abort.signal.aborted) return;
      if (chunk.kind === 'tool_call') calls.push(chunk);
      else if (chunk.kind === 'usage') usage = chunk.usage;
      else if (chunk.text !== '') {
        const ttftMs = wholeMicroseconds(clock.nowMs() - requestedMs);
        if (text === '') log.append({ type: 'llm.first_token', agent, replyId, requestId, ttftMs });
        text += chunk.text;
        this.#say(splitter.push(chunk.text));
      }
    }
    if (this.#abort.signal.aborted) return;
    this.#say(splitter.flush());
    if (calls.length === 0 && !this.#speech.requested) {
      throw new ProviderError('the model had nothing to say', { provider: llm.name, kind: 'empty', retryable: true });
    }
    this.#thinking = undefined;
    log.append({
      type: 'llm.completed',
      agent,
      replyId,
      requestId,
      text: text.trim(),
      durationMs: wholeMicroseconds(clock.nowMs() - requestedMs),
      promptTokens: usage?.promptTokens ?? null,
      completionTokens: usage?.completionTokens ?? null,
      ...(usage?.cachedPromptTokens !== undefined && { cachedPromptTokens: usage.cachedPromptTokens }),
    });
    if (calls.length > 0) this.#options.onToolCalls(calls, text.trim());
    this.#speech.end();
  }

  #say(sentences: readonly string[]): void {
    // Marks and pictures alone make no sound, and a voice that is asked for them may take that for a fault.
    for (const sentence of sentences) if (/[\p{L}\p{N}]/u.test(sentence)) this.#speech.send(sentence);
  }

  #stopThinking(): void {
    const { log, agent } = this.#deps;
    if (this.#thinking === undefined) return;
    log.append({ type: 'llm.cancelled', agent, replyId: this.id, requestId: this.#thinking });
    this.#thinking = undefined;
    this.#abort.abort();
  }

  #stop(outcome: ReplyOutcome, heard: string, unheard: string): void {
    const { log, context, agent } = this.#deps;
    // A voice that failed leaves the model writing for nobody.
    this.#stopThinking();
    this.#heard = heard;
    context.assistant(heard, this.id);
    log.append({ type: 'reply.stopped', agent, replyId: this.id, outcome, heard, unheard });
    this.#options.onStopped(outcome);
  }
}
