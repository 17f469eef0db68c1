/** Runs the tools that a reply asked for: each call and each answer is an event and a line of the context. */
import type { Clock, Timer } from '../clock/clock.ts';
import type { EventLog } from '../events/log.ts';
import type { ConversationContext } from './context.ts';
import type { ToolCall } from './reply.ts';
import type { MockedTool, ToolAnswer } from './settings.ts';

export type ToolRunnerDeps = {
  readonly clock: Clock;
  readonly log: EventLog;
  readonly context: ConversationContext;
  readonly agent: string;
  /** Where the agent stands among events of one instant. */
  readonly order: number;
  readonly tools: readonly MockedTool[];
};

type Running = { readonly replyId: string; readonly call: ToolCall; readonly timer: Timer };

export class ToolRunner {
  readonly #deps: ToolRunnerDeps;
  /** Calls that have not answered yet. */
  readonly #running = new Set<Running>();

  constructor(deps: ToolRunnerDeps) {
    this.#deps = deps;
  }

  get running(): boolean {
    return this.#running.size > 0;
  }

  /** Calls all of them at once; `onAnswered` comes when the last has answered, unless they were cancelled before. */
  run(replyId: string, calls: readonly ToolCall[], onAnswered: () => void): void {
    const { clock, order, tools } = this.#deps;
    for (const call of calls) this.#called(replyId, call);
    for (const call of calls) {
      const tool = tools.find(({ name }) => name === call.name);
      const delayMs = tool?.delayMs ?? 0;
      const timer = clock.at(clock.nowMs() + delayMs, { phase: 'turn', order }, () => {
        this.#running.delete(running);
        this.#answered(replyId, call, tool ? tool.answer(call.arguments) : { result: `there is no tool named ${call.name}`, failed: true });
        if (!this.running) onAnswered();
      });
      const running = { replyId, call, timer };
      this.#running.add(running);
    }
  }

  /** The peer has spoken over the reply that wanted them: what has not answered yet never will. Says whether there were any. */
  cancel(): boolean {
    const cancelled = [...this.#running];
    this.#running.clear();
    for (const { replyId, call, timer } of cancelled) {
      timer.cancel();
      this.#answered(replyId, call, { result: 'CANCELLED', failed: true });
    }
    return cancelled.length > 0;
  }

  /** A call whose answer is known at once. */
  settle(replyId: string, call: ToolCall, answer: ToolAnswer): void {
    this.#called(replyId, call);
    this.#answered(replyId, call, answer);
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
