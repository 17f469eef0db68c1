/**
 * Puts the turn machine's questions to the end-of-turn strategy and brings its verdicts back, at once or later. One
 * question at a time: a new one, or the turn's going on, gives up the one before. Decides nothing about turns.
 */
import { ProviderError } from '../base/errors.ts';
import { type Clock, wholeMicroseconds } from '../clock/clock.ts';
import type { EventLog } from '../events/log.ts';
import type { AskingStrategy, EndOfTurnStrategy, TurnSoFar } from './end-of-turn.ts';
import type { Purse } from './purse.ts';

export type JudgingOptions = {
  readonly clock: Clock;
  readonly log: EventLog;
  readonly agent: string;
  readonly strategy: EndOfTurnStrategy;
  /** What may be spent; without one, everything may. */
  readonly purse?: Purse | undefined;
};

/** `number` is the turn machine's own. */
export type TurnQuestion = { readonly number: number; readonly turnId: string; readonly turn: TurnSoFar; readonly onVerdict: (complete: boolean) => void };

type Pending = { readonly number: number; readonly turnId: string; readonly askId: string; readonly abort: AbortController };

export class Judging {
  readonly #options: JudgingOptions;
  #pending: Pending | undefined;
  #asked = 0;

  constructor(options: JudgingOptions) {
    this.#options = options;
  }

  ask(question: TurnQuestion): void {
    const { strategy, agent, purse } = this.#options;
    const { turn } = question;
    this.#giveUp();
    if (!('judge' in strategy)) return this.#decide(question, strategy.isComplete(turn));
    // Of silence without words there is nothing to be read.
    if (turn.text === '') return this.#decide(question, false);
    if (purse?.affordsJudgement(agent, strategy.mostTokens(turn)) === false) return this.#decide(question, false);
    this.#askLater(strategy, question);
  }

  /** Gives up the question that is open, unless it is this one. */
  keepOnly(number: number): void {
    if (this.#pending && this.#pending.number !== number) this.#giveUp();
  }

  close(): void {
    this.#giveUp();
  }

  #askLater(strategy: AskingStrategy, question: TurnQuestion): void {
    const { clock, log, agent } = this.#options;
    const { number, turnId, turn } = question;
    const askId = `${turnId}-ask-${++this.#asked}`;
    const abort = new AbortController();
    const { signal } = abort;
    const pending: Pending = { number, turnId, askId, abort };
    this.#pending = pending;
    const mostTokens = strategy.mostTokens(turn);
    const askedMs = clock.nowMs();
    log.append({ type: 'judge.requested', agent, turnId, askId, ...(mostTokens && { mostTokens }) });
    clock.task(async () => {
      let complete = false;
      try {
        const judgement = await strategy.judge(turn, {
          agent,
          askId,
          signal,
          onRetry: ({ attempt, retryInMs, failure: { provider, kind, message } }) =>
            log.append({ type: 'judge.retried', agent, turnId, askId, provider, kind, message, attempt, retryInMs }),
        });
        if (signal.aborted) return;
        complete = judgement.complete;
        const { promptTokens = null, completionTokens = null, cachedPromptTokens } = judgement.usage ?? {};
        const durationMs = wholeMicroseconds(clock.nowMs() - askedMs);
        const cached = cachedPromptTokens !== undefined && { cachedPromptTokens };
        log.append({ type: 'judge.completed', agent, turnId, askId, complete, durationMs, promptTokens, completionTokens, ...cached });
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ProviderError)) throw error;
        const { provider, kind, message } = error;
        log.append({ type: 'judge.failed', agent, turnId, askId, provider, kind, message });
      }
      this.#pending = undefined;
      this.#decide(question, complete);
    });
  }

  #decide({ turnId, onVerdict }: TurnQuestion, complete: boolean): void {
    const { log, agent, strategy } = this.#options;
    log.append({ type: 'turn.judged', agent, turnId, strategy: strategy.name, complete });
    onVerdict(complete);
  }

  #giveUp(): void {
    if (!this.#pending) return;
    const { turnId, askId, abort } = this.#pending;
    this.#pending = undefined;
    this.#options.log.append({ type: 'judge.cancelled', agent: this.#options.agent, turnId, askId });
    abort.abort();
  }
}
