/**
 * The embedded room: everybody in one process, on one clock. A frame published at tick k is heard by everyone at
 * tick k + 1; transcription is sent to all, its speaker included; ground truth and recording are taken from each
 * participant's own track before the link. One stream per peer, never mixed.
 */
import type { AudioFrame } from '../audio/frame.ts';
import { FRAME_MS } from '../audio/format.ts';
import type { Random } from '../base/random.ts';
import { invariant } from '../base/errors.ts';
import { type Clock, type Timer, wholeMicroseconds } from '../clock/clock.ts';
import type { EventLog } from '../events/log.ts';
import { CLEAR_LINK, type Link } from './link.ts';
import type { RealEars, RealEarsOptions } from './real-ears.ts';
import type { Recorder } from './recorder.ts';
import type { Connection, JoinRequest, Participant, RoomListener, Transcript, Transport } from './room.ts';
import { type SpeechChange, SpeechDetector } from './speech-detector.ts';
import { Transcriber, type TranscriberSettings } from './transcriber.ts';

export type LocalRoomOptions = {
  readonly clock: Clock;
  readonly log: EventLog;
  readonly random: Random;
  /** What latencies are drawn from, where that is not the same. */
  readonly latency?: Random;
  readonly recorder: Pick<Recorder, 'record'>;
  readonly transcription: (random: Random) => TranscriberSettings;
  /** Ears of the world instead of the room's own. */
  readonly ears?: (publish: RealEarsOptions['publish']) => RealEars;
  /** The latency that the room announces to agents (Connection.transcriptionLatencyMs). */
  readonly announcedLatencyMs: number;
  /** The line of one speaker, by name. */
  readonly link?: (name: string) => Link;
};

type Seat = {
  readonly participant: Participant;
  readonly order: number;
  readonly listener: RoomListener;
  readonly link: Link;
  readonly detector: SpeechDetector;
  readonly transcriber: Transcriber;
  /** Who has heard that this participant is here, and will hear when it leaves. */
  readonly knownTo: Set<Seat>;
  /** App messages that were sent and have not been delivered. */
  readonly underWay: Set<() => void>;
  /** What was published since the last tick. */
  sent: AudioFrame | undefined;
  left: boolean;
};

export class LocalRoom implements Transport {
  readonly #options: LocalRoomOptions;
  readonly #openedMs: number;
  readonly #ticker: Timer;
  readonly #ears: RealEars | undefined;
  /** By order. A new list for each change, because listeners join and leave while it is walked. */
  #seats: readonly Seat[] = [];
  #joins = 0;
  #ticks = 0;

  constructor(options: LocalRoomOptions) {
    this.#options = options;
    this.#openedMs = options.clock.nowMs();
    this.#ears = options.ears?.((transcript) => this.#publish(transcript));
    this.#ticker = options.clock.every(FRAME_MS, { phase: 'room', order: 0 }, () => this.#tick());
  }

  async join(request: JoinRequest, listener: RoomListener): Promise<Connection> {
    const { log, announcedLatencyMs } = this.#options;
    const peers = this.#seats;
    const seat = this.#newSeat(request, listener);
    const { participant } = seat;
    this.#seats = [...peers, seat].toSorted((a, b) => a.order - b.order);
    log.append({ type: 'participant.joined', participant: participant.id, name: participant.name });
    this.#soon(seat, () => {
      for (const peer of peers) introduce(seat, peer);
    });
    return {
      self: participant,
      transcriptionLatencyMs: announcedLatencyMs,
      publish: (frame) => {
        invariant(seat.sent === undefined, `${request.name} published two frames in one tick`);
        if (!seat.left) seat.sent = frame;
      },
      sendAppMessage: (data, to) => this.#sendAppMessage(seat, data, to),
      sendUnlogged: (data, to) => this.#send(seat, data, to),
      leave: (reason) => this.#leave(seat, reason),
    };
  }

  async close(): Promise<void> {
    for (const seat of this.#seats) this.#leave(seat, 'room closed');
    this.#ears?.close();
    this.#ticker.cancel();
  }

  #newSeat({ name, order }: JoinRequest, listener: RoomListener): Seat {
    const { random, latency = random, transcription, link } = this.#options;
    const label = `${name}/${this.#joins++}`;
    const seatRandom = random.fork(label);
    return {
      participant: { id: `${slug(name)}-${seatRandom.hex(6)}`, name },
      order,
      listener,
      link: link?.(name) ?? CLEAR_LINK,
      detector: new SpeechDetector(),
      transcriber: new Transcriber(transcription(latency.fork(label).fork('latency')), seatRandom.fork('mishearing')),
      knownTo: new Set(),
      underWay: new Set(),
      sent: undefined,
      left: false,
    };
  }

  /** Hands out what was published since the tick before: the frames of the 20 ms that end now. */
  #tick(): void {
    const nowMs = this.#options.clock.nowMs();
    const seats = this.#seats;
    for (const seat of seats) if (!seat.left) this.#deliver(seat);
    if (!this.#ears) for (const seat of seats) if (!seat.left) this.#transcribe(seat, nowMs);
    this.#ticks += 1;
  }

  #deliver(seat: Seat): void {
    const frame = this.#takeSent(seat);
    const startMs = this.#tickMs;
    const arrived = frame && seat.link.carry(frame, startMs);
    this.#ears?.hear(seat.participant, arrived, startMs);
    // The dictionary does not travel on the line: a word whose last frame was lost can still be made out.
    if (!this.#ears) seat.transcriber.hear(arrived, startMs, frame?.label?.words);
    if (!arrived) return;
    const heard = arrived.label ? { samples: arrived.samples, silent: arrived.silent } : arrived;
    for (const peer of this.#seats) if (peer !== seat) peer.listener.frameHeard(seat.participant, heard);
  }

  /** The frame that waits to be sent; what is true of it whoever gets it is noted here. */
  #takeSent(seat: Seat): AudioFrame | undefined {
    const { sent } = seat;
    seat.sent = undefined;
    if (!sent) return undefined;
    this.#options.recorder.record(seat.participant.name, sent, this.#ticks);
    this.#logSpeech(seat, seat.detector.hear(sent, this.#tickMs));
    return sent;
  }

  /** When the frames that are published now begin. */
  get #tickMs(): number {
    return wholeMicroseconds(this.#openedMs + this.#ticks * FRAME_MS);
  }

  #transcribe(seat: Seat, nowMs: number): void {
    const piece = seat.transcriber.speak(nowMs);
    if (piece) this.#publish({ participant: seat.participant.id, ...piece });
  }

  #publish(transcript: Transcript): void {
    this.#options.log.append({ type: 'transcript.published', ...transcript });
    for (const hearer of this.#seats) hearer.listener.transcriptReceived(transcript);
  }

  #sendAppMessage(seat: Seat, data: unknown, to: string | undefined): void {
    if (seat.left) return;
    const participant = seat.participant.id;
    this.#options.log.append({ type: 'app_message.sent', participant, ...(to === undefined ? {} : { to }), data });
    this.#send(seat, data, to);
  }

  #send(seat: Seat, data: unknown, to: string | undefined): void {
    if (seat.left) return;
    const deliver = (): void => {
      if (!seat.underWay.delete(deliver)) return;
      for (const peer of this.#seats) {
        if (peer !== seat && (to === undefined || peer.participant.id === to)) peer.listener.appMessageReceived(seat.participant, data);
      }
    };
    seat.underWay.add(deliver);
    this.#soon(seat, deliver);
  }

  /** What the participant was saying ends in mid-word: nobody else gets its last frame, and no text comes of it. */
  #leave(seat: Seat, reason: string): void {
    if (seat.left) return;
    this.#takeSent(seat);
    // The call may be over with this, and then nothing that is due would be delivered any more.
    for (const deliver of seat.underWay) deliver();
    seat.left = true;
    this.#seats = this.#seats.filter((other) => other !== seat);
    const { clock, log } = this.#options;
    this.#logSpeech(seat, seat.detector.flush(clock.nowMs()));
    this.#ears?.forget(seat.participant.id);
    log.append({ type: 'participant.left', participant: seat.participant.id, name: seat.participant.name, reason });
    this.#soon(seat, () => {
      for (const peer of this.#seats) if (seat.knownTo.has(peer)) peer.listener.participantLeft(seat.participant, reason);
    });
  }

  /** News travels like everything else: it is there a moment later, in the order of those it comes from. */
  #soon(seat: Seat, news: () => void): void {
    const { clock } = this.#options;
    clock.at(clock.nowMs(), { phase: 'network', order: seat.order }, news);
  }

  #logSpeech(seat: Seat, changes: readonly SpeechChange[]): void {
    const { log } = this.#options;
    const participant = seat.participant.id;
    for (const change of changes) {
      if (change.kind === 'started') log.append({ type: 'wire.speech_started', participant, startMs: change.startMs });
      else log.append({ type: 'wire.speech_stopped', participant, startMs: change.startMs, endMs: change.endMs });
    }
  }
}

/** Tells two participants of each other, the one who was there first before the other. */
function introduce(newcomer: Seat, peer: Seat): void {
  if (newcomer.left || peer.left) return;
  newcomer.knownTo.add(peer);
  peer.knownTo.add(newcomer);
  peer.listener.participantJoined(newcomer.participant);
  newcomer.listener.participantJoined(peer.participant);
}

function slug(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '') || 'participant';
}
