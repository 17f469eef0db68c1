/**
 * A participant of a room for tests. It says the frames it is given, one a tick, and notes all that it hears: news
 * and texts as lines with their call time, frames as they came.
 */
import { FRAME_MS } from '../audio/format.ts';
import { type AudioFrame, SILENCE } from '../audio/frame.ts';
import type { Clock, Timer } from '../clock/clock.ts';
import type { Connection, Participant, RoomListener, Transcript, Transport } from '../room/room.ts';

export type HeardFrame = { readonly from: string; readonly frame: AudioFrame; readonly atMs: number };

export class RoomGuest implements RoomListener {
  readonly name: string;
  readonly notes: string[] = [];
  readonly frames: HeardFrame[] = [];
  readonly transcripts: (Transcript & { readonly atMs: number })[] = [];
  connection: Connection | undefined;
  readonly #clock: Clock;
  readonly #order: number;
  #toSay: AudioFrame[] = [];
  #ticker: Timer | undefined;

  constructor(options: { readonly clock: Clock; readonly name: string; readonly order: number }) {
    this.name = options.name;
    this.#clock = options.clock;
    this.#order = options.order;
  }

  async join(room: Transport): Promise<void> {
    this.connection = await room.join({ name: this.name, order: this.#order }, this);
    this.#ticker = this.#clock.every(FRAME_MS, { phase: 'playout', order: this.#order }, () => this.connection?.publish(this.#toSay.shift() ?? SILENCE));
  }

  /** Says these from the next tick on, after what is still to be said. */
  say(frames: readonly AudioFrame[]): void {
    this.#toSay.push(...frames);
  }

  /** Leaves, like somebody whose line drops: whatever it was saying. */
  leave(reason: string): void {
    this.#ticker?.cancel();
    this.connection?.leave(reason);
  }

  frameHeard(from: Participant, frame: AudioFrame): void {
    this.frames.push({ from: from.name, frame, atMs: this.#clock.nowMs() });
  }

  transcriptReceived(transcript: Transcript): void {
    this.transcripts.push({ ...transcript, atMs: this.#clock.nowMs() });
  }

  participantJoined({ name }: Participant): void {
    this.#note(`${name} joined`);
  }

  participantLeft({ name }: Participant, reason: string): void {
    this.#note(`${name} left: ${reason}`);
  }

  appMessageReceived({ name }: Participant, data: unknown): void {
    this.#note(`${name} sent ${JSON.stringify(data)}`);
  }

  #note(text: string): void {
    this.notes.push(`${this.#clock.nowMs()} ${text}`);
  }
}
