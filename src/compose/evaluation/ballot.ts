/**
 * The single votes of which an evaluation is made: what each is asked, what it may cost, how it is answered (by the
 * world, by a recording, or as it was before), and what the log is told of it.
 */
import type { NewEvent } from '../../events/event.ts';
import type { LiveLlm } from '../../pipeline/live-llm.ts';
import type { LlmRequest } from '../../pipeline/llm.ts';
import { mostPromptTokens } from '../../pipeline/prompt-bound.ts';
import { chatAddress } from '../../providers/openai/chat-address.ts';
import { openChat } from '../../providers/openai/open-chat.ts';
import type { Ending } from '../../run/conversation.ts';
import { DATA_PATIENCE } from '../data-answer.ts';
import type { EvaluationOptions } from './evaluation-options.ts';
import type { Evaluator, Question } from './evaluator.ts';
import { isAnswer } from './outcome.ts';
import { answerTokens, EVALUATOR_NAME, requestOf } from './request.ts';
import { answerText, failureOf, rememberedTake, rememberTake, retell, type Take, takeAnswer, takeEvents, takeKey } from './take.ts';

/** A question as it is put once. `number` counts the votes on it from 1. */
export type Vote = {
  readonly question: Question;
  readonly number: number;
  readonly requestId: string;
  readonly request: LlmRequest;
  readonly settings: Settings;
  /** Names the answer in the cache. */
  readonly key: string;
  /** The answer that was given before. */
  readonly remembered: Take | undefined;
};

type Settings = { readonly maxCompletionTokens: number; readonly temperature: number };

export type BallotOptions = EvaluationOptions & { readonly evaluator: Evaluator; readonly ending: Ending; readonly signal: AbortSignal };

export class Ballot {
  readonly #options: BallotOptions;
  readonly #opened = new Map<number, Promise<LiveLlm>>();

  constructor(options: BallotOptions) {
    this.#options = options;
  }

  vote(question: Question, number: number): Vote {
    const { cache, deck, fold, evaluator } = this.#options;
    const requestId = `evaluation-${question.about}-${number}`;
    const request = requestOf(question, requestId, this.#options);
    const settings = { maxCompletionTokens: answerTokens(question, fold), temperature: 0 };
    const host = chatAddress(evaluator.place).baseUrl;
    const key = takeKey(request, { host, model: evaluator.model, settings, vote: number });
    return { question, number, requestId, request, settings, key, remembered: deck.plays ? undefined : rememberedTake(cache, key) };
  }

  /** What keeps it from being asked, if anything does. */
  whyNot(vote: Vote): string | undefined {
    const { budget } = this.#options;
    return vote.remembered || (budget?.affordsEvaluation(mostTokens(vote)) ?? true) ? undefined : 'the budget does not reach for it';
  }

  requested(vote: Vote): NewEvent {
    return { type: 'evaluation.requested', requestId: vote.requestId, about: vote.question.about, vote: vote.number, mostTokens: mostTokens(vote) };
  }

  /** Undefined if it was given up. Throws what only a recording can: it was not asked this. */
  async take({ question, number, request, settings, key, remembered }: Vote): Promise<Take | undefined> {
    const { deck, cache, signal, evaluator } = this.#options;
    const { provider, model } = evaluator;
    // In a recording each vote is another question, for nobody knows which of them comes first.
    const recorded = { ...settings, vote: number };
    const tape = deck.tape(EVALUATOR_NAME, { llm: provider, settings: recorded });
    if (remembered) {
      retell(remembered, { model, tape, request, signal });
      return remembered;
    }
    const llm = await deck.evaluator(EVALUATOR_NAME, { provider, model, settings: recorded }, () => this.#open(settings));
    const take = await takeAnswer({ llm, tape, request, isReadable: (text) => isAnswer(question, text, this.#options), signal });
    if (take && this.#isAnswered(question, take) && !deck.plays) rememberTake(cache, key, take);
    return take;
  }

  told({ question, requestId }: Vote, take: Take): NewEvent[] {
    const { provider, model } = this.#options.evaluator;
    return takeEvents(take, { requestId, provider, model, isAnswered: this.#isAnswered(question, take) });
  }

  givenUp({ requestId }: Vote): NewEvent {
    return { type: 'evaluation.failed', requestId, provider: this.#options.evaluator.provider, kind: 'cancelled', message: 'it was not waited for' };
  }

  #isAnswered(question: Question, take: Take): boolean {
    return !failureOf(take) && isAnswer(question, answerText(take), this.#options);
  }

  /** What the world is asked through. It is told the longest answer when it is opened, and learns what its server takes. */
  #open(settings: Settings): Promise<LiveLlm> {
    const { secrets, wall, patience, evaluator } = this.#options;
    const { model, place } = evaluator;
    const known = this.#opened.get(settings.maxCompletionTokens);
    const opened = known ?? openChat({ apiKey: secrets.OPENAI_API_KEY, ...place, model, ...settings, patience: { ...DATA_PATIENCE, ...patience } }, wall);
    this.#opened.set(settings.maxCompletionTokens, opened);
    return opened;
  }
}

function mostTokens({ request, settings }: Vote): { readonly prompt: number; readonly completion: number } {
  return { prompt: mostPromptTokens(request), completion: settings.maxCompletionTokens };
}
