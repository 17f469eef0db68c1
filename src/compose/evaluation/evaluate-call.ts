/**
 * Has a call evaluated when it is over, before its log is closed: puts the questions of its scenario to a model, a few
 * at a time, and tells the log what came of each in their own order. Decides no verdict of the run.
 */
import type { ContentCache } from '../../base/content-cache.ts';
import type { NewEvent } from '../../events/event.ts';
import type { EventLog } from '../../events/log.ts';
import type { RunFold } from '../../metrics/run-fold.ts';
import type { LiveLlm } from '../../pipeline/live-llm.ts';
import type { LlmRequest } from '../../pipeline/llm.ts';
import { mostPromptTokens } from '../../pipeline/prompt-bound.ts';
import { chatAddress } from '../../providers/openai/chat-address.ts';
import { openChat } from '../../providers/openai/open-chat.ts';
import type { Patience } from '../../providers/openai/patience.ts';
import type { Budget } from '../../run/budget.ts';
import type { Ending } from '../../run/conversation.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { Deck } from '../deck.ts';
import type { Secrets } from '../secrets.ts';
import { evaluatorOf, type Evaluator, type Question, questionsOf } from './evaluator.ts';
import { atOnce } from './at-once.ts';
import { readJudgement, readKpis } from './read-answer.ts';
import { answerTokens, EVALUATOR_NAME, requestOf } from './request.ts';
import { answerText, eventsOf, failureOf, rememberedTake, rememberTake, retell, takeAnswer, takeKey, type Take, whyNone } from './take.ts';

/** So many questions are asked at a time. */
const MOST_AT_ONCE = 4;

/** Nobody waits on the line; a server that meets a schema for the first time may take long over it. */
const PATIENCE: Partial<Patience> = { firstTokenMs: 60_000, betweenChunksMs: 20_000, firstRetryWaitMs: 1000, longestRetryWaitMs: 20_000 };

export type EvaluationOptions = {
  readonly scenario: Scenario;
  /** Was shown the whole call and will be shown what comes of it; nobody else's. */
  readonly fold: RunFold;
  readonly log: EventLog;
  readonly wall: WallClock;
  readonly secrets: Secrets;
  readonly deck: Deck;
  /** Answers that were given before; a recording that is played has its own. */
  readonly cache: ContentCache | undefined;
  readonly budget: Budget | undefined;
  readonly patience: Partial<Patience> | undefined;
  readonly signal: AbortSignal | undefined;
};

/** What a run came to in the end: the same, unless the user gave up waiting. Throws what a recording was not asked. */
export async function evaluateCall(ending: Ending, options: EvaluationOptions): Promise<Ending> {
  const { scenario, fold, secrets, signal } = options;
  const evaluator = evaluatorOf(scenario, secrets);
  const isOver = ending.endedBy !== 'cancelled' && ending.endedBy !== 'error' && ending.endedBy !== 'budget';
  // Of a call that was broken off, or in which nobody spoke, the verdict is known.
  if (!evaluator || !isOver || fold.turns.length === 0) return ending;
  const giveUp = new AbortController();
  const stop = signal ? AbortSignal.any([signal, giveUp.signal]) : giveUp.signal;
  try {
    await new Evaluating(evaluator, { ...options, ending, signal: stop }).all();
  } finally {
    giveUp.abort();
  }
  return signal?.aborted ? { endedBy: 'cancelled' } : ending;
}

/** A question that is put once, and what is known of its answer so far. */
type Vote = { readonly question: Question; readonly vote: number; readonly requestId: string; readonly request: LlmRequest; readonly key: string; readonly remembered: Take | undefined };

type Evaluated = EvaluationOptions & { readonly ending: Ending; readonly signal: AbortSignal };

class Evaluating {
  readonly #evaluator: Evaluator;
  readonly #options: Evaluated;
  readonly #opened = new Map<number, Promise<LiveLlm>>();

  constructor(evaluator: Evaluator, options: Evaluated) {
    this.#evaluator = evaluator;
    this.#options = options;
  }

  async all(): Promise<void> {
    const { log, scenario } = this.#options;
    const questions = questionsOf(scenario);
    const votes = questions.flatMap((question) => Array.from({ length: question.votes }, (_, i) => this.#vote(question, i + 1)));
    const refused = new Map<Vote, string>();
    const asked = votes.filter((vote) => {
      const why = this.#request(vote);
      if (why !== undefined) refused.set(vote, why);
      return why === undefined;
    });
    const takes = atOnce(MOST_AT_ONCE, asked.map((vote) => () => this.#take(vote)));
    const open = new Set(asked);
    try {
      for (const question of questions) {
        const answers: string[] = [];
        let missing: string | undefined;
        for (const vote of votes.filter((each) => each.question === question)) {
          const take = await takes[asked.indexOf(vote)];
          const events = take ? this.#told(vote, take) : open.has(vote) ? [givenUp(vote, this.#evaluator)] : [];
          open.delete(vote);
          for (const event of events) log.append(event);
          const why = refused.get(vote) ?? whyNone(events);
          if (take && why === undefined) answers.push(answerText(take));
          missing ??= why;
        }
        log.append(this.#outcome(question, answers) ?? { type: 'evaluation.undecided', about: question.about, message: missing ?? 'nothing was answered' });
      }
    } finally {
      for (const vote of open) log.append(givenUp(vote, this.#evaluator));
    }
  }

  #vote(question: Question, vote: number): Vote {
    const { cache, deck } = this.#options;
    const requestId = `evaluation-${question.about}-${vote}`;
    const request = requestOf(question, requestId, this.#options);
    const { model, baseUrl } = this.#evaluator;
    const key = takeKey(request, { host: chatAddress(baseUrl).baseUrl, model, settings: this.#settings(question), vote });
    return { question, vote, requestId, request, key, remembered: deck.plays ? undefined : rememberedTake(cache, key) };
  }

  /** Says in the log that it will be asked, or returns why it may not. */
  #request({ question, vote, requestId, request, remembered }: Vote): string | undefined {
    const { budget, fold, log } = this.#options;
    const mostTokens = { prompt: mostPromptTokens(request), completion: answerTokens(question, fold) };
    if (!remembered && budget?.affordsEvaluation(mostTokens) === false) return 'the budget does not reach for it';
    log.append({ type: 'evaluation.requested', requestId, about: question.about, vote, mostTokens });
    return undefined;
  }

  /** What the world is asked through. It is told the longest answer when it is opened, and learns what its server takes. */
  #open(settings: { readonly maxCompletionTokens: number; readonly temperature: number }): Promise<LiveLlm> {
    const { secrets, wall, patience } = this.#options;
    const { model, baseUrl } = this.#evaluator;
    const known = this.#opened.get(settings.maxCompletionTokens);
    const opened = known ?? openChat({ apiKey: secrets.OPENAI_API_KEY, baseUrl, model, ...settings, patience: { ...PATIENCE, ...patience } }, wall);
    this.#opened.set(settings.maxCompletionTokens, opened);
    return opened;
  }

  async #take({ question, vote, request, key, remembered }: Vote): Promise<Take | undefined> {
    const { deck, cache, signal } = this.#options;
    const { provider, model } = this.#evaluator;
    const settings = this.#settings(question);
    // In a recording each vote is another question, for nobody knows which of them comes first.
    const recorded = { ...settings, vote };
    const llm = await deck.evaluator(EVALUATOR_NAME, { provider, model, settings: recorded }, () => this.#open(settings));
    const tape = deck.tape(EVALUATOR_NAME, { llm: provider, settings: recorded });
    if (remembered) {
      retell(remembered, { llm, tape, request, signal });
      return remembered;
    }
    const isReadable = this.#isReadable(question);
    const take = await takeAnswer({ llm, tape, request, isReadable, signal });
    if (take && !failureOf(take) && isReadable(answerText(take)) && !deck.plays) rememberTake(cache, key, take);
    return take;
  }

  #told({ question, requestId }: Vote, take: Take): NewEvent[] {
    const { model, provider } = this.#evaluator;
    return eventsOf(take, { requestId, model, provider, isReadable: this.#isReadable(question) });
  }

  #settings(question: Question): { readonly maxCompletionTokens: number; readonly temperature: number } {
    return { maxCompletionTokens: answerTokens(question, this.#options.fold), temperature: 0 };
  }

  #isReadable(question: Question): (text: string) => boolean {
    return (text) => this.#outcome(question, Array.from({ length: question.votes }, () => text)) !== undefined;
  }

  /** What the answers come to; undefined where they are too few to decide. */
  #outcome(question: Question, answers: readonly string[]): NewEvent | undefined {
    const { fold, scenario } = this.#options;
    const { about } = question;
    if (about === 'kpis') {
      const [read] = answers.flatMap((text) => readKpis(text, fold) ?? []);
      return read && { type: 'kpis.judged', ...read };
    }
    const votes = answers.flatMap((text) => readJudgement(text, about === 'role' ? 'kept' : 'verdict', fold) ?? []);
    if (about === 'role') {
      const [read] = votes;
      const agent = scenario.agents.find(({ role }) => role === 'user')?.name ?? '';
      return read && { type: 'role.judged', agent, kept: read.verdict, reason: read.reason, turn: read.turn, quote: read.quote };
    }
    const majority = [true, false].find((verdict) => votes.filter((vote) => vote.verdict === verdict).length * 2 > question.votes);
    return majority === undefined ? undefined : { type: 'criterion.judged', check: about, verdict: majority, votes };
  }
}

function givenUp({ requestId }: Vote, { provider }: Evaluator): NewEvent {
  return { type: 'evaluation.failed', requestId, provider, kind: 'cancelled', message: 'it was not waited for' };
}
