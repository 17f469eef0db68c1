/**
 * A Daily room behind the room's port. Call time is wall time here. The room and its browser are gone when this is
 * closed, whatever happened before; a room that ends under us ends the run with a ProviderError.
 */
import { ProviderError, invariant } from '../../base/errors.ts';
import type { Clock } from '../../clock/clock.ts';
import type { EventLog } from '../../events/log.ts';
import type { Recorder } from '../../room/recorder.ts';
import type { Connection, JoinRequest, RoomListener, Transport } from '../../room/room.ts';
import { OwnSeat, type TranscriptionState } from './own-seat.ts';
import type { RoomAccess } from './room.ts';
import type { DailySeat, SeatListener, SeatRequest } from './seat.ts';
import { WireRecord } from './wire-record.ts';

/** Where seats are taken, see DailySeats. */
export interface SeatSource {
  take(request: SeatRequest, listener: SeatListener): Promise<DailySeat>;
  close(): Promise<void>;
}

export type DailyTransportOptions = {
  readonly clock: Clock;
  readonly log: EventLog;
  readonly recorder: Recorder;
  readonly seats: SeatSource;
  readonly room: RoomAccess;
  /** What agents are told of the time from the end of speech to the final text. */
  readonly announcedLatencyMs: number;
  /** Called in call time whenever the room's transcription starts, stops or does not start. */
  readonly onTranscription?: (state: TranscriptionState) => void;
  /** Called when the run's log is closed already: something was left behind. */
  readonly onWarning?: (text: string) => void;
};

export class DailyTransport implements Transport {
  readonly #options: DailyTransportOptions;
  readonly #record: WireRecord;
  readonly #taking = new Set<Promise<DailySeat>>();
  readonly #leaving = new Set<Promise<void>>();
  /** Those that are taken, by order. */
  #seats: readonly OwnSeat[] = [];
  readonly #warnedBy = new Map<string, OwnSeat>();
  #transcriptionAsked = false;
  #closing: Promise<void> | undefined;

  constructor(options: DailyTransportOptions) {
    invariant(options.clock.kind === 'real', 'a Daily room needs the real clock');
    this.#options = options;
    this.#record = new WireRecord(options);
  }

  async join(request: JoinRequest, listener: RoomListener): Promise<Connection> {
    const { clock, log, announcedLatencyMs, onTranscription = () => undefined } = this.#options;
    const seat = new OwnSeat({
      clock,
      log,
      record: this.#record,
      request,
      listener,
      announcedLatencyMs,
      hearsForAll: (one, participantId) => one === this.#hearerOf(participantId),
      tellsForAll: (one) => one === this.#seats[0],
      onTranscription,
      warn: (one, text) => this.#warn(one, text),
      onLeft: (one, leaving) => this.#forget(one, leaving),
    });
    const taking = this.#take(request.name, seat);
    this.#taking.add(taking);
    const daily = await clock.hold(taking, { charge: 'wall' });
    this.#taking.delete(taking);
    this.#seats = [...this.#seats, seat].toSorted((a, b) => a.order - b.order);
    seat.begin(daily);
    this.#askForTranscription(seat);
    return seat;
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #take(name: string, listener: SeatListener): Promise<DailySeat> {
    const { room, seats } = this.#options;
    const { url, expiresAtSecs } = room;
    return seats.take({ url, expiresAtSecs, token: await room.tokenFor(name), userName: name }, listener);
  }

  /** Somebody hears a voice as others do; it is taken where it is sent only if none of ours receives it. */
  #hearerOf(participantId: string): OwnSeat | undefined {
    return this.#seats.find((seat) => seat.self.id !== participantId) ?? this.#seats[0];
  }

  /** Once for the room, by whoever is there first, and not again when somebody comes back. */
  #askForTranscription(seat: OwnSeat): void {
    if (this.#transcriptionAsked) return;
    this.#transcriptionAsked = true;
    const onError = (error: unknown): void => seat.transcriptionChanged('failed', error instanceof ProviderError ? error.message : String(error));
    this.#options.room.startTranscription().catch(onError);
  }

  #forget(seat: OwnSeat, leaving: Promise<void>): void {
    this.#seats = this.#seats.filter((other) => other !== seat);
    this.#leaving.add(leaving);
    void leaving.finally(() => this.#leaving.delete(leaving));
  }

  /** What all seats say alike, such as that the room expires, is said once. */
  #warn(seat: OwnSeat, message: string): void {
    const first = this.#warnedBy.get(message) ?? seat;
    this.#warnedBy.set(message, first);
    if (first === seat) this.#options.log.append({ type: 'warning.raised', message });
  }

  async #close(): Promise<void> {
    const { seats, room, onWarning } = this.#options;
    for (const seat of this.#seats) seat.leave('room closed');
    const left = [...this.#taking].map((taking) => taking.then((seat) => seat.leave()));
    await Promise.allSettled([...left, ...this.#leaving]);
    const [browser, end] = await Promise.allSettled([seats.close(), room.end()]);
    if (end.status === 'rejected') onWarning?.(`the Daily room ${room.url} could not be deleted: ${end.reason instanceof Error ? end.reason.message : String(end.reason)}`);
    if (browser.status === 'rejected') throw browser.reason;
  }
}
