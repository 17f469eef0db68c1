/** What a room of either kind is opened with. */
import type { Random } from '../base/random.ts';
import type { RealClock } from '../clock/real-clock.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import type { EventLog } from '../events/log.ts';
import type { RoomAccess } from '../providers/daily/room.ts';
import type { SeatSource } from '../providers/daily/transport.ts';
import type { Link } from '../room/link.ts';
import type { LiveStt } from '../room/live-stt.ts';
import type { RealEars, RealEarsOptions } from '../room/real-ears.ts';
import type { Recorder } from '../room/recorder.ts';
import type { Deck } from './deck.ts';
import type { SeatTuning } from './open-seats.ts';
import type { Secrets } from './secrets.ts';

export type RunClock = VirtualClock | RealClock;

export type RoomOptions = {
  readonly clock: RunClock;
  readonly wall: WallClock;
  readonly log: EventLog;
  readonly recorder: Pick<Recorder, 'record'>;
  readonly random: Random;
  /** What modelled latencies are drawn from, where that is not the same. */
  readonly latency?: Random;
  readonly secrets: Secrets;
  /** Ears of the world instead of the room's own. */
  readonly stt: LiveStt | undefined;
  readonly deck: Deck;
  /** The line of one speaker of the embedded room, by name. */
  readonly link?: ((name: string) => Link) | undefined;
  readonly daily?: DailyTuning | undefined;
  /** Where seats in a Daily room are taken, if not in a browser of this process. */
  readonly seats?: SeatSource | undefined;
  /** A Daily room that is there already and is only listened to. */
  readonly heard?: RoomAccess | undefined;
  /** A Daily room that is there already, in which one agent of this process takes its seat; its own voice is for others to transcribe. */
  readonly joined?: { readonly room: RoomAccess; readonly agent: string } | undefined;
};

/** How patient a run is with Daily, and where its browser may go; what is not given is as it is for users. */
export type DailyTuning = SeatTuning & {
  /** The wait before the second try of a REST request; it doubles. */
  readonly firstWaitMs?: number;
  /** How long deleting the room may take. */
  readonly endMs?: number;
  readonly textlessSpeechMs?: number;
};

/** Has a room listened to by a transcription of the world, once the room says where its texts go. */
export type EarsOf = (stt: LiveStt) => (publish: RealEarsOptions['publish']) => RealEars;
