/** Who is asked what when a call is over, as its scenario has it, and whether that can be asked from here. */
import { type Mistake, UsageError } from '../../base/errors.ts';
import type { CassetteHeader } from '../../providers/cassette/cassette.ts';
import { chatAddress, type ChatPlace } from '../../providers/openai/chat-address.ts';
import { checkKeyCharacters } from '../../providers/openai/open-chat.ts';
import type { Case, Scenario } from '../../scenarios/scenario.ts';
import { playsAlone, type Replay } from '../replay.ts';
import type { Secrets } from '../secrets.ts';

/** Cheap, and strict about schemas. */
const EVALUATOR_MODEL = 'gpt-4o-mini';
const EVALUATOR_PROVIDER = 'openai';

/** One thing to find out. `about` as in the log. */
export type Question =
  | { readonly about: number; readonly criterion: string; readonly votes: number }
  | { readonly about: 'kpis' | 'role'; readonly votes: number };

/** In the order of the expectations; the KPIs are asked for once, however often they are expected. */
export function questionsOf({ expect, judge }: Scenario): readonly Question[] {
  const criteria = expect.flatMap((check, i): Question[] => {
    return check.kind === 'criterion' ? [{ about: i + 1, criterion: check.criterion, votes: check.votes }] : [];
  });
  const kpis: readonly Question[] = expect.some(({ kind }) => kind === 'kpis') ? [{ about: 'kpis', votes: 1 }] : [];
  const isAsked = judge !== undefined || criteria.length > 0 || kpis.length > 0;
  return [...criteria, ...kpis, ...(isAsked && (judge?.role_check ?? true) ? [{ about: 'role', votes: 1 } as const] : [])];
}

/** What is asked of a recording that is played: whom it was evaluated by. */
export type PlayedEvaluation = Pick<Replay, 'mode'> & { readonly cassette: { readonly header: Pick<CassetteHeader, 'evaluatorHost'> } };

export type Evaluator = {
  readonly provider: string;
  readonly model: string;
  /** Undefined where a recording is played that does not tell. */
  readonly host: string | undefined;
  readonly place: ChatPlace;
};

/** Undefined where nobody is asked anything. Throws a UsageError where an address cannot be read. */
export function evaluatorOf(scenario: Scenario, secrets: Secrets, replay?: PlayedEvaluation): Evaluator | undefined {
  if (questionsOf(scenario).length === 0) return undefined;
  const { model = EVALUATOR_MODEL, base_url: scenarioUrl } = scenario.judge ?? {};
  const place: ChatPlace = { baseUrl: secrets.OPENAI_BASE_URL, scenarioUrl };
  const host = replay && playsAlone(replay) ? replay.cassette.header.evaluatorHost : chatAddress(place).host;
  return { provider: EVALUATOR_PROVIDER, model, host, place };
}

/** What keeps the scenario from being evaluated: a key that is missing. What a cache holds is only known when the call is over. */
export function evaluatorMistake({ scenario, file }: Pick<Case, 'scenario' | 'file'>, secrets: Secrets): Mistake | undefined {
  const evaluator = evaluatorOf(scenario, secrets);
  // Servers of one's own often need no key; OpenAI does.
  const isOwnServer = evaluator?.place.baseUrl !== undefined || evaluator?.place.scenarioUrl !== undefined;
  if (!evaluator || isOwnServer || secrets.OPENAI_API_KEY) return undefined;
  const check = scenario.expect.find(({ kind }) => kind === 'criterion' || kind === 'kpis');
  const what = check === undefined ? 'judge' : check.kind === 'kpis' ? 'expect: kpis' : 'expect: judge';
  const place = file !== undefined && check?.line ? { place: { file, line: check.line, column: 1 } } : {};
  return { message: `${what} needs OPENAI_API_KEY`, hint: 'put it into .env.local or the environment, name another server with judge: { base_url: ... }, or play a cassette of the call', ...place };
}

/** Throws the UsageError of what keeps the scenario from being evaluated. */
export function checkEvaluator(of: Pick<Case, 'scenario' | 'file'>, secrets: Secrets): void {
  const evaluator = evaluatorOf(of.scenario, secrets);
  if (!evaluator) return;
  const mistake = evaluatorMistake(of, secrets);
  if (mistake) throw new UsageError(mistake);
  checkKeyCharacters(secrets.OPENAI_API_KEY);
}
