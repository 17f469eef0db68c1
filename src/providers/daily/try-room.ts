/**
 * Finds out whether Daily rooms work with a key: makes one that lives for a minute, joins it, asks for transcription,
 * and deletes it again on every way out.
 */
import type { ProviderError } from '../../base/errors.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { DailyRest } from './rest.ts';
import { newRoom, type RoomAccess } from './room.ts';
import type { SeatListener } from './seat.ts';
import type { DailySeats } from './seats.ts';

export type RoomTrialOptions = {
  readonly rest: DailyRest;
  readonly wall: WallClock;
  /** Closed when the trial is over. Undefined where there is no browser: then the room is made and deleted only. */
  readonly seats: DailySeats | undefined;
  readonly signal: AbortSignal;
  /** How long Daily may take to say that it transcribes. */
  readonly transcriptionMs?: number;
};

export type RoomTrial = {
  readonly joined: boolean;
  /** Why it does not transcribe; undefined if it does, or if nobody joined. */
  readonly transcriptionTrouble: string | undefined;
};

const LIFE_SECS = 60;
const TRANSCRIPTION_MS = 10_000;
const NAME = 'bottalk doctor';

/** Rejects with a ProviderError, or with the signal's reason. */
export async function tryRoom(options: RoomTrialOptions): Promise<RoomTrial> {
  const { rest, wall, seats, signal } = options;
  const giveUp = (): void => void seats?.close().catch(() => undefined);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    seats?.warmUp();
    const room = await newRoom({ rest, wall, lifeSecs: LIFE_SECS, signal });
    try {
      return seats ? await join(room, seats, options) : { joined: false, transcriptionTrouble: undefined };
    } finally {
      await Promise.all([seats?.close(), room.end()]);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
    await seats?.close();
  }
}

async function join(room: RoomAccess, seats: DailySeats, { wall, signal, transcriptionMs = TRANSCRIPTION_MS }: RoomTrialOptions): Promise<RoomTrial> {
  const told = Promise.withResolvers<string | undefined>();
  const { url, expiresAtSecs } = room;
  const seat = await seats.take({ url, expiresAtSecs, token: await room.tokenFor(NAME), userName: NAME }, listenerFor(told));
  const callOff = wall.after(transcriptionMs, () => told.resolve(`Daily did not say that it began within ${transcriptionMs / 1000} s`));
  const onAbort = (): void => told.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    room.startTranscription().catch((error: ProviderError) => told.resolve(error.message));
    return { joined: true, transcriptionTrouble: await told.promise };
  } finally {
    signal.removeEventListener('abort', onAbort);
    callOff();
    await seat.leave();
  }
}

/** Listens for one thing only. */
function listenerFor({ resolve, reject }: PromiseWithResolvers<string | undefined>): SeatListener {
  const nothing = (): void => undefined;
  return {
    peerJoined: nothing,
    peerLeft: nothing,
    frameArrived: nothing,
    appMessageArrived: nothing,
    transcriptArrived: nothing,
    seatChanged: nothing,
    troubled: nothing,
    transcriptionChanged: (state, reason) => resolve(state === 'started' ? undefined : (reason ?? `it ${state}`)),
    seatLost: (error) => reject(error),
  };
}
