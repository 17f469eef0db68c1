/**
 * One agent's part in a call that nobody here keeps: it takes its seat in a Daily room that is there already, waits for
 * its peer, talks, and leaves. The log holds what it did and what was heard of the others; the room is not touched.
 */
import { seededRandom } from '../base/random.ts';
import { invariant } from '../base/errors.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import { RunLog, type Sink } from '../events/log.ts';
import type { EndedBy } from '../events/event.ts';
import type { RunFold } from '../metrics/run-fold.ts';
import type { RoomAccess } from '../providers/daily/room.ts';
import type { Transport } from '../room/room.ts';
import { converse, type Ending } from '../run/conversation.ts';
import { LoneConditions } from '../run/lone-conditions.ts';
import type { Case, Scenario } from '../scenarios/scenario.ts';
import { connectAgents } from './connect-agents.ts';
import { evaluateCall } from './evaluation/evaluate-call.ts';
import { checkEvaluator, evaluatorOf } from './evaluation/evaluator.ts';
import { earsHost } from './hosts.ts';
import { openLoneAgent } from './lone-agent.ts';
import { checkEars, openEars } from './open-ears.ts';
import { openBroadcast } from './open-broadcast.ts';
import { openClock, openRoom } from './open-room.ts';
import type { RunPatience } from './patience.ts';
import type { RunClock } from './room-options.ts';
import { runStarted, type StartedAgent } from './run-started.ts';
import { checkKeys, type Secrets } from './secrets.ts';

/** The agent once it is ready to take its seat. */
export type LoneCall = {
  readonly started: StartedAgent;
  readonly warning: string | undefined;
  /** Call time now. */
  readonly nowMs: () => number;
  /** How far this process has fallen behind call time, if it has. */
  readonly lag: () => RunClock['lag'];
  /** Says what it is saying, then leaves. */
  readonly end: (endedBy: EndedBy) => void;
};

export type LoneRunOptions = {
  readonly wall: WallClock;
  readonly secrets: Secrets;
  /** Which of the scenario's agents it is. */
  readonly order: number;
  readonly room: RoomAccess;
  /** What the log amounts to; is shown every event before any other sink. */
  readonly fold: RunFold;
  readonly sinks: readonly Sink[];
  readonly cacheFolder: string | undefined;
  readonly modelFolder: string | undefined;
  readonly patience?: RunPatience | undefined;
  /** How long the peer may take to come. */
  readonly peerWaitMs: number;
  /** Aborted to end it; the reason may be an Ending that says why. */
  readonly signal: AbortSignal;
  readonly onWarning: (text: string) => void;
  /** The same room, for whoever wants to hear and say something from the agent's seat besides. */
  readonly through?: ((room: Transport, call: LoneCall) => Transport) | undefined;
};

/** What is known of the agent that runs elsewhere. */
const ELSEWHERE: StartedAgent = { llm: 'elsewhere', llmModel: '', tts: 'elsewhere', ttsModel: '', voice: '', endOfTurn: 'elsewhere' };
/** No seat takes longer to be taken, with all tries; what lasts longer than all of its parts may is ended anyway. */
const JOINING_MS = 90_000;
/** A session may last for hours, and whoever listens to the room records it. */
const NO_RECORDER = { record: () => undefined };

/** Throws what kept it from joining, or what broke it off, after the log has its last event. Nothing is left behind either way. */
export async function runLoneAgent(of: Case, options: LoneRunOptions): Promise<Ending> {
  const { scenario, seed } = of;
  const { wall, secrets, order, fold, patience, peerWaitMs, signal, cacheFolder, modelFolder, onWarning, through = (room) => room } = options;
  const own = scenario.agents[order];
  const peer = scenario.agents[1 - order];
  invariant(own && peer, 'a call has two agents');
  checkKeys(own, secrets);
  checkEars(scenario, secrets);
  checkEvaluator(of, secrets);
  const clock = openClock(scenario, { wall, toleratedLagMs: patience?.lagMs });
  const random = seededRandom(seed);
  const conditions = new LoneConditions({ agent: own.name, peer: peer.name });
  const broadcast = openBroadcast(scenario, { clock, wall, random });
  const evaluator = evaluatorOf(scenario, secrets);
  const log = new RunLog({ nowMs: () => clock.nowMs(), sinks: [fold, ...options.sinks, broadcast], essential: conditions });
  const lone = await openLoneAgent(of, order, { clock, wall, log, secrets, strict: false, record: false, cacheFolder, modelFolder, patience, onWarning });
  try {
    const { opened, seats, deck, machinery } = lone;
    const { started, warning } = opened;
    const stt = await deck.stt(() => openEars(scenario, { wall, secrets, patience: patience?.stt }));
    const ears = stt && { name: stt.name, model: stt.model, host: earsHost(scenario, secrets) };
    log.append(runStarted(scenario, seed, scenario.agents.map((_, i) => (i === order ? started : ELSEWHERE)), { ears, evaluator }));
    if (warning !== undefined) log.append({ type: 'warning.raised', message: warning });
    const stopped = await connectAgents([opened], { log, signal });
    if (stopped) return stopped;
    const inRoom = { clock, wall, log, recorder: NO_RECORDER, random: random.fork('room') };
    const room = await openRoom(scenario, { ...inRoom, secrets, stt, deck, daily: patience?.daily, seats, joined: { room: options.room, agent: own.name } });
    const stop = new AbortController();
    let heard = (): Transport => room;
    conditions.onMet = () => {
      clock.at(clock.nowMs() + longestMs(scenario), { phase: 'turn', order: 1 }, () => stop.abort({ endedBy: 'max_duration' } satisfies Ending));
    };
    const awaitPeer = (): void => {
      clock.at(clock.nowMs() + peerWaitMs, { phase: 'turn', order: 1 }, () => {
        if (!conditions.hasMet) stop.abort({ endedBy: 'inactivity', reason: `${peer.name} did not come within ${peerWaitMs / 1000} s` } satisfies Ending);
      });
    };
    const stopping = AbortSignal.any([signal, stop.signal]);
    return await converse({
      clock,
      log,
      transport: broadcast.over({
        join: async (request, listener) => {
          const seat = await heard().join(request, listener);
          awaitPeer();
          return seat;
        },
        close: () => room.close(),
      }),
      conditions,
      limits: { maxDurationMs: JOINING_MS + peerWaitMs + longestMs(scenario), inactivityMs: scenario.inactivity * 1000 },
      judge: (ending) => (ending.endedBy === 'cancelled' ? (endingIn(stopping.reason) ?? ending) : ending),
      conclude: async (ended) => {
        if (clock.lag) log.append({ type: 'timing.lagged', ...clock.lag });
        // Whoever is told to stop asks nobody anything any more.
        if (signal.aborted) return ended;
        const cache = machinery.evaluations;
        return evaluateCall(ended, { scenario, fold, log, wall, secrets, deck, cache, budget: undefined, patience: patience?.judge, signal });
      },
      signal: stopping,
      seats: (ended) => {
        const agent = opened.agent({ log, onLeaving: () => broadcast.leaving(own.name), onEnded: (endedBy) => ended(own.name, endedBy) });
        heard = () => through(room, { started, warning, nowMs: () => clock.nowMs(), lag: () => clock.lag, end: (endedBy) => agent.end(endedBy) });
        return [agent];
      },
    });
  } finally {
    await lone.close();
  }
}

function longestMs({ max_duration: maxDurationSecs }: Scenario): number {
  return maxDurationSecs * 1000;
}

function endingIn(reason: unknown): Ending | undefined {
  return typeof reason === 'object' && reason !== null && 'endedBy' in reason ? (reason as Ending) : undefined;
}
