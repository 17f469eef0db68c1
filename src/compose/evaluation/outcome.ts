/** What the answers to a question come to, as the log is told of it. */
import type { NewEvent } from '../../events/event.ts';
import type { RunFold } from '../../metrics/run-fold.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import type { Question } from './evaluator.ts';
import { readJudgement, readKpis } from './read-answer.ts';

export type Judged = { readonly scenario: Scenario; readonly fold: RunFold };

/** Undefined where the answers that can be read are too few to decide. */
export function outcomeOf(question: Question, answers: readonly string[], { scenario, fold }: Judged): NewEvent | undefined {
  switch (question.about) {
    case 'kpis': {
      const [read] = answers.flatMap((text) => readKpis(text, fold) ?? []);
      return read && { type: 'kpis.judged', ...read };
    }
    case 'role': {
      const [read] = answers.flatMap((text) => readJudgement(text, 'kept', fold) ?? []);
      const agent = scenario.agents.find(({ role }) => role === 'user')?.name ?? '';
      return read && { type: 'role.judged', agent, kept: read.verdict, reason: read.reason, turn: read.turn, quote: read.quote };
    }
    default: {
      const votes = answers.flatMap((text) => readJudgement(text, 'verdict', fold) ?? []);
      const verdict = [true, false].find((either) => votes.filter((vote) => vote.verdict === either).length * 2 > question.votes);
      return verdict === undefined ? undefined : { type: 'criterion.judged', check: question.about, verdict, votes };
    }
  }
}

/** Whether this text answers the question at all. */
export function isAnswer(question: Question, text: string, judged: Judged): boolean {
  return outcomeOf({ ...question, votes: 1 }, [text], judged) !== undefined;
}
