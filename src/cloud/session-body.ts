/**
 * What a session in the cloud is started with: the fields that bottalk's Python agents take, and beside them the whole
 * case for an agent that is this bottalk. The token opens one room for one agent and ends with it.
 */
import { invariant } from '../base/errors.ts';
import { agentSettings } from '../compose/agent-settings.ts';
import type { Secrets } from '../compose/secrets.ts';
import type { Case } from '../scenarios/scenario.ts';

export type SessionBody = {
  readonly room_url: string;
  readonly token: string;
  readonly name: string;
  readonly system_prompt: string;
  readonly voice_id: string;
  readonly goes_first: boolean;
  readonly known_agents: readonly string[];
  readonly max_turns: number;
  readonly scenario_agent: ScenarioAgentBody;
};

/** `tell`: the agent tells its events to the room, see told-events.ts. */
export type ScenarioAgentBody = Pick<Case, 'scenario' | 'seed' | 'jitterSeed'> & { readonly order: number; readonly tell: 'events' };

export type BodyOptions = { readonly order: number; readonly url: string; readonly token: string; readonly secrets: Secrets };

export function sessionBody({ scenario, seed, jitterSeed }: Case, { order, url, token, secrets }: BodyOptions): SessionBody {
  const agent = scenario.agents[order];
  invariant(agent, `the scenario has no agent ${order}`);
  const { name, goesFirst, systemPrompt, voice, knownAgents, maxTurns } = agentSettings(scenario, agent, order, secrets);
  return {
    room_url: url,
    token,
    name,
    system_prompt: systemPrompt,
    voice_id: voice,
    goes_first: goesFirst,
    known_agents: knownAgents,
    max_turns: maxTurns,
    scenario_agent: { scenario, order, seed, ...(jitterSeed !== undefined && { jitterSeed }), tell: 'events' },
  };
}
