/**
 * One agent of a case in an embedded room, with guests of the test's own instead of the other agent: for what only a
 * peer can do that is none of ours, such as dropping the line.
 */
import { seededRandom } from '../base/random.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { systemWallClock } from '../clock/wall-clock.ts';
import { agentSettings } from '../compose/agent-settings.ts';
import type { Machinery } from '../compose/machinery.ts';
import { openBroadcast } from '../compose/open-broadcast.ts';
import { runStarted } from '../compose/run-started.ts';
import type { BottalkEvent } from '../events/event.ts';
import { RunLog } from '../events/log.ts';
import { Agent } from '../pipeline/agent.ts';
import { lexicalEndOfTurn } from '../pipeline/lexical-end-of-turn.ts';
import { ScriptBrain } from '../providers/script/script-brain.ts';
import { OfflineVoice } from '../providers/voice/offline-voice.ts';
import { LocalRoom } from '../room/local-room.ts';
import { Recorder } from '../room/recorder.ts';
import { converse, type Ending } from '../run/conversation.ts';
import { StopConditions } from '../run/stop-conditions.ts';
import type { Case } from '../scenarios/scenario.ts';
import { RoomGuest } from './room-guest.ts';

export type Stage = {
  readonly clock: VirtualClock;
  readonly room: LocalRoom;
  /** A guest that is not yet in the room. */
  readonly guest: (name: string) => RoomGuest;
  /** Does something at a moment of the call. */
  readonly at: (ms: number, action: () => void | Promise<void>) => void;
};

export type OneAgentRun = { readonly ending: Ending; readonly events: readonly BottalkEvent[] };

/** Runs the first agent of a case until the call ends; `play` says who else comes and what happens when. */
export async function runOneAgent({ scenario, seed }: Case, machinery: Machinery, play: (stage: Stage) => void): Promise<OneAgentRun> {
  const [agent] = scenario.agents;
  const script = agent?.script;
  if (!script) throw new Error('the first agent needs a script');
  const clock = new VirtualClock({ wall: systemWallClock });
  const events: BottalkEvent[] = [];
  const conditions = new StopConditions();
  const random = seededRandom(seed);
  const broadcast = openBroadcast(scenario, { clock, wall: systemWallClock, random });
  const log = new RunLog({ nowMs: () => clock.nowMs(), sinks: [{ event: (event) => void events.push(event) }, broadcast], essential: conditions });
  const transcription = { wordErrorRate: 0, interimIntervalMs: 300, finalLatencyMs: () => 250 };
  const room = new LocalRoom({ clock, log, recorder: new Recorder(), random, transcription: () => transcription, announcedLatencyMs: 350 });
  const settings = agentSettings(scenario, agent, 0, {});
  const told = { llm: 'script', llmModel: 'script', tts: 'offline', ttsModel: 'flite', voice: settings.voice, endOfTurn: 'lexical' };
  log.append(runStarted(scenario, seed, [told, told]));
  play({
    clock,
    room,
    guest: (name) => new RoomGuest({ clock, name, order: 1 }),
    at: (ms, action) => void clock.at(ms, { phase: 'turn', order: 9 }, () => clock.task(async () => action())),
  });
  const ending = await converse({
    clock,
    log,
    transport: broadcast.over(room),
    conditions,
    limits: { maxDurationMs: scenario.max_duration * 1000, inactivityMs: scenario.inactivity * 1000 },
    seats: (ended) => [
      new Agent({
        clock,
        log,
        random,
        settings,
        llm: new ScriptBrain({ clock, script, content: random, latency: random, firstTokenMs: 100, tokensPerSecond: 80 }),
        tts: new OfflineVoice({ clock, synthesiser: machinery.synthesiser, firstByteMs: () => 150 }),
        vad: machinery.vad,
        endOfTurn: lexicalEndOfTurn(),
        onLeaving: () => broadcast.leaving(settings.name),
        onEnded: (endedBy) => ended(settings.name, endedBy),
      }),
    ],
  });
  return { ending, events };
}
