/** One agent of a case with its brain, its voice and its judgement of turns, ready to be given a seat. */
import { type Random, seededRandom } from '../base/random.ts';
import { invariant } from '../base/errors.ts';
import type { Clock } from '../clock/clock.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import { Agent, type AgentDeps } from '../pipeline/agent.ts';
import type { EndOfTurnStrategy } from '../pipeline/end-of-turn.ts';
import type { Case, ScenarioAgent } from '../scenarios/scenario.ts';
import { agentSettings, strategyOf } from './agent-settings.ts';
import { chooseEndOfTurn } from './choose-end-of-turn.ts';
import type { Connecting } from './connect-agents.ts';
import { Deck } from './deck.ts';
import { agentHosts } from './hosts.ts';
import type { Machinery } from './machinery.ts';
import { openBrain } from './open-brain.ts';
import { openJudge } from './open-judge.ts';
import { openVoice } from './open-voice.ts';
import type { AgentPatience } from './patience.ts';
import type { StartedAgent } from './run-started.ts';
import type { Secrets } from './secrets.ts';

export type AgentOptions = {
  readonly clock: Clock;
  readonly wall: WallClock;
  readonly machinery: Machinery;
  readonly secrets: Secrets;
  /** What stands between the agent and the world; nothing if not given. */
  readonly deck?: Deck | undefined;
  /** Missing weights are an error, not a warning. */
  readonly strict: boolean;
  readonly patience?: AgentPatience | undefined;
};

/** What the agent has to do with the run it is in. */
export type AgentTies = Pick<AgentDeps, 'log' | 'purse' | 'onLeaving' | 'onEnded'>;

export type OpenedAgent = Connecting & {
  readonly name: string;
  readonly started: StartedAgent;
  readonly warning: string | undefined;
  /** What the offline voice will probably have to speak; undefined for an agent with another voice. */
  readonly expected: { readonly voice: string; readonly texts: readonly string[] } | undefined;
  /** Makes it. Called once. */
  agent(ties: AgentTies): Agent;
  close(): Promise<void>;
};

/** Throws a UsageError where a key or weights are missing. Asks nothing of the world. */
export async function openAgent({ scenario, seed, jitterSeed = seed }: Case, order: number, options: AgentOptions): Promise<OpenedAgent> {
  const { clock, wall, machinery, secrets, patience } = options;
  const deck = options.deck ?? new Deck({ clock, onWarning: () => {} });
  const agent = scenario.agents[order];
  invariant(agent, `the scenario has no agent ${order}`);
  const { name } = agent;
  const chosen = agentSettings(scenario, agent, order, secrets);
  const settings = { ...chosen, voice: deck.recorded(name)?.voice ?? chosen.voice };
  const { voice } = settings;
  const { content, latency, manners } = randomOf(name, { seed, jitterSeed });
  const hosts = agentHosts(agent, secrets, deck.recorded(name));
  const endOfTurn = await openEndOfTurn(agent, { ...options, deck });
  const { strategy } = endOfTurn;
  try {
    const { llm, expectedTexts } = await openBrain(agent, { clock, wall, secrets, deck, patience: patience?.llm, content, latency: latency.fork('llm') });
    const { synthesiser } = machinery;
    const opened = await openVoice(agent, { clock, wall, secrets, deck, waits: patience?.tts, synthesiser, voice, latency: latency.fork('tts') });
    const { tts } = opened;
    const brain = { llm: llm.name, llmModel: llm.model, ...(hosts.llm !== undefined && { llmHost: hosts.llm }) };
    const speech = { tts: tts.name, ttsModel: tts.model, ...(hosts.tts !== undefined && { ttsHost: hosts.tts }) };
    const asked = endOfTurn.judge && { judge: { ...endOfTurn.judge, ...(hosts.judge !== undefined && { host: hosts.judge }) } };
    const started = { ...brain, ...speech, voice, endOfTurn: strategy.name, ...asked };
    return {
      name,
      started,
      warning: endOfTurn.warning,
      expected: agent.tts.provider === 'offline' ? { voice, texts: expectedTexts } : undefined,
      agent: (ties) => new Agent({ ...ties, clock, random: manners, settings, llm, tts, vad: machinery.vad, endOfTurn: strategy, graceMs: patience?.graceMs }),
      connect: ({ log, signal }) =>
        opened.connect(signal, ({ retryInMs, failure: { provider, message } }) =>
          log.append({ type: 'warning.raised', message: `${provider}: ${message}; asked again in ${retryInMs / 1000} s`, agent: name }),
        ),
      close: async () => {
        await opened.close();
        strategy.close();
      },
    };
  } catch (error) {
    strategy.close();
    throw error;
  }
}

type OpenedEndOfTurn = { readonly strategy: EndOfTurnStrategy; readonly warning?: string; readonly judge?: StartedAgent['judge'] };

async function openEndOfTurn(agent: ScenarioAgent, options: AgentOptions & { readonly deck: Deck }): Promise<OpenedEndOfTurn> {
  const { machinery, strict, patience } = options;
  if (strategyOf(agent) === 'llm') return openJudge(agent, { ...options, patience: patience?.llm });
  return chooseEndOfTurn(agent, { smartTurn: machinery.smartTurn, strict });
}

/** Each agent draws from its own, wherever it runs. */
type AgentRandom = { readonly content: Random; readonly latency: Random; readonly manners: Random };

function randomOf(name: string, { seed, jitterSeed }: { readonly seed: number; readonly jitterSeed: number }): AgentRandom {
  const random = seededRandom(seed);
  return { content: random.fork('content').fork(name), latency: seededRandom(jitterSeed).fork('latency').fork(name), manners: random.fork('agent').fork(name) };
}
