/** The first event of a run: all that decides it, so that a log explains itself. */
import { type AgentProviders, EVENT_SCHEMA, type NewEvent } from '../events/event.ts';
import type { Scenario } from '../scenarios/scenario.ts';

/** What an agent runs with, as everybody is told. */
export type StartedAgent = Omit<AgentProviders, 'vad'>;

type StartedWith = {
  readonly ears?: { readonly name: string; readonly model: string } | undefined;
  readonly replay?: { readonly mode: string } | undefined;
};

/** `ears` are those of the world, if it is they who hear. Of a replay is only told what makes the run another one. */
export function runStarted(
  scenario: Scenario,
  seed: number,
  providers: readonly StartedAgent[],
  { ears, replay }: StartedWith = {},
): Extract<NewEvent, { type: 'run.started' }> {
  return {
    type: 'run.started',
    schema: EVENT_SCHEMA,
    // Undefined keys vanish here, so that a log read back equals the log as written.
    scenario: JSON.parse(JSON.stringify(scenario)) as Record<string, unknown>,
    seed,
    clock: scenario.room.kind === 'daily' ? 'real' : 'virtual',
    room: scenario.room.kind,
    transcription: ears?.name ?? scenario.room.kind,
    ...(ears && { transcriptionModel: ears.model }),
    ...(replay?.mode === 'timing' && { replay: 'timing' }),
    agents: scenario.agents.map(({ name, role, goes_first: goesFirst }, i) => {
      const { llm, llmModel, tts, ttsModel, voice, endOfTurn, judge } = providers[i] as StartedAgent;
      return { name, role, goesFirst, llm, llmModel, tts, ttsModel, voice, vad: 'silero', endOfTurn, ...(judge && { judge }) };
    }),
  };
}
