/** The model of the world that a scenario's agent asks whether its peer has finished. */
import type { Clock } from '../clock/clock.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import type { AskingStrategy } from '../pipeline/end-of-turn.ts';
import { llmEndOfTurn } from '../pipeline/llm-end-of-turn.ts';
import { LiveBrain } from '../providers/live/live-brain.ts';
import { openChat } from '../providers/openai/open-chat.ts';
import type { Patience } from '../providers/openai/patience.ts';
import type { ScenarioAgent } from '../scenarios/scenario.ts';
import type { Deck } from './deck.ts';
import type { Secrets } from './secrets.ts';

/** Small and quick, and good enough for a yes or a no. */
export const JUDGE_MODEL = 'gpt-4o-mini';
export const JUDGE_PROVIDER = 'openai';

/** One word, always the same one. */
const SETTINGS = { maxCompletionTokens: 2, temperature: 0 } as const;

export type JudgeOptions = {
  readonly clock: Clock;
  readonly wall: WallClock;
  readonly secrets: Secrets;
  readonly deck: Deck;
  readonly patience?: Partial<Patience> | undefined;
};

export type OpenedJudge = { readonly strategy: AskingStrategy; readonly judge: { readonly provider: string; readonly model: string } };

/** Throws a UsageError where a key is wrong in itself. Makes no request. */
export async function openJudge({ name, turn }: ScenarioAgent, { clock, wall, secrets, deck, patience }: JudgeOptions): Promise<OpenedJudge> {
  const model = turn.model ?? JUDGE_MODEL;
  const place = { baseUrl: secrets.OPENAI_BASE_URL, scenarioUrl: turn.base_url };
  const facts = { provider: JUDGE_PROVIDER, model, settings: SETTINGS };
  const llm = await deck.judge(name, facts, () => openChat({ apiKey: secrets.OPENAI_API_KEY, ...place, model, ...SETTINGS, patience }, wall));
  const tape = deck.tape(name, { llm: JUDGE_PROVIDER, settings: SETTINGS });
  const { maxCompletionTokens } = SETTINGS;
  return { strategy: llmEndOfTurn(new LiveBrain({ clock, llm, charge: deck.charge, tape, maxCompletionTokens })), judge: { provider: JUDGE_PROVIDER, model } };
}
