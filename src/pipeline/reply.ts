/**
 * One thing an agent sets out to say: a request to the model, its sentences to the voice, the voice's sound to the
 * playout, all under one AbortSignal. An interruption is that signal's abort, and leaves only what was heard.
 */
import { ProviderError } from '../base/errors.ts';
import type { EventOf } from '../events/event.ts';
import type { ConversationContext } from './context.ts';
import type { LlmCause, LlmChunk, LlmProvider, ToolSpec } from './llm.ts';
import { SentenceSplitter } from './sentence-splitter.ts';
import { Speech, type SpeechDeps } from './speech.ts';

/** Said when the model failed twice, so that a turn is never silently lost. */
const APOLOGY = "Sorry, I lost my train of thought. Could you say that again?";

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
  readonly onStopped: (outcome: ReplyOutcome, heard: string) => void;
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
      onStopped: ({ words, unheard, cut, failed }) => {
        const heard = words.map((word) => word.text).join(' ');
        const outcome = this.#stopping ?? (failed || this.#failed ? 'failed' : cut ? 'interrupted' : 'completed');
        this.#stop(outcome, heard, unheard);
      },
    });
  }

  /** Whether the first sample has gone out. */
  get speaking(): boolean {
    return this.#speech.started;
  }

  start(): void {
    const { clock, log, agent } = this.#deps;
    const { id: replyId, turnId, cause, kind, verbatim } = this.#options;
    log.append({ type: 'reply.started', agent, replyId, turnId, cause, kind });
    if (verbatim === undefined) return clock.task(() => this.#think());
    const splitter = new SentenceSplitter();
    for (const sentence of [...splitter.push(verbatim), ...splitter.flush()]) this.#speech.send(sentence);
    this.#speech.end();
  }

  /** Ends it now: the model's stream, the voice's stream and what is queued to be played. */
  stop(): void {
    if (this.#stopping) return;
    this.#stopping = this.speaking ? 'interrupted' : 'abandoned';
    if (this.#thinking) this.#deps.log.append({ type: 'llm.cancelled', agent: this.#deps.agent, replyId: this.id, requestId: this.#thinking });
    this.#abort.abort();
    this.#speech.cancel();
  }

  /** Asks the model, once more if it failed before anything was said, and apologises if that fails too. */
  async #think(): Promise<void> {
    for (let attempt = 1; attempt <= 2; attempt++) {
      try {
        await this.#complete();
        return;
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        if (!(error instanceof ProviderError)) throw error;
        this.#thinking = undefined;
        const { provider, kind, message } = error;
        this.#deps.log.append({ type: 'llm.failed', agent: this.#deps.agent, replyId: this.id, requestId: this.#requestId, provider, kind, message });
        if (this.#speech.requested) break;
      }
    }
    this.#failed = true;
    if (!this.#speech.requested) this.#speech.send(APOLOGY);
    this.#speech.end();
  }

  get #requestId(): string {
    return `${this.id}-llm-${this.#requests}`;
  }

  async #complete(): Promise<void> {
    const { clock, log, llm, context, agent, tools } = this.#deps;
    const replyId = this.id;
    this.#requests += 1;
    const requestId = this.#requestId;
    const requestedMs = clock.nowMs();
    const messages = context.messages;
    log.append({ type: 'llm.requested', agent, replyId, requestId, messageCount: messages.length });
    this.#thinking = requestId;
    const splitter = new SentenceSplitter();
    const calls: ToolCall[] = [];
    let text = '';
    let usage: { promptTokens: number; completionTokens: number } | undefined;
    for await (const chunk of llm.complete({ agent, replyId, messages, tools, cause: this.#options.llmCause }, this.#abort.signal)) {
      if (chunk.kind === 'text') {
        if (text === '') log.append({ type: 'llm.first_token', agent, replyId, requestId, ttftMs: clock.nowMs() - requestedMs });
        text += chunk.text;
        for (const sentence of splitter.push(chunk.text)) this.#speech.send(sentence);
      } else if (chunk.kind === 'tool_call') calls.push(chunk);
      else usage = chunk.usage;
    }
    if (this.#abort.signal.aborted) return;
    for (const sentence of splitter.flush()) this.#speech.send(sentence);
    this.#thinking = undefined;
    log.append({
      type: 'llm.completed',
      agent,
      replyId,
      requestId,
      text: text.trim(),
      durationMs: clock.nowMs() - requestedMs,
      promptTokens: usage?.promptTokens ?? null,
      completionTokens: usage?.completionTokens ?? null,
    });
    if (calls.length > 0) this.#options.onToolCalls(calls, text.trim());
    this.#speech.end();
  }

  #stop(outcome: ReplyOutcome, heard: string, unheard: string): void {
    const { log, context, agent } = this.#deps;
    context.assistant(heard, this.id);
    log.append({ type: 'reply.stopped', agent, replyId: this.id, outcome, heard, unheard });
    this.#options.onStopped(outcome, heard);
  }
}
