/** Runs the tools that a reply asked for: each call and each answer is an event and a line of the context. */
import type { Clock } from '../clock/clock.ts';
import type { EventLog } from '../events/log.ts';
import type { ConversationContext } from './context.ts';
import type { ToolCall } from './reply.ts';
import type { MockedTool, ToolAnswer } from './settings.ts';

export type ToolRunnerDeps = {
  readonly clock: Clock;
  readonly log: EventLog;
  readonly context: ConversationContext;
  readonly agent: string;
  readonly tools: readonly MockedTool[];
};

export class ToolRunner {
  readonly #deps: ToolRunnerDeps;
  #running: AbortController | undefined;

  constructor(deps: ToolRunnerDeps) {
    this.#deps = deps;
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  /** Calls all of them at once; `onAnswered` comes when the last has answered, unless they were cancelled before. */
  run(replyId: string, calls: readonly ToolCall[], onAnswered: () => void): void {
    const abort = new AbortController();
    this.#running = abort;
    let open = calls.length;
    for (const call of calls) {
      this.#called(replyId, call);
      this.#deps.clock.task(async () => {
        const answer = await this.#answer(call, abort.signal);
        this.#answered(replyId, call, answer);
        open -= 1;
        if (open > 0 || abort.signal.aborted) return;
        this.#running = undefined;
        onAnswered();
      });
    }
  }

  /** The peer has spoken over the reply that wanted them: what has not answered yet never will. */
  cancel(): void {
    const running = this.#running;
    this.#running = undefined;
    running?.abort();
  }

  /** A call whose answer is known at once. */
  settle(replyId: string, call: ToolCall, answer: ToolAnswer): void {
    this.#called(replyId, call);
    this.#answered(replyId, call, answer);
  }

  async #answer(call: ToolCall, signal: AbortSignal): Promise<ToolAnswer> {
    const tool = this.#deps.tools.find(({ name }) => name === call.name);
    if (!tool) return { result: `there is no tool named ${call.name}`, failed: true };
    try {
      await this.#deps.clock.sleep(tool.delayMs, { signal });
    } catch (error) {
      if (signal.aborted) return { result: 'CANCELLED', failed: true };
      throw error;
    }
    return tool.answer(call.arguments);
  }

  #called(replyId: string, call: ToolCall): void {
    const { callId, name } = call;
    this.#deps.log.append({ type: 'tool.called', agent: this.#deps.agent, replyId, callId, name, arguments: call.arguments });
    this.#deps.context.toolCall({ replyId, callId, name, arguments: call.arguments });
  }

  #answered(replyId: string, call: ToolCall, answer: ToolAnswer): void {
    const { callId, name } = call;
    this.#deps.log.append({ type: 'tool.answered', agent: this.#deps.agent, replyId, callId, name, ...answer });
    this.#deps.context.toolResult({ callId, name, result: answer.failed ? { error: answer.result } : answer.result });
  }
}
