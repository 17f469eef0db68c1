/**
 * One of our own participants in a Daily room: what its seat reports becomes events of call time, and what it sends
 * goes out at once. What all see, such as who comes and goes, is put into the log by one of ours only.
 */
import { audioFrame, type AudioFrame } from '../../audio/frame.ts';
import { FRAME_MS } from '../../audio/format.ts';
import type { ProviderError } from '../../base/errors.ts';
import type { Clock, Phase } from '../../clock/clock.ts';
import type { EventLog } from '../../events/log.ts';
import type { Connection, JoinRequest, Participant, RoomListener, Transcript } from '../../room/room.ts';
import type { PageTranscript } from './page-messages.ts';
import type { TranscriptionRequest } from './rest.ts';
import type { DailySeat, SeatListener } from './seat.ts';
import { TranscriptTimes } from './transcript-times.ts';
import type { WireRecord } from './wire-record.ts';

export type OwnSeatOptions = {
  readonly clock: Clock;
  readonly log: EventLog;
  readonly record: Pick<WireRecord, 'joined' | 'left' | 'heard'>;
  readonly request: JoinRequest;
  readonly listener: RoomListener;
  readonly announcedLatencyMs: number;
  /** Nobody in the room knows of this seat, and the record is not to know of it either. */
  readonly isHidden?: boolean;
  /** Whether this seat is the one of ours that receives a participant's track for the record. */
  readonly hearsForAll: (seat: OwnSeat, participantId: string) => boolean;
  /** Whether this seat is the first of ours to bring this text. */
  readonly isNews: (seat: OwnSeat, text: PageTranscript) => boolean;
  /** The room said something, which its transcription turned into text. */
  readonly onText: () => void;
  /** The room's transcription will not come; `reason` is Daily's, if it gave one. */
  readonly onTextMissing: (reason: string | null) => void;
  readonly warn: (seat: OwnSeat, text: string) => void;
  readonly onLeft: (seat: OwnSeat, leaving: Promise<void>) => void;
};

/** Daily refuses larger ones. */
const MOST_APP_MESSAGE_CHARACTERS = 4096;
const NOBODY: Participant = { id: '', name: '' };

export class OwnSeat implements Connection, SeatListener {
  readonly #options: OwnSeatOptions;
  readonly #times: TranscriptTimes;
  /** What came before the room was told that the seat is taken. */
  readonly #early: { readonly phase: Phase; readonly news: () => void }[] = [];
  #daily: DailySeat | undefined;
  #hasLeft = false;
  #isUnsentTold = false;

  constructor(options: OwnSeatOptions) {
    this.#options = options;
    this.#times = new TranscriptTimes(options.announcedLatencyMs);
  }

  /** The seat is taken: what was reported before, and all that follows, reaches the listener from now on. */
  begin(daily: DailySeat): void {
    this.#daily = daily;
    this.#recordOwn(daily.self);
    for (const { phase, news } of this.#early.splice(0)) this.#soon(phase, news);
  }

  get order(): number {
    return this.#options.request.order;
  }

  get isTaken(): boolean {
    return this.#daily !== undefined && !this.#hasLeft;
  }

  get self(): Participant {
    return this.#daily?.self ?? NOBODY;
  }

  get transcriptionLatencyMs(): number {
    return this.#options.announcedLatencyMs;
  }

  publish(frame: AudioFrame): void {
    if (this.#hasLeft) return;
    this.#daily?.speak(frame.samples);
    const { clock, record, hearsForAll } = this.#options;
    if (hearsForAll(this, this.self.id)) record.heard(this.self, frame, clock.nowMs() + FRAME_MS);
  }

  sendAppMessage(data: unknown, to?: string): void {
    if (!this.#send(data, to)) return;
    this.#options.log.append({ type: 'app_message.sent', participant: this.self.id, ...(to === undefined ? {} : { to }), data });
  }

  sendUnlogged(data: unknown, to?: string): void {
    this.#send(data, to);
  }

  /** Resolves when Daily was asked; what it makes of that is told as any news of the transcription. */
  async startTranscription(request: TranscriptionRequest): Promise<void> {
    await this.#daily?.startTranscription?.(request);
  }

  /** Whether it was tried. */
  #send(data: unknown, to: string | undefined): boolean {
    if (this.#hasLeft) return false;
    const { length } = JSON.stringify(data) ?? '';
    if (length > MOST_APP_MESSAGE_CHARACTERS) {
      this.#warn(`an app message of ${length} characters was not sent: Daily takes ${MOST_APP_MESSAGE_CHARACTERS}`);
      return false;
    }
    const onSent = (): void => void (this.#isUnsentTold = false);
    const onError = (error: ProviderError): void => this.#soon('network', () => this.#tellUnsent(error));
    this.#daily?.sendAppMessage(data, to).then(onSent, onError);
    return true;
  }

  /** Once until a message goes out again: of metrics there may be many while a seat is taken anew. */
  #tellUnsent(error: ProviderError): void {
    if (!this.#isUnsentTold) this.#warn(`an app message was not sent: ${error.message}`);
    this.#isUnsentTold = true;
  }

  leave(reason: string): void {
    const daily = this.#daily;
    if (!daily || this.#hasLeft) return;
    const { clock, record, onLeft } = this.#options;
    record.left(this.self, reason, clock.nowMs());
    this.#hasLeft = true;
    onLeft(this, daily.leave());
  }

  peerJoined(peer: Participant): void {
    this.#soon('network', () => {
      this.#options.record.joined(peer);
      this.#options.listener.participantJoined(peer);
    });
  }

  peerLeft(peer: Participant, reason: string): void {
    const { clock, record, listener } = this.#options;
    this.#soon('network', () => {
      record.left(peer, reason, clock.nowMs());
      listener.participantLeft(peer, reason);
    });
  }

  frameArrived(from: Participant, samples: Int16Array): void {
    // Before the seat is taken nobody listens, and late sound is of no use.
    if (!this.isTaken) return;
    const { clock, record, listener, hearsForAll } = this.#options;
    const frame = audioFrame(samples);
    this.#soon('room', () => {
      if (hearsForAll(this, from.id)) record.heard(from, frame, clock.nowMs());
      listener.frameHeard(from, frame);
    });
  }

  appMessageArrived(from: Participant, data: unknown): void {
    this.#soon('network', () => this.#options.listener.appMessageReceived(from, data));
  }

  transcriptArrived(heard: PageTranscript): void {
    const { clock, log, listener, isNews, onText } = this.#options;
    const { participant, text, final } = heard;
    if (text.trim() === '') return;
    this.#soon('room', () => {
      const transcript = { participant, text, final, ...this.#times.place(heard, clock.nowMs()) };
      if (isNews(this, heard)) log.append({ type: 'transcript.published', ...transcript });
      onText();
      listener.transcriptReceived(transcript);
    });
  }

  /** A text that our own ears made of what the room heard; it is in the log already. */
  hand(transcript: Transcript): void {
    if (this.isTaken) this.#options.listener.transcriptReceived(transcript);
  }

  transcriptionChanged(state: 'started' | 'stopped' | 'failed', reason: string | null): void {
    if (state === 'failed') this.#soon('room', () => this.#options.onTextMissing(reason));
  }

  seatChanged(now: Participant, before: Participant): void {
    const { clock, record } = this.#options;
    this.#soon('network', () => {
      record.left(before, 'connection lost', clock.nowMs());
      this.#recordOwn(now);
    });
  }

  troubled(text: string): void {
    this.#soon('network', () => this.#warn(text));
  }

  seatLost(error: ProviderError): void {
    const { clock } = this.#options;
    this.#soon('network', () => {
      this.leave(error.message);
      // The run cannot go on without its agent, and this is how a run ends because the world failed.
      clock.task(async () => {
        throw error;
      });
    });
  }

  #recordOwn(self: Participant): void {
    if (!this.#options.isHidden) this.#options.record.joined(self);
  }

  #warn(text: string): void {
    this.#options.warn(this, text);
  }

  /** What comes from the world happens now, in call time, behind what is happening already. */
  #soon(phase: Phase, news: () => void): void {
    if (!this.#daily) return void this.#early.push({ phase, news });
    const { clock } = this.#options;
    clock.at(clock.nowMs(), { phase, order: this.order }, () => {
      if (!this.#hasLeft) news();
    });
  }
}
