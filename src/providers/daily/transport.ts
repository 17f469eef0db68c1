/**
 * A Daily room behind the room's port. Call time is wall time here. The room and its browser are gone when this is
 * closed, whatever happened before; a room that ends under us ends the run with a ProviderError.
 */
import { ProviderError, invariant } from '../../base/errors.ts';
import type { AudioFrame } from '../../audio/frame.ts';
import type { Clock } from '../../clock/clock.ts';
import type { EventLog } from '../../events/log.ts';
import type { Recorder } from '../../room/recorder.ts';
import type { Connection, JoinRequest, Participant, RoomListener, Transcript, Transport } from '../../room/room.ts';
import { OwnSeat } from './own-seat.ts';
import type { RoomAccess } from './room.ts';
import type { DailySeat, SeatListener, SeatRequest } from './seat.ts';
import { TextLedger } from './text-ledger.ts';
import { TEXTLESS_SPEECH_MS, TextWatch } from './text-watch.ts';
import { WireRecord } from './wire-record.ts';

/** Where seats are taken, see DailySeats. */
export interface SeatSource {
  take(request: SeatRequest, listener: SeatListener): Promise<DailySeat>;
  close(): Promise<void>;
}

/** What turns received sound into text where Daily does not, see RealEars. */
export interface RoomEars {
  /** What came of one participant in the 20 ms that began at `startMs`. */
  hear(from: Participant, frame: AudioFrame, startMs: number): void;
  forget(participant: string): void;
  close(): void;
}

/** Gives the ears somewhere to put their texts. */
export type OpenEars = (publish: (transcript: Transcript) => void) => RoomEars;

export type DailyTransportOptions = {
  readonly clock: Clock;
  readonly log: EventLog;
  readonly recorder: Pick<Recorder, 'record'>;
  readonly seats: SeatSource;
  /** Makes the room, or finds the one that was given; called once, when the first seat is taken. */
  readonly openRoom: (signal: AbortSignal) => Promise<RoomAccess>;
  /** What agents are told of the time from the end of speech to the final text. */
  readonly announcedLatencyMs: number;
  /** Somebody else has made the room, and may have it transcribed: a failure counts only once no text comes. */
  readonly isRoomGiven?: boolean;
  /** How much speech without any text is too much. */
  readonly textlessSpeechMs?: number;
  /** Who joins here only listens, and stands in no record: those who talk are elsewhere. */
  readonly onlyListens?: boolean;
  /** Called in call time, at most once: Daily brings no text of what is said, and why. */
  readonly onTextMissing: (reason: string) => void;
};

export class DailyTransport implements Transport {
  readonly #options: DailyTransportOptions;
  readonly #record: WireRecord;
  readonly #texts: TextWatch;
  readonly #ledger = new TextLedger();
  readonly #taking = new Set<Promise<DailySeat>>();
  readonly #leaving = new Set<Promise<void>>();
  readonly #closed = new AbortController();
  /** Those that are taken, by order. */
  #seats: readonly OwnSeat[] = [];
  readonly #warnedBy = new Map<string, OwnSeat>();
  #room: Promise<RoomAccess> | undefined;
  #ears: RoomEars | undefined;
  #transcriptionAsked = false;
  #closing: Promise<void> | undefined;

  constructor(options: DailyTransportOptions) {
    const { clock, log, recorder, textlessSpeechMs: speechMs = TEXTLESS_SPEECH_MS, onTextMissing } = options;
    invariant(clock.kind === 'real', 'a Daily room needs the real clock');
    this.#options = options;
    this.#texts = new TextWatch({ speechMs, onMissing: onTextMissing });
    this.#record = new WireRecord({
      log,
      recorder,
      onFrame: (from, frame, startMs, isSpeech) => {
        if (isSpeech && !this.#ears) this.#texts.speech();
        this.#ears?.hear(from, frame, startMs);
      },
      onLeft: (participant) => this.#ears?.forget(participant),
    });
  }

  async join(request: JoinRequest, listener: RoomListener): Promise<Connection> {
    const { clock, log, announcedLatencyMs, onlyListens: isHidden = false } = this.#options;
    const seat = new OwnSeat({
      clock,
      log,
      record: this.#record,
      request,
      listener,
      announcedLatencyMs,
      isHidden,
      hearsForAll: (one, participantId) => one === this.#hearerOf(participantId),
      isNews: (one, text) => this.#ledger.isNews(one, text),
      onText: () => this.#texts.text(),
      onTextMissing: (reason) => this.#transcriptionFailed(seat, reason ?? 'its transcription failed'),
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

  /** From now on texts come from these ears, and Daily's are not waited for. */
  hearWith(openEars: OpenEars): void {
    const { log } = this.#options;
    this.#ears?.close();
    this.#ears = openEars((transcript) => {
      log.append({ type: 'transcript.published', ...transcript });
      for (const seat of this.#seats) seat.hand(transcript);
    });
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #take(name: string, listener: SeatListener): Promise<DailySeat> {
    const room = await (this.#room ??= this.#openRoom());
    const { url, expiresAtSecs } = room;
    return this.#options.seats.take({ url, expiresAtSecs, token: await room.tokenFor(name), userName: name }, listener);
  }

  async #openRoom(): Promise<RoomAccess> {
    const { clock, log, openRoom } = this.#options;
    const room = await openRoom(this.#closed.signal);
    clock.at(clock.nowMs(), { phase: 'network', order: 0 }, () => log.append({ type: 'room.opened', url: room.url }));
    return room;
  }

  /** Somebody hears a voice as others do; it is taken where it is sent only if none of ours receives it. */
  #hearerOf(participantId: string): OwnSeat | undefined {
    return this.#seats.find((seat) => seat.self.id !== participantId) ?? this.#seats[0];
  }

  /** Once for the room, by whoever is there first, and not again when somebody comes back. */
  #askForTranscription(seat: OwnSeat): void {
    if (this.#transcriptionAsked || this.#ears) return;
    this.#transcriptionAsked = true;
    const onError = (error: unknown): void => seat.transcriptionChanged('failed', error instanceof ProviderError ? error.message : String(error));
    void this.#room?.then((room) => room.startTranscription((request) => seat.startTranscription(request))).catch(onError);
  }

  #transcriptionFailed(seat: OwnSeat, reason: string): void {
    if (this.#options.isRoomGiven) this.#warn(seat, `Daily does not transcribe at the agent's request (${reason})`);
    else this.#texts.missing(reason);
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
    const { seats, clock } = this.#options;
    this.#closed.abort(new Error('the call is over'));
    for (const seat of this.#seats) seat.leave('room closed');
    this.#record.close(clock.nowMs());
    this.#ears?.close();
    // Who is only just being seated leaves with the browser, or as soon as it sits.
    for (const taking of this.#taking) taking.then((seat) => seat.leave(), () => undefined);
    await Promise.allSettled([...this.#leaving]);
    const [browser] = await Promise.allSettled([seats.close(), this.#endRoom()]);
    if (browser.status === 'rejected') throw browser.reason;
  }

  /** A room that lives on is worth a line, but no error: it goes when it expires. */
  async #endRoom(): Promise<void> {
    const room = await this.#room?.catch(() => undefined);
    if (!room) return;
    try {
      await room.end();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#options.log.append({ type: 'warning.raised', message: `the Daily room ${room.url} could not be deleted: ${why}` });
    }
  }
}
