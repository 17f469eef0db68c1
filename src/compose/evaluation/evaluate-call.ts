/**
 * Has a call evaluated when it is over, before its log is closed: puts the questions of its scenario to a model, a few
 * at a time, and tells the log what came of each in their own order. Decides no verdict of the run.
 */
import type { NewEvent } from '../../events/event.ts';
import type { Ending } from '../../run/conversation.ts';
import { atOnce } from './at-once.ts';
import { Ballot, type Vote } from './ballot.ts';
import type { EvaluationOptions } from './evaluation-options.ts';
import { evaluatorOf, type Question, questionsOf } from './evaluator.ts';
import { outcomeOf } from './outcome.ts';
import { answerText, whyNone } from './take.ts';

/** So many questions are asked at a time. */
const MOST_AT_ONCE = 4;

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
    await askAll(questionsOf(scenario), new Ballot({ ...options, evaluator, ending, signal: stop }), options);
  } finally {
    giveUp.abort();
  }
  return signal?.aborted ? { endedBy: 'cancelled' } : ending;
}

async function askAll(questions: readonly Question[], ballot: Ballot, { log, scenario, fold }: EvaluationOptions): Promise<void> {
  const votes = questions.flatMap((question) => Array.from({ length: question.votes }, (_, i) => ballot.vote(question, i + 1)));
  const refused = new Map<Vote, string>();
  const open = new Set<Vote>();
  for (const vote of votes) {
    const why = ballot.whyNot(vote);
    if (why === undefined) {
      open.add(vote);
      log.append(ballot.requested(vote));
    } else refused.set(vote, why);
  }
  const asked = [...open];
  const takes = atOnce(MOST_AT_ONCE, asked.map((vote) => () => ballot.take(vote)));
  /** The answer, or why there is none. */
  const counted = async (vote: Vote): Promise<{ readonly answer?: string; readonly why?: string }> => {
    const why = refused.get(vote);
    if (why !== undefined) return { why };
    const take = await takes[asked.indexOf(vote)];
    const events: readonly NewEvent[] = take ? ballot.told(vote, take) : [ballot.givenUp(vote)];
    open.delete(vote);
    for (const event of events) log.append(event);
    const failed = whyNone(events);
    return take && failed === undefined ? { answer: answerText(take) } : { why: failed ?? '' };
  };
  try {
    for (const question of questions) {
      const results = [];
      for (const vote of votes.filter((each) => each.question === question)) results.push(await counted(vote));
      const outcome = outcomeOf(question, results.flatMap(({ answer }) => answer ?? []), { scenario, fold });
      log.append(outcome ?? { type: 'evaluation.undecided', about: question.about, message: results.find(({ why }) => why !== undefined)?.why ?? '' });
    }
  } finally {
    for (const vote of open) log.append(ballot.givenUp(vote));
  }
}
