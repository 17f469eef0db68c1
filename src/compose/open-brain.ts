/** The brain that a scenario's agent asks for. */
import { invariant } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import type { Clock } from '../clock/clock.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import type { LlmProvider } from '../pipeline/llm.ts';
import { LiveBrain } from '../providers/live/live-brain.ts';
import { CHAT_DEFAULTS, openChat } from '../providers/openai/open-chat.ts';
import type { Patience } from '../providers/openai/patience.ts';
import { ScriptBrain } from '../providers/script/script-brain.ts';
import type { ScenarioAgent } from '../scenarios/scenario.ts';
import type { Deck } from './deck.ts';
import type { Secrets } from './secrets.ts';

export type BrainOptions = {
  readonly clock: Clock;
  readonly wall: WallClock;
  readonly secrets: Secrets;
  readonly deck: Deck;
  readonly patience?: Partial<Patience> | undefined;
  /** Draws wordings. */
  readonly content: Random;
  /** Draws modelled latencies. */
  readonly latency: Random;
};

export type OpenedBrain = {
  readonly llm: LlmProvider;
  /** What it will say if nothing comes between; a brain of the world cannot know. */
  readonly expectedTexts: readonly string[];
};

/** Throws a UsageError where a key is wrong in itself. Makes no request. */
export async function openBrain(agent: ScenarioAgent, options: BrainOptions): Promise<OpenedBrain> {
  const { clock, wall, secrets, deck, patience, content, latency } = options;
  const { llm, script, name } = agent;
  if (llm.provider === 'openai') {
    const { model, max_completion_tokens: maxCompletionTokens, temperature } = llm;
    const place = { baseUrl: secrets.OPENAI_BASE_URL, scenarioUrl: llm.base_url };
    const settings = { maxCompletionTokens, temperature };
    const chat = await deck.llm(name, settings, () => openChat({ apiKey: secrets.OPENAI_API_KEY, ...place, model, ...settings, patience }, wall));
    const tape = deck.tape(name, { llm: llm.provider, settings });
    const longest = maxCompletionTokens ?? CHAT_DEFAULTS.maxCompletionTokens;
    return { llm: new LiveBrain({ clock, llm: chat, charge: deck.charge, tape, maxCompletionTokens: longest }), expectedTexts: [] };
  }
  invariant(script, `${name} has no script`);
  const { first_token_ms: firstTokenMs, tokens_per_second: tokensPerSecond } = llm;
  const brain = new ScriptBrain({ clock, script, content, latency, firstTokenMs, tokensPerSecond });
  return { llm: brain, expectedTexts: brain.expectedTexts() };
}
