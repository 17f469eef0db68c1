/**
 * Between a scenario and a cassette: what a cassette keeps of the agents that it was recorded with, and whether a
 * scenario is still one of those agents.
 */
import { UsageError } from '../base/errors.ts';
import type { CassetteAgent, CassetteHeader } from '../providers/cassette/cassette.ts';
import type { Scenario, ScenarioAgent } from '../scenarios/scenario.ts';
import type { StartedAgent } from './run-started.ts';

/** `started` in the order of the scenario. */
export function cassetteAgents({ agents }: Scenario, started: readonly StartedAgent[]): CassetteAgent[] {
  return agents.map(({ name }, i) => {
    const { llm, llmModel, tts, ttsModel, voice } = started[i] as StartedAgent;
    return { name, llm, llmModel, tts, ttsModel, voice };
  });
}

/** Throws a UsageError where the scenario asks for somebody else than was recorded, or names another model or voice. */
export function checkAgents(scenario: Scenario, header: CassetteHeader): void {
  checkNames(scenario, header);
  for (const agent of scenario.agents) {
    const { name, llm, tts } = agent;
    const recorded = header.agents.find((other) => other.name === name) as CassetteAgent;
    same(`${name}'s brain`, llm.provider, recorded.llm);
    same(`${name}'s speech`, tts.provider, recorded.tts);
    if (llm.provider !== 'script') same(`the model of ${name}'s brain`, llm.model, recorded.llmModel);
    if (tts.provider !== 'offline') same(`the model of ${name}'s speech`, tts.model, recorded.ttsModel);
    same(`${name}'s voice`, ownVoice(agent), recorded.voice);
  }
}

/** Throws a UsageError where the scenario has other agents than were recorded. */
export function checkNames({ agents }: Scenario, header: CassetteHeader): void {
  const names = (list: readonly { readonly name: string }[]): string => list.map(({ name }) => name).join(' and ');
  if (agents.every(({ name }) => header.agents.some((recorded) => recorded.name === name))) return;
  throw new UsageError(`the cassette is a call of ${names(header.agents)}, the scenario one of ${names(agents)}`, 'give the scenario that was recorded');
}

/** The voice that the scenario itself names for the provider that speaks. */
export function ownVoice({ voice, tts }: Pick<ScenarioAgent, 'voice' | 'tts'>): string | undefined {
  return typeof voice === 'object' ? voice[tts.provider] : voice;
}

function same(what: string, wanted: string | undefined, recorded: string): void {
  if (wanted === undefined || wanted === recorded) return;
  throw new UsageError(`${what} was ${recorded} when the cassette was recorded, and is ${wanted} now`, 'change it back, record the call again, or run it with --cassette-mode refresh');
}
