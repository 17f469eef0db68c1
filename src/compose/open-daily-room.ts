/**
 * A room of Daily's for one run: made with the account's key, kept by one Chromium with a page for each agent, and
 * deleted with the run; or one that somebody else has made. Where Daily brings no text of what is said, a provider that
 * has a key listens instead.
 */
import { newRoom, type RoomAccess } from '../providers/daily/room.ts';
import { DailyTransport, type OpenEars, type RoomEars } from '../providers/daily/transport.ts';
import type { LiveStt } from '../room/live-stt.ts';
import type { Transport } from '../room/room.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { openDailyRest } from './open-daily-rest.ts';
import { openEars, SPARE_KEYS, spareEars } from './open-ears.ts';
import { openSeats } from './open-seats.ts';
import type { EarsOf, RoomOptions } from './room-options.ts';

export type DailyRoomOptions = RoomOptions & { readonly announcedLatencyMs: number; readonly earsOf: EarsOf };

export function openDailyRoom(scenario: Scenario, options: DailyRoomOptions): Transport {
  const { clock, wall, log, recorder, secrets, stt, announcedLatencyMs, earsOf, joined, heard: heardRoom, daily = {} } = options;
  const { firstWaitMs, endMs, textlessSpeechMs, ...seatTuning } = daily;
  const seatsHere = openSeats({ wall, secrets, tuning: seatTuning });
  const makeRoom = (signal: AbortSignal): Promise<RoomAccess> => {
    // The browser starts while the room is made.
    if (!options.seats) seatsHere.warmUp();
    const rest = openDailyRest({ wall, secrets, firstWaitMs, onRetry: (message) => log.append({ type: 'warning.raised', message }) });
    return newRoom({ rest, wall, lifeSecs: scenario.room.life, ...(stt && { transcription: null }), ...(endMs === undefined ? {} : { endMs }), signal });
  };
  const ears = (heard: LiveStt): OpenEars => (publish) => withoutOwnVoice(earsOf(heard)(publish), joined?.agent);
  const transport = new DailyTransport({
    clock,
    log,
    recorder,
    seats: options.seats ?? seatsHere,
    openRoom: async (signal) => heardRoom ?? joined?.room ?? makeRoom(signal),
    onlyListens: heardRoom !== undefined,
    announcedLatencyMs,
    isRoomGiven: joined !== undefined,
    ...(textlessSpeechMs === undefined ? {} : { textlessSpeechMs }),
    onTextMissing: (reason) => {
      // A text that is made here reaches no agent that has its seat elsewhere.
      const spare = heardRoom ? undefined : spareEars(scenario, secrets);
      const takenOverBy = spare?.transcription.provider ?? null;
      const others = heardRoom ? 'nobody else does for agents in the cloud' : takenOverBy === null ? `with ${SPARE_KEYS} another would listen` : `${takenOverBy} listens from now on`;
      const message = `Daily does not transcribe this call (${reason}); ${others}`;
      log.append({ type: 'transcription.failed', provider: 'daily', message, takenOverBy });
      if (!spare) return;
      log.append({ type: 'warning.raised', message });
      clock.task(async () => {
        const listener = await clock.hold(openEars(spare, { wall, secrets }), { charge: 'none' });
        if (listener) transport.hearWith(ears(listener));
      });
    },
  });
  if (stt) transport.hearWith(ears(stt));
  return transport;
}

/** Who stands alone in a room pays for what it hears of others; its own words it knows. */
function withoutOwnVoice(ears: RoomEars, own: string | undefined): RoomEars {
  return {
    hear: (from, frame, startMs) => (from.name === own ? undefined : ears.hear(from, frame, startMs)),
    forget: (participant) => ears.forget(participant),
    close: () => ears.close(),
  };
}
