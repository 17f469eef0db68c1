/**
 * What a session in the cloud is started with: the fields that bottalk's Python agents take, and beside them the whole
 * case for an agent that is this bottalk. The token opens one room for one agent and ends with it.
 */
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

/** `tell`: whether the agent tells its events to the room, see told-events.ts. */
export type ScenarioAgentBody = Pick<Case, 'scenario' | 'seed' | 'jitterSeed'> & { readonly order: number; readonly tell: 'events' };
