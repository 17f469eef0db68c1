/** The agents of a run, all in this process: opened together, closed together. */
import type { WallClock } from '../clock/wall-clock.ts';
import type { EndedBy } from '../events/event.ts';
import type { EventLog } from '../events/log.ts';
import type { Purse } from '../pipeline/purse.ts';
import type { RoomAccess } from '../providers/daily/room.ts';
import type { SeatSource } from '../providers/daily/transport.ts';
import type { Ending, Participating } from '../run/conversation.ts';
import type { Case } from '../scenarios/scenario.ts';
import type { Connecting } from './connect-agents.ts';
import { expectedSpeech } from './expected-speech.ts';
import { type AgentOptions, openAgent, type OpenedAgent } from './open-agent.ts';
import type { DailyTuning } from './room-options.ts';
import type { StartedAgent } from './run-started.ts';
import type { Secrets } from './secrets.ts';

/** What the agents have to do with their run. */
export type CrewTies = {
  readonly log: EventLog;
  /** What agents ask before anything that costs money. */
  readonly purse?: Purse | undefined;
  /** Called when an agent will say nothing more, just before it leaves its seat. */
  readonly leaving: (agent: string) => void;
  /** Called when an agent has left on its own account. */
  readonly ended: (agent: string, endedBy: EndedBy) => void;
};

/** The agents of a run, wherever they run. */
export interface Crew {
  /** In the order of the scenario. */
  readonly started: readonly StartedAgent[];
  readonly warnings: readonly string[];
  /** What has to be connected to the world before the call begins. */
  readonly connecting: readonly Connecting[];
  /** Makes them. Called once. */
  members(ties: CrewTies): readonly Participating[];
  /** Where the seats of a Daily room are taken, if that is not for the room to decide. */
  readonly seats?: SeatSource;
  /** A Daily room that is there already and is only listened to here, for the agents have their seats elsewhere. */
  readonly heard?: RoomAccess;
  /** Resolves when the agents have left and told all; the room is kept until then. */
  settled?(): Promise<void>;
  /** What a run came to in truth, which may be worse than it seems; asked again when the agents have settled. */
  readonly judge?: (ending: Ending) => Ending;
  close(): Promise<void>;
}

/** Opens agents that live on other machines. What the world has against them is told by `connect`. */
export type OpenElsewhere = (of: Case, run: ElsewhereRun) => Promise<Crew>;

export type ElsewhereRun = {
  readonly wall: WallClock;
  /** The run's call time now. */
  readonly callMs: () => number;
  readonly secrets: Secrets;
  readonly daily: DailyTuning | undefined;
  readonly signal: AbortSignal | undefined;
};

/** Throws a UsageError where a key or weights are missing. Asks nothing of the world. */
export async function openCrew(of: Case, options: AgentOptions): Promise<Crew> {
  const opened: OpenedAgent[] = [];
  const close = async (): Promise<void> => {
    for (const agent of opened) await agent.close();
  };
  try {
    for (const order of of.scenario.agents.keys()) opened.push(await openAgent(of, order, options));
  } catch (error) {
    await close();
    throw error;
  }
  const expected = opened.flatMap((agent) => agent.expected ?? []);
  if (expected.length === opened.length) options.machinery.synthesiser.prefetch(expectedSpeech(expected));
  return {
    started: opened.map(({ started }) => started),
    warnings: opened.flatMap(({ warning }) => warning ?? []),
    connecting: opened,
    members: ({ log, purse, leaving, ended }) =>
      opened.map((one) => one.agent({ log, purse, onLeaving: () => leaving(one.name), onEnded: (endedBy) => ended(one.name, endedBy) })),
    close,
  };
}
