/**
 * Where the agents of a scenario meet, and the clock that goes with it: the embedded room in virtual time, or a room
 * of the world in real time. Everything else about a run is the same in both.
 */
import { UsageError } from '../base/errors.ts';
import { drawLatencyMs } from '../base/latency.ts';
import type { Pace } from '../clock/pace.ts';
import { RealClock } from '../clock/real-clock.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import { LiveTranscription } from '../providers/live/live-transcription.ts';
import type { LiveStt } from '../room/live-stt.ts';
import { LocalRoom } from '../room/local-room.ts';
import { REAL_EARS_LATENCY_MS, RealEars } from '../room/real-ears.ts';
import type { Transport } from '../room/room.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { chromiumHere } from './chromium-here.ts';
import type { EarsOf, RoomOptions, RunClock } from './room-options.ts';
import { needed, type Secrets } from './secrets.ts';

/** What Pipecat's Daily transport assumes of Deepgram; agents in the embedded room wait for text as long as there. */
const ANNOUNCED_LATENCY_MS = 350;

/** `playsAlone`: a recording is played, and nothing of the world may be asked. */
export type RoomChecks = { readonly secrets: Secrets; readonly pace?: number | Pace | undefined; readonly playsAlone?: boolean };

/** Throws the UsageError of a room that cannot be had on this machine. Makes nothing. */
export function checkRoom({ room }: Scenario, { secrets, pace, playsAlone = false }: RoomChecks): void {
  if (room.kind === 'embedded') return;
  if (playsAlone) throw new UsageError('a recording is played without a network, and a Daily room needs one', 'add --room embedded');
  if (pace !== undefined) throw new UsageError('a Daily room keeps real time, so it cannot be given a pace', 'leave out --pace, or take the embedded room');
  needed(secrets, 'DAILY_API_KEY', 'a Daily room');
  chromiumHere(secrets, process.env);
}

export type ClockOptions = { readonly wall: WallClock; readonly pace?: number | Pace | undefined; readonly toleratedLagMs?: number | undefined };

/** Call time begins when the clock is run. */
export function openClock({ room }: Scenario, { pace, ...options }: ClockOptions): RunClock {
  return room.kind === 'daily' ? new RealClock(options) : new VirtualClock({ ...options, pace });
}

/** What is made in the world is made when the first agent joins, and is gone when the room is closed. */
export async function openRoom(scenario: Scenario, options: RoomOptions): Promise<Transport> {
  const { clock, log, recorder, random, latency = random, stt, deck, link } = options;
  const announcedLatencyMs = announcedLatencyOf(stt);
  const { transcription } = scenario;
  const interimIntervalMs = transcription.interim ? transcription.interim_interval_ms : undefined;
  const earsOf: EarsOf = (heard) => {
    const listening = new LiveTranscription({ clock, stt: heard, charge: deck.charge, tape: deck.sttTape(heard.name) });
    return (publish) => new RealEars({ clock, log, stt: listening, interimIntervalMs, publish });
  };
  if (scenario.room.kind === 'daily') {
    const { openDailyRoom } = await import('./open-daily-room.ts');
    return openDailyRoom(scenario, { ...options, announcedLatencyMs, earsOf });
  }
  return new LocalRoom({
    clock,
    log,
    recorder,
    random,
    latency,
    transcription: (seat) => ({
      wordErrorRate: transcription.word_error_rate,
      interimIntervalMs: transcription.interim_interval_ms,
      finalLatencyMs: () => drawLatencyMs(transcription.final_latency_ms, seat),
    }),
    announcedLatencyMs,
    ...(stt && { ears: earsOf(stt) }),
    ...(link && { link }),
  });
}

/** What agents are told of the time from the end of speech to the final text. */
export function announcedLatencyOf(stt: LiveStt | undefined): number {
  return stt ? REAL_EARS_LATENCY_MS : ANNOUNCED_LATENCY_MS;
}

/** Before a room throws everybody out, the run ends by itself. */
const MARGIN_MS = 5_000;

/** How long a call in this room can last, however long it may; it is made a moment after the call began. */
export function longestCallMs({ room, max_duration: maxDurationSecs }: Scenario): number {
  return Math.min(maxDurationSecs * 1000, room.kind === 'daily' ? room.life * 1000 - MARGIN_MS : Number.POSITIVE_INFINITY);
}
