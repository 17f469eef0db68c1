/**
 * The offline brain: an LLM provider that answers from the scenario's script. It knows the conversation only by the
 * messages it is given, so it answers what was really heard and goes on after what was really said.
 */
import { drawLatencyMs, type LatencyMs } from '../../base/latency.ts';
import type { Random } from '../../base/random.ts';
import type { Clock } from '../../clock/clock.ts';
import type { ContextMessage, LlmChunk, LlmProvider, LlmRequest } from '../../pipeline/llm.ts';
import type { Manners } from '../../pipeline/manners.ts';
import type { ScriptFile } from '../../scenarios/schema.ts';
import { fillResult } from '../../scenarios/template.ts';
import { compileManners } from './compile-manners.ts';
import { chooseSaying, nextLine, type Choice } from './choose-saying.ts';

export type ScriptBrainOptions = {
  readonly clock: Clock;
  readonly script: ScriptFile;
  /** Draws wordings. */
  readonly content: Random;
  /** Draws latencies, apart from content, so that one can be held while the other varies. */
  readonly latency: Random;
  readonly firstTokenMs: LatencyMs;
  readonly tokensPerSecond: number;
};

/** About four letters make a token of English. */
const LETTERS_PER_TOKEN = 4;

export class ScriptBrain implements LlmProvider {
  readonly name = 'script';
  readonly model = 'script';
  readonly answersUnheard = true;
  readonly #options: ScriptBrainOptions;
  /** What was said in which reply. */
  readonly #chosen = new Map<string, Choice>();

  constructor(options: ScriptBrainOptions) {
    this.#options = options;
  }

  /** What will be said if every line comes to be said, in order. */
  expectedTexts(): readonly string[] {
    return this.#options.script.lines.flatMap(({ say }, index) => (say ? [this.#wording(say, `line/${index}`)] : []));
  }

  plannedManners(messages: readonly ContextMessage[]): Manners {
    return compileManners(nextLine(this.#options.script, this.#usedChoices(messages)) ?? {});
  }

  async *complete(request: LlmRequest, signal: AbortSignal): AsyncGenerator<LlmChunk> {
    const { clock, latency, firstTokenMs } = this.#options;
    await clock.sleep(drawLatencyMs(firstTokenMs, latency.fork(request.replyId)), { signal });
    const chunks = request.cause === 'tool_result' ? this.#afterTool(request) : this.#answer(request);
    let first = true;
    for (const chunk of chunks) {
      if (chunk.kind === 'text' && !first) await clock.sleep(this.#writingMs(chunk.text), { signal });
      first = false;
      yield chunk;
    }
  }

  #answer(request: LlmRequest): readonly LlmChunk[] {
    const choice = chooseSaying(this.#options.script, request, this.#usedChoices(request.messages));
    this.#chosen.set(request.replyId, choice);
    const { say, call, end } = choice.saying;
    const chunks = this.#words(say, choice.id);
    if (call) chunks.push({ kind: 'tool_call', callId: `${request.replyId}-call`, name: call.name, arguments: call.arguments });
    if (end) chunks.push({ kind: 'tool_call', callId: `${request.replyId}-end`, name: 'end_conversation', arguments: {} });
    return chunks;
  }

  /** What the script says once its tool has answered; a script that says nothing then goes on with its next line. */
  #afterTool(request: LlmRequest): readonly LlmChunk[] {
    const result = request.messages.findLast((message) => message.role === 'tool_result');
    const call = request.messages.findLast((message) => message.role === 'tool_call');
    const choice = call && this.#chosen.get(call.replyId);
    if (!choice?.saying.then) return this.#answer(request);
    return this.#words(choice.saying.then.map((text) => fillResult(text, result?.result)), `${choice.id}/then`);
  }

  #usedChoices(messages: readonly ContextMessage[]): readonly Choice[] {
    return messages.flatMap((message) => {
      const choice = message.role === 'assistant' || message.role === 'tool_call' ? this.#chosen.get(message.replyId) : undefined;
      return choice ? [choice] : [];
    });
  }

  #words(wordings: readonly string[] | undefined, id: string): LlmChunk[] {
    if (!wordings) return [];
    return (this.#wording(wordings, id).match(/\S+\s*/g) ?? []).map((text) => ({ kind: 'text', text }));
  }

  /** The draw hangs on what is said, not on when. */
  #wording(wordings: readonly string[], id: string): string {
    return this.#options.content.fork(id).pick(wordings);
  }

  #writingMs(text: string): number {
    return (Math.ceil(text.length / LETTERS_PER_TOKEN) * 1000) / this.#options.tokensPerSecond;
  }
}
