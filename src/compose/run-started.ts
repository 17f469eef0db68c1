/** The first event of a run: all that decides it, so that a log explains itself. */
import { type AgentProviders, EVENT_SCHEMA, type NewEvent } from '../events/event.ts';
import type { Scenario } from '../scenarios/scenario.ts';

/** What an agent runs with, as everybody is told. */
export type StartedAgent = Omit<AgentProviders, 'vad'>;

/** Of the world, if it is they who hear. */
export type Ears = { readonly name: string; readonly model: string; readonly host?: string | undefined };

export type StartedWith = {
  readonly ears?: Ears | undefined;
  readonly replay?: { readonly mode: string } | undefined;
  readonly evaluator?: { readonly provider: string; readonly model: string; readonly host: string | undefined } | undefined;
};

/** Of a replay is only told what makes the run another one. */
export function runStarted(
  scenario: Scenario,
  seed: number,
  providers: readonly StartedAgent[],
  { ears, replay, evaluator }: StartedWith = {},
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
    ...(ears && { transcriptionModel: ears.model, ...(ears.host !== undefined && { transcriptionHost: ears.host }) }),
    ...(evaluator && { evaluator: { provider: evaluator.provider, model: evaluator.model, ...(evaluator.host !== undefined && { host: evaluator.host }) } }),
    ...(replay?.mode === 'timing' && { replay: 'timing' }),
    agents: scenario.agents.map(({ name, role, goes_first: goesFirst }, i) => {
      const { endOfTurn, judge, ...brainAndVoice } = providers[i] as StartedAgent;
      return { name, role, goesFirst, ...brainAndVoice, vad: 'silero', endOfTurn, ...(judge && { judge }) };
    }),
  };
}
