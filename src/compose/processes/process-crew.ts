/**
 * The agents of a run, each in a process of its own with a browser of its own, in one Daily room that is kept here. A
 * process that ends in mid-call is an agent that is gone: the other waits for it as for any that is cut off.
 */
import { invariant } from '../../base/errors.ts';
import type { Clock } from '../../clock/clock.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { Recording } from '../../providers/cassette/recording.ts';
import type { Case } from '../../scenarios/scenario.ts';
import type { Crew } from '../crew.ts';
import type { AgentOrder } from './agent-messages.ts';
import { RemoteAgent } from './remote-agent.ts';

export type ProcessCrewOptions = Omit<AgentOrder, 'of' | 'order' | 'record'> & {
  /** Takes down what the world is asked and answers. */
  readonly recording?: Recording | undefined;
  readonly clock: Clock;
  readonly wall: WallClock;
  readonly announcedLatencyMs: number;
  /** Something about this machine that the user should know. */
  readonly onWarning: (text: string) => void;
};

/** Rejects with what kept an agent from being ready; no process is left then. */
export async function openProcessCrew(of: Case, options: ProcessCrewOptions): Promise<Crew> {
  const { clock, wall, announcedLatencyMs, recording, onWarning, ...order } = options;
  let lost: string | undefined;
  const agents = of.scenario.agents.map(
    ({ name }, i) =>
      new RemoteAgent({
        clock,
        wall,
        name,
        order: { of, order: i, record: recording !== undefined, ...order },
        onWarning,
        onRecorded: (calls) => recording?.add(calls),
        onLost: (how) => onLost(name, how),
      }),
  );
  let allGone: (agent: string) => void = () => undefined;
  const onLost = (name: string, how: string): void => {
    lost ??= how;
    if (agents.every(({ isGone }) => isGone)) allGone(name);
  };
  const close = async (): Promise<void> => void (await Promise.all(agents.map((agent) => agent.close())));
  const ready = await Promise.all(agents.map((agent) => agent.ready())).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    started: ready.map(({ started }) => started),
    warnings: ready.flatMap(({ warning }) => warning ?? []),
    seats: {
      take: (request, listener) => {
        const agent = agents.find(({ name }) => name === request.userName);
        invariant(agent, 'a seat is taken for nobody');
        return agent.takeSeat(request, listener, announcedLatencyMs);
      },
      close: async () => undefined,
    },
    connecting: agents,
    members: (ties) => {
      allGone = (name) => ties.ended(name, 'error');
      return agents.map((agent) => agent.tie(ties));
    },
    settled: close,
    judge: (ending) => (lost === undefined || ending.endedBy === 'cancelled' ? ending : { ...ending, endedBy: 'error', reason: lost }),
    close,
  };
}
