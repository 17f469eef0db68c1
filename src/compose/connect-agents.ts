/**
 * Connects the agents of a run to the world before anybody speaks. The log has begun by then, so what the world has
 * against an agent ends the run as it would in mid-call, with a folder that says so.
 */
import { ProviderError, reasonOf } from '../base/errors.ts';
import type { EventLog } from '../events/log.ts';
import type { Ending } from '../run/conversation.ts';

/** What an agent is connected with. */
export type ConnectTies = {
  /** Is told of tries that failed. */
  readonly log: EventLog;
  readonly signal?: AbortSignal | undefined;
};

/** An agent that is not connected yet. */
export interface Connecting {
  /** Undefined for agents that are connected together. */
  readonly name: string | undefined;
  /** Rejects with a ProviderError if the world refuses. */
  connect(ties: ConnectTies): Promise<void>;
}

/** How the run has ended already, if it cannot begin; the log has its last event then. Rejects with what is no fault of the world, after that. */
export async function connectAgents(agents: readonly Connecting[], ties: ConnectTies): Promise<Ending | undefined> {
  for (const agent of agents) {
    try {
      await agent.connect(ties);
    } catch (error) {
      const cancelled = ties.signal?.aborted ?? false;
      const ending: Ending = cancelled ? { endedBy: 'cancelled' } : { endedBy: 'error', ...(agent.name !== undefined && { agent: agent.name }), reason: reasonOf(error) };
      ties.log.append({ type: 'run.ended', ...ending });
      if (cancelled || error instanceof ProviderError) return ending;
      throw error;
    }
  }
  return undefined;
}
