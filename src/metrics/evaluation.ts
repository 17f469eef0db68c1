/**
 * What a model made of the call when it was over, folded from its answers in the log: verdicts, KPIs, whether the
 * simulator kept its role, what was asked and what that took. Asks nobody anything.
 */
import type { BottalkEvent, EventOf } from '../events/event.ts';

/** A question that came to no answer. */
export type Undecided = EventOf<'evaluation.undecided'>;

/** Counts as for brains: `unmetered` requests had no token figures, which is not the same as zero tokens. */
export type EvaluationUsage = {
  readonly requests: number;
  readonly unmetered_requests: number;
  readonly retries: number;
  readonly prompt_tokens: number;
  readonly cached_prompt_tokens: number;
  readonly completion_tokens: number;
};

export class Evaluation {
  readonly #criteria = new Map<number, EventOf<'criterion.judged'>>();
  readonly #undecided: Undecided[] = [];
  #kpis: EventOf<'kpis.judged'> | undefined;
  #role: EventOf<'role.judged'> | undefined;
  #usage: EvaluationUsage = { requests: 0, unmetered_requests: 0, retries: 0, prompt_tokens: 0, cached_prompt_tokens: 0, completion_tokens: 0 };

  event(event: BottalkEvent): void {
    const usage = this.#usage;
    switch (event.type) {
      case 'evaluation.requested':
        this.#usage = { ...usage, requests: usage.requests + 1, unmetered_requests: usage.unmetered_requests + 1 };
        return;
      case 'evaluation.retried':
        this.#usage = { ...usage, retries: usage.retries + 1 };
        return;
      case 'evaluation.completed':
        return this.#count(event);
      case 'evaluation.undecided':
        this.#undecided.push(event);
        return;
      case 'criterion.judged':
        this.#criteria.set(event.check, event);
        return;
      case 'kpis.judged':
        this.#kpis = event;
        return;
      case 'role.judged':
        this.#role = event;
        return;
      default:
    }
  }

  /** What was found of the expectation of this number; undefined where nothing was. */
  criterion(check: number): EventOf<'criterion.judged'> | undefined {
    return this.#criteria.get(check);
  }

  get kpis(): EventOf<'kpis.judged'> | undefined {
    return this.#kpis;
  }

  get role(): EventOf<'role.judged'> | undefined {
    return this.#role;
  }

  get undecided(): readonly Undecided[] {
    return this.#undecided;
  }

  /** Why a question came to no answer, if it did not. */
  whyUndecided(about: Undecided['about']): string | undefined {
    return this.#undecided.find((event) => event.about === about)?.message;
  }

  get usage(): EvaluationUsage {
    return this.#usage;
  }

  #count({ promptTokens, completionTokens, cachedPromptTokens = 0 }: EventOf<'evaluation.completed'>): void {
    if (promptTokens === null || completionTokens === null) return;
    const usage = this.#usage;
    this.#usage = {
      ...usage,
      unmetered_requests: usage.unmetered_requests - 1,
      prompt_tokens: usage.prompt_tokens + promptTokens,
      cached_prompt_tokens: usage.cached_prompt_tokens + cachedPromptTokens,
      completion_tokens: usage.completion_tokens + completionTokens,
    };
  }
}

/** A reason as a part of a longer sentence. */
export function withoutFullStop(text: string): string {
  return text.replace(/[.\s]+$/, '');
}
