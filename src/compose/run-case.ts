/** The composition root of one run: a case becomes a clock, a room, providers and two agents, and is run to its end. */
import { seededRandom } from '../base/random.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import { RunLog, type Sink } from '../events/log.ts';
import type { Link } from '../room/link.ts';
import type { Recording } from '../providers/cassette/recording.ts';
import type { Recorder } from '../room/recorder.ts';
import { converse, type Ending } from '../run/conversation.ts';
import { StopConditions } from '../run/stop-conditions.ts';
import type { Case } from '../scenarios/scenario.ts';
import { agentSettings } from './agent-settings.ts';
import { chooseEndOfTurn } from './choose-end-of-turn.ts';
import { openCrew } from './crew.ts';
import { cassetteAgents, checkAgents, checkNames } from './cassette-agents.ts';
import { Deck, playsAlone, type Replay } from './deck.ts';
import type { Machinery } from './machinery.ts';
import { checkEars, type EarsOptions, openEars } from './open-ears.ts';
import type { AgentPatience } from './open-agent.ts';
import { openBroadcast } from './open-broadcast.ts';
import type { DailyTuning } from './open-daily-room.ts';
import { checkRoom, longestCallMs, openClock, openRoom } from './open-room.ts';
import { runStarted } from './run-started.ts';
import { checkKeys, type Secrets } from './secrets.ts';

export type RunOptions = {
  readonly wall: WallClock;
  readonly machinery: Machinery;
  readonly sinks: readonly Sink[];
  /** What is said is recorded here, and stays there however the run goes. */
  readonly recorder: Recorder;
  /** Call seconds per wall second; undefined means as fast as possible. A room of the world keeps real time and takes none. */
  readonly pace?: number | undefined;
  /** Keys of the world's providers; offline runs need none. */
  readonly secrets?: Secrets;
  /** Missing weights are an error, not a warning. */
  readonly strict?: boolean;
  /** How long the world's providers may take and how often they are asked; each has its own measure. */
  readonly patience?: (AgentPatience & { readonly stt?: EarsOptions['patience']; readonly daily?: DailyTuning }) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** A recording of the world that is played in its place. */
  readonly replay?: Replay | undefined;
  /** Takes down what the world is asked and answers. */
  readonly recording?: Recording | undefined;
  /** In the embedded room: the line of one speaker, by name; clear if not given. */
  readonly link?: (name: string) => Link;
};

export type RunOutcome = {
  readonly ending: Ending;
  /** What sinks threw; the run's record is not whole then. */
  readonly sinkErrors: readonly unknown[];
};

/** Throws the UsageError that would end a run of this case before it began, so that nothing need be made for it. */
export function checkCase({ scenario }: Case, { machinery, strict = false, secrets = {}, pace, replay }: Pick<RunOptions, 'machinery' | 'strict' | 'secrets' | 'pace' | 'replay'>): void {
  if (replay) (playsAlone(replay) ? checkAgents : checkNames)(scenario, replay.cassette.header);
  checkRoom(scenario, { secrets, pace });
  checkEars(scenario, secrets);
  for (const [order, agent] of scenario.agents.entries()) {
    agentSettings(scenario, agent, order, secrets);
    if (!playsAlone(replay)) checkKeys(agent, secrets);
    chooseEndOfTurn(agent, { smartTurn: machinery.smartTurn, strict }).strategy.close();
  }
}

export async function runCase(of: Case, options: RunOptions): Promise<RunOutcome> {
  const { scenario, seed } = of;
  const { wall, machinery, recorder, pace, patience, signal, link, replay, recording } = options;
  const secrets = options.secrets ?? {};
  checkCase(of, options);
  const random = seededRandom(seed);
  const clock = openClock(scenario, { wall, pace });
  const conditions = new StopConditions();
  const broadcast = openBroadcast(scenario, { clock, wall, random });
  const log = new RunLog({ nowMs: () => clock.nowMs(), sinks: [...options.sinks, broadcast], essential: conditions });
  const deck = new Deck({ clock, replay, recording, onWarning: (message, agent) => log.append({ type: 'warning.raised', message, agent }) });
  const crew = await openCrew(of, { clock, wall, machinery, secrets, deck, strict: options.strict ?? false, patience, signal });
  try {
    const stt = await openEars(scenario, { wall, secrets, patience: patience?.stt });
    recording?.begin({ title: scenario.title, seed, agents: cassetteAgents(scenario, crew.started) });
    log.append(runStarted(scenario, seed, crew.started, stt));
    for (const message of crew.warnings) log.append({ type: 'warning.raised', message });
    const room = await openRoom(scenario, { clock, wall, log, recorder, random: random.fork('room'), secrets, stt, link, daily: patience?.daily });
    const ending = await converse({
      clock,
      log,
      transport: broadcast.over(room),
      conditions,
      limits: { maxDurationMs: longestCallMs(scenario), inactivityMs: scenario.inactivity * 1000 },
      signal,
      seats: (ended) => crew.members({ log, leaving: (agent) => broadcast.leaving(agent), ended }),
    });
    return { ending, sinkErrors: log.sinkErrors };
  } finally {
    await crew.close();
  }
}
