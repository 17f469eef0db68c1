/**
 * The embedded room: everybody in one process, on one clock. A frame published at tick k is heard by everyone at
 * tick k + 1; transcription is sent to all, its speaker included; ground truth and recording are taken from each
 * participant's own track before the link. One stream per peer, never mixed.
 */
import type { AudioFrame } from '../audio/frame.ts';
import { FRAME_MS } from '../audio/format.ts';
import type { Random } from '../base/random.ts';
import { invariant } from '../base/errors.ts';
import type { Clock, Timer } from '../clock/clock.ts';
import type { EventLog } from '../events/log.ts';
import { CLEAR_LINK, type Link } from './link.ts';
import type { Recorder } from './recorder.ts';
import type { Connection, JoinRequest, Participant, RoomListener, Transport } from './room.ts';
import { SpeechDetector } from './speech-detector.ts';
import { Transcriber, type TranscriberSettings } from './transcriber.ts';

export type LocalRoomOptions = {
  readonly clock: Clock;
  readonly log: EventLog;
  readonly random: Random;
  readonly recorder: Recorder;
  readonly transcription: (random: Random) => TranscriberSettings;
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
  /** What was published since the last tick. */
  sent: AudioFrame | undefined;
};

export class LocalRoom implements Transport {
  readonly #options: LocalRoomOptions;
  readonly #seats: Seat[] = [];
  readonly #ticker: Timer;
  #joins = 0;

  constructor(options: LocalRoomOptions) {
    this.#options = options;
    this.#ticker = options.clock.every(FRAME_MS, { phase: 'room', order: 0 }, (tick) => this.#tick(tick));
  }

  async join(request: JoinRequest, listener: RoomListener): Promise<Connection> {
    const { clock, log, random, transcription, announcedLatencyMs, link } = this.#options;
    const seatRandom = random.fork(`${request.name}/${this.#joins++}`);
    const participant = { id: `${slug(request.name)}-${seatRandom.hex(6)}`, name: request.name };
    const seat: Seat = {
      participant,
      order: request.order,
      listener,
      link: link?.(request.name) ?? CLEAR_LINK,
      detector: new SpeechDetector(),
      transcriber: new Transcriber(transcription(seatRandom.fork('latency')), seatRandom.fork('mishearing')),
      sent: undefined,
    };
    const peers = [...this.#seats];
    this.#seats.push(seat);
    this.#seats.sort((a, b) => a.order - b.order);
    log.append({ type: 'participant.joined', participant: participant.id, name: participant.name });
    // News of a join travels like everything else: it is there a moment later, for the newcomer and the others alike.
    clock.at(clock.nowMs(), { phase: 'network', order: seat.order }, () => {
      for (const peer of peers) {
        if (!this.#seats.includes(seat) || !this.#seats.includes(peer)) continue;
        peer.listener.participantJoined(participant);
        listener.participantJoined(peer.participant);
      }
    });
    return {
      self: participant,
      transcriptionLatencyMs: announcedLatencyMs,
      publish: (frame) => {
        invariant(seat.sent === undefined, `${request.name} published two frames in one tick`);
        seat.sent = frame;
      },
      sendAppMessage: (data, to) => this.#sendAppMessage(seat, data, to),
      leave: (reason) => this.#leave(seat, reason),
    };
  }

  async close(): Promise<void> {
    for (const seat of [...this.#seats]) this.#leave(seat, 'room closed');
    this.#ticker.cancel();
  }

  /** Hands out what was published during the tick before: the frames of the 20 ms that end now. */
  #tick(tick: number): void {
    const { clock, recorder } = this.#options;
    const nowMs = clock.nowMs();
    const startMs = nowMs - FRAME_MS;
    for (const seat of this.#seats) {
      const frame = seat.sent;
      seat.sent = undefined;
      if (!frame) continue;
      recorder.record(seat.participant.name, frame, tick - 1);
      for (const event of seat.detector.hear(frame, startMs)) this.#logSpeech(seat, event);
      const arrived = seat.link.carry(frame, startMs);
      seat.transcriber.hear(arrived, startMs);
      if (!arrived) continue;
      for (const peer of this.#seats) if (peer !== seat) peer.listener.frameHeard(seat.participant, arrived);
    }
    for (const seat of this.#seats) this.#transcribe(seat, nowMs);
  }

  #transcribe(seat: Seat, nowMs: number): void {
    const piece = seat.transcriber.speak(nowMs);
    if (!piece) return;
    const transcript = { participant: seat.participant.id, ...piece };
    this.#options.log.append({ type: 'transcript.published', ...transcript });
    for (const hearer of this.#seats) hearer.listener.transcriptReceived(transcript);
  }

  #sendAppMessage(seat: Seat, data: unknown, to: string | undefined): void {
    const { clock, log } = this.#options;
    log.append({ type: 'app_message.sent', participant: seat.participant.id, ...(to === undefined ? {} : { to }), data });
    clock.at(clock.nowMs(), { phase: 'network', order: seat.order }, () => {
      for (const peer of this.#seats) {
        if (peer !== seat && (to === undefined || peer.participant.id === to)) peer.listener.appMessageReceived(seat.participant, data);
      }
    });
  }

  #leave(seat: Seat, reason: string): void {
    const index = this.#seats.indexOf(seat);
    if (index < 0) return;
    this.#seats.splice(index, 1);
    const { clock, log } = this.#options;
    for (const event of seat.detector.flush(clock.nowMs())) this.#logSpeech(seat, event);
    log.append({ type: 'participant.left', participant: seat.participant.id, name: seat.participant.name, reason });
    clock.at(clock.nowMs(), { phase: 'network', order: seat.order }, () => {
      for (const peer of this.#seats) peer.listener.participantLeft(seat.participant, reason);
    });
  }

  #logSpeech(seat: Seat, event: ReturnType<SpeechDetector['hear']>[number]): void {
    const participant = seat.participant.id;
    if (event.kind === 'started') this.#options.log.append({ type: 'wire.speech_started', participant, startMs: event.startMs });
    else this.#options.log.append({ type: 'wire.speech_stopped', participant, startMs: event.startMs, endMs: event.endMs });
  }
}

function slug(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '') || 'participant';
}
