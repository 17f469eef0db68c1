/** The first event of a run: all that decides it, so that a log explains itself. */
import { EVENT_SCHEMA, type NewEvent } from '../events/event.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { voiceFor } from './agent-settings.ts';

export function runStarted(scenario: Scenario, seed: number, endOfTurn: readonly string[]): Extract<NewEvent, { type: 'run.started' }> {
  return {
    type: 'run.started',
    schema: EVENT_SCHEMA,
    // Undefined keys vanish here, so that a log read back equals the log as written.
    scenario: JSON.parse(JSON.stringify(scenario)) as Record<string, unknown>,
    seed,
    clock: 'virtual',
    room: scenario.room.kind,
    transcription: 'embedded',
    agents: scenario.agents.map((agent, i) => ({
      name: agent.name,
      role: agent.role,
      goesFirst: agent.goes_first,
      llm: agent.llm.provider,
      llmModel: 'script',
      tts: agent.tts.provider,
      ttsModel: 'flite',
      voice: voiceFor(agent, agent.tts.provider),
      vad: 'silero',
      endOfTurn: endOfTurn[i] as string,
    })),
  };
}
