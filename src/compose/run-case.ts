/** The composition root of one run: a case becomes a clock, a room, providers and two agents, and is run to its end. */
import { UsageError } from '../base/errors.ts';
import { seededRandom } from '../base/random.ts';
import type { Pace } from '../clock/pace.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import { RunLog, type Sink } from '../events/log.ts';
import { RunFold } from '../metrics/run-fold.ts';
import type { Link } from '../room/link.ts';
import type { Playback } from '../providers/cassette/playback.ts';
import type { Recording } from '../providers/cassette/recording.ts';
import type { Recorder } from '../room/recorder.ts';
import type { Transport } from '../room/room.ts';
import { Budget } from '../run/budget.ts';
import { converse, type Ending } from '../run/conversation.ts';
import { StopConditions } from '../run/stop-conditions.ts';
import type { Case, Scenario } from '../scenarios/scenario.ts';
import { agentSettings } from './agent-settings.ts';
import { checkEndOfTurn } from './choose-end-of-turn.ts';
import { connectAgents } from './connect-agents.ts';
import { type Crew, openCrew, type OpenElsewhere } from './crew.ts';
import { checkReplayed, recordedFacts } from './cassette-agents.ts';
import { Deck } from './deck.ts';
import { playsAlone } from './replay.ts';
import { earsHost } from './hosts.ts';
import type { Machinery } from './machinery.ts';
import { evaluateCall } from './evaluation/evaluate-call.ts';
import { checkEvaluator, evaluatorOf } from './evaluation/evaluator.ts';
import { checkMoney, type MoneyOptions, pricesKnown } from './money.ts';
import { checkEars, openEars } from './open-ears.ts';
import { openBroadcast } from './open-broadcast.ts';
import { announcedLatencyOf, checkRoom, longestCallMs, openClock, openRoom } from './open-room.ts';
import type { RunPatience } from './patience.ts';
import type { ProcessCrewOptions } from './processes/process-crew.ts';
import { runStarted } from './run-started.ts';
import { checkKeys, type Secrets } from './secrets.ts';

export type RunOptions = Pick<MoneyOptions, 'prices' | 'repriced' | 'budgetUsd'> & {
  readonly wall: WallClock;
  readonly machinery: Machinery;
  readonly sinks: readonly Sink[];
  /** What is said is recorded here, and stays there however the run goes. */
  readonly recorder: Recorder;
  /** Call seconds per wall second; undefined means as fast as possible, and a Pace can be changed meanwhile. A room of the
   * world keeps real time and takes none. */
  readonly pace?: number | Pace | undefined;
  /** Keys of the world's providers; offline runs need none. */
  readonly secrets?: Secrets;
  /** Missing weights are an error, not a warning. */
  readonly strict?: boolean;
  readonly patience?: RunPatience | undefined;
  readonly signal?: AbortSignal | undefined;
  /** A recording of the world that is played in its place. */
  readonly replay?: Playback | undefined;
  /** Takes down what the world is asked and answers. */
  readonly recording?: Recording | undefined;
  /** Each agent in a process of its own, with these caches and weights; a Daily room only. */
  readonly processes?: Processes | undefined;
  /** Each agent on another machine, which has their keys; a Daily room only. */
  readonly elsewhere?: OpenElsewhere | undefined;
  /** In the embedded room: the line of one speaker, by name; clear if not given. */
  readonly link?: (name: string) => Link;
};

export type Processes = Pick<ProcessCrewOptions, 'cacheFolder' | 'modelFolder' | 'onWarning'>;

export type RunOutcome = {
  readonly ending: Ending;
  /** What sinks threw; the run's record is not whole then. */
  readonly sinkErrors: readonly unknown[];
};

type CheckedOptions = Pick<RunOptions, 'strict' | 'pace' | 'processes' | keyof MoneyOptions> & {
  readonly machinery: Pick<Machinery, 'smartTurn'>;
  /** Whatever says that the agents are on another machine. */
  readonly elsewhere?: unknown;
};

/** Throws the UsageError that would end a run of this case before it began, so that nothing need be made for it. */
export function checkCase(of: Case, options: CheckedOptions): void {
  const { scenario } = of;
  const { machinery, strict = false, secrets = {}, pace, replay } = options;
  if (replay) checkReplayed(scenario, replay.cassette.header, replay.mode);
  checkRoom(scenario, { secrets, pace, playsAlone: playsAlone(replay) });
  if (options.processes) checkProcesses(scenario, options);
  if (options.elsewhere) checkElsewhere(scenario, options);
  if (!playsAlone(replay)) checkEars(scenario, secrets);
  for (const [order, agent] of scenario.agents.entries()) {
    agentSettings(scenario, agent, order, secrets);
    // What its agents need, the other machine has or has not.
    if (options.elsewhere) continue;
    if (!playsAlone(replay)) checkKeys(agent, secrets);
    checkEndOfTurn(agent, { smartTurn: machinery.smartTurn, strict });
  }
  if (!playsAlone(replay)) checkEvaluator(of, secrets);
  checkMoney(scenario, options);
}

export async function runCase(of: Case, options: RunOptions): Promise<RunOutcome> {
  const { scenario, seed, jitterSeed = seed } = of;
  const { wall, machinery, recorder, pace, patience, signal, link, replay, recording, processes, elsewhere } = options;
  const secrets = options.secrets ?? {};
  checkCase(of, options);
  const random = seededRandom(seed);
  const clock = openClock(scenario, { wall, pace, toleratedLagMs: patience?.lagMs });
  const conditions = new StopConditions();
  const budget = options.budgetUsd === undefined ? undefined : new Budget(options.budgetUsd);
  const broadcast = openBroadcast(scenario, { clock, wall, random });
  const evaluator = evaluatorOf(scenario, secrets, replay);
  const fold = new RunFold();
  const sinks = [...options.sinks, broadcast, ...(evaluator ? [fold] : [])];
  const log = new RunLog({ nowMs: () => clock.nowMs(), sinks, essential: budget ? sinkOf(budget, conditions) : conditions });
  const deck = new Deck({ clock, playback: replay, recording, onWarning: (message, agent) => log.append({ type: 'warning.raised', message, agent }) });
  const stt = await deck.stt(() => openEars(scenario, { wall, secrets, patience: patience?.stt }));
  const strict = options.strict ?? false;
  const shared = { clock, wall, secrets, strict, patience };
  const open = async (): Promise<Crew> => {
    if (elsewhere) return elsewhere(of, { wall, callMs: () => clock.nowMs(), secrets, daily: patience?.daily, signal });
    if (!processes) return openCrew(of, { ...shared, machinery, deck });
    const { openProcessCrew } = await import('./processes/process-crew.ts');
    return openProcessCrew(of, { ...shared, announcedLatencyMs: announcedLatencyOf(stt), recording, ...processes });
  };
  const crew = await open();
  try {
    const known = pricesKnown(scenario, crew.started, options);
    const ears = stt && { name: stt.name, model: stt.model, host: earsHost(scenario, secrets, replay) };
    log.append(runStarted(scenario, seed, crew.started, { ears, replay, evaluator }));
    if (known) log.append(known);
    for (const message of crew.warnings) log.append({ type: 'warning.raised', message });
    const stopped = await connectAgents(crew.connecting, { log, signal });
    if (stopped) return { ending: stopped, sinkErrors: log.sinkErrors };
    recording?.begin({ ...recordedFacts(of, crew.started, { ears, evaluator }), ...(known && { prices: known.prices }) });
    const inRoom = { clock, wall, log, recorder, random: random.fork('room'), latency: seededRandom(jitterSeed).fork('room') };
    const room = await openRoom(scenario, { ...inRoom, secrets, stt, deck, link, daily: patience?.daily, seats: crew.seats, heard: crew.heard });
    const ending = await converse({
      clock,
      log,
      transport: broadcast.over({ join: (request, listener) => room.join(request, listener), close: () => closeAfter(crew, room) }),
      conditions,
      limits: { maxDurationMs: longestCallMs(scenario), inactivityMs: scenario.inactivity * 1000 },
      judge: crew.judge,
      budget,
      conclude: (seeming) => {
        const ended = crew.judge?.(seeming) ?? seeming;
        // A recording of a machine that did not keep up is no better when it is played.
        const lag = clock.lag ?? replay?.cassette.header.lag;
        if (lag) log.append({ type: 'timing.lagged', ...lag });
        if (lag) recording?.lagged(lag);
        return evaluateCall(ended, { scenario, fold, log, wall, secrets, deck, cache: machinery.evaluations, budget, patience: patience?.judge, signal });
      },
      signal,
      seats: (ended) => crew.members({ log, purse: budget, leaving: (agent) => broadcast.leaving(agent), ended }),
    });
    return { ending, sinkErrors: log.sinkErrors };
  } finally {
    await crew.close();
  }
}

/** What the agents have to say to the last belongs to the call. */
async function closeAfter(crew: Crew, room: Transport): Promise<void> {
  await crew.settled?.();
  await room.close();
}

/** Both are shown every event, in this order. */
function sinkOf(...sinks: readonly Sink[]): Sink {
  return { event: (event) => sinks.forEach((sink) => sink.event(event)) };
}

function checkElsewhere({ room, transcription }: Scenario, { replay, budgetUsd, processes }: CheckedOptions): void {
  if (room.kind !== 'daily') throw new UsageError('--cloud needs a room of the world to meet in', 'room: { kind: daily } in the scenario');
  if (replay) throw new UsageError('a cassette is played on this machine', 'leave out --cloud');
  if (processes) throw new UsageError('agents live in the cloud or in processes of this machine', 'leave out --cloud or --processes');
  if (budgetUsd !== undefined) throw new UsageError('a budget is kept on the machine of the agents', 'leave out --cloud or --budget');
  if (transcription.provider === 'openai' || transcription.provider === 'elevenlabs') {
    throw new UsageError(`a call in the cloud is transcribed by its room, and the scenario asks ${transcription.provider}`, 'transcription: { provider: room }, or --transcription room');
  }
}

/** What every process would have to know of the others at once stays in one. */
function checkProcesses({ room }: Scenario, { replay, budgetUsd }: CheckedOptions): void {
  if (room.kind !== 'daily') throw new UsageError('--processes needs a room of the world to meet in', '--room daily, or room: { kind: daily } in the scenario');
  if (replay) throw new UsageError('a cassette is played in one process', 'leave out --processes');
  if (budgetUsd !== undefined) throw new UsageError('a budget is kept in one process', 'leave out --processes or --budget');
}
