/**
 * The seat of an agent that has a process of its own: it acts and hears in the call as any other, but keeps no record
 * and asks for nothing that is the whole room's. Texts come from whoever keeps the room, not from the seat.
 */
import type { Clock } from '../../clock/clock.ts';
import type { EventLog } from '../../events/log.ts';
import type { Connection, JoinRequest, RoomListener, Transcript, Transport } from '../../room/room.ts';
import { OwnSeat } from './own-seat.ts';
import type { SeatRequest } from './seat.ts';
import type { SeatSource } from './transport.ts';

export type LoneSeatOptions = {
  readonly clock: Clock;
  readonly log: EventLog;
  readonly seats: SeatSource;
  readonly seat: SeatRequest;
  readonly announcedLatencyMs: number;
};

const NO_RECORD = { joined: () => undefined, left: () => undefined, heard: () => undefined };

export class LoneSeat implements Transport {
  readonly #options: LoneSeatOptions;
  #own: OwnSeat | undefined;
  #leaving: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: LoneSeatOptions) {
    this.#options = options;
  }

  async join(request: JoinRequest, listener: RoomListener): Promise<Connection> {
    const { clock, log, seats, seat, announcedLatencyMs } = this.#options;
    const own = new OwnSeat({
      clock,
      log,
      record: NO_RECORD,
      request,
      listener,
      announcedLatencyMs,
      hearsForAll: () => false,
      isNews: () => false,
      onText: () => undefined,
      onTextMissing: () => undefined,
      warn: (_, message) => log.append({ type: 'warning.raised', message }),
      onLeft: (_, leaving) => void (this.#leaving = leaving),
    });
    own.begin(await clock.hold(seats.take(seat, own), { charge: 'wall' }));
    this.#own = own;
    return own;
  }

  /** A text that somebody else received for this seat. */
  hand(transcript: Transcript): void {
    this.#own?.hand(transcript);
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    this.#own?.leave('room closed');
    await this.#leaving;
    await this.#options.seats.close();
  }
}
