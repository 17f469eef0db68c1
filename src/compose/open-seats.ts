/** Where an agent's seat in a Daily room is taken on this machine: in a Chromium of this process. */
import type { WallClock } from '../clock/wall-clock.ts';
import { DailySeats, type DailySeatsOptions } from '../providers/daily/seats.ts';
import { chromiumHere } from './chromium-here.ts';
import type { Secrets } from './secrets.ts';

/** How patient seats are, and where their browser may go; what is not given is as it is for users. */
export type SeatTuning = Pick<DailySeatsOptions, 'limits' | 'hostRules' | 'profilesFolder'>;

export type SeatsOptions = { readonly wall: WallClock; readonly secrets: Secrets; readonly tuning?: SeatTuning | undefined };

/** Throws a UsageError where there is no Chromium. Starts nothing. */
export function openSeats({ wall, secrets, tuning = {} }: SeatsOptions): DailySeats {
  return new DailySeats({
    wall,
    executable: chromiumHere(secrets, process.env),
    ...(secrets.DAILY_CALL_MACHINE_URL === undefined ? {} : { callMachineFolder: secrets.DAILY_CALL_MACHINE_URL }),
    ...tuning,
  });
}
