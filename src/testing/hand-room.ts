/**
 * A room that a test moves by hand: who comes and goes, when a peer makes sound and what is transcribed are written
 * down beforehand as call times. It holds one seat, the agent's, and keeps what the agent publishes.
 */
import { FRAME_MS, FRAME_SAMPLES } from '../audio/format.ts';
import { type AudioFrame, audioFrame, SILENCE } from '../audio/frame.ts';
import type { Clock } from '../clock/clock.ts';
import type { EventLog } from '../events/log.ts';
import type { Connection, JoinRequest, Participant, RoomListener, Transport } from '../room/room.ts';
import { tone } from './tone-voice.ts';

type Sound = { readonly peer: string; readonly fromMs: number; readonly toMs: number };

export class HandRoom implements Transport {
  /** What the agent sent, one frame a tick from its join on. */
  readonly published: AudioFrame[] = [];
  readonly messages: unknown[] = [];
  leftBecause: string | undefined;
  readonly #clock: Clock;
  readonly #log: EventLog;
  readonly #latencyMs: number;
  readonly #sounds: Sound[] = [];
  readonly #present = new Map<string, Participant>();
  /** Peers whose frames do not arrive. */
  readonly #mute = new Set<string>();
  #listener: RoomListener | undefined;
  #name = '';
  #seats = 0;

  constructor(options: { readonly clock: Clock; readonly log: EventLog; readonly latencyMs: number }) {
    const { clock } = options;
    this.#clock = clock;
    this.#log = options.log;
    this.#latencyMs = options.latencyMs;
    clock.every(FRAME_MS, { phase: 'room', order: 0 }, () => this.#deliver());
  }

  async join({ name }: JoinRequest, listener: RoomListener): Promise<Connection> {
    this.#listener = listener;
    this.#name = name;
    this.#seats += 1;
    const self = { id: this.ownId, name };
    this.#log.append({ type: 'participant.joined', participant: self.id, name });
    return {
      self,
      transcriptionLatencyMs: this.#latencyMs,
      publish: (frame) => void this.published.push(frame),
      sendAppMessage: (data) => void this.messages.push(data),
      sendUnlogged: () => undefined,
      leave: (reason) => {
        this.leftBecause = reason;
        this.#log.append({ type: 'participant.left', participant: self.id, name, reason });
        this.#listener = undefined;
      },
    };
  }

  async close(): Promise<void> {
    this.#listener = undefined;
  }

  /** The seat that the agent has now. */
  get ownId(): string {
    return `${this.#name}-seat-${this.#seats}`;
  }

  at(atMs: number, fn: () => void): this {
    this.#clock.at(atMs, { phase: 'network', order: 9 }, fn);
    return this;
  }

  /** A peer comes; its id is its name unless another is given. */
  enters(atMs: number, name: string, id = name): this {
    return this.at(atMs, () => {
      this.#present.set(id, { id, name });
      this.#log.append({ type: 'participant.joined', participant: id, name });
      this.#listener?.participantJoined({ id, name });
    });
  }

  leaves(atMs: number, id: string): this {
    return this.at(atMs, () => this.#leave(id));
  }

  /** Everybody else leaves, because the test is over. */
  empty(): void {
    for (const id of [...this.#present.keys()]) this.#leave(id);
  }

  /** No frames of this peer arrive any more. */
  mutes(atMs: number, id: string): this {
    return this.at(atMs, () => void this.#mute.add(id));
  }

  /** The peer is loud from one time to another. */
  sounds(peer: string, fromMs: number, toMs: number): this {
    this.#sounds.push({ peer, fromMs, toMs });
    return this;
  }

  /** A transcript arrives: final, of words that were said from `startMs` to `endMs` (the last half second by default). */
  text(atMs: number, peer: string, text: string, { final = true, startMs = atMs - 600, endMs = atMs - 100 } = {}): this {
    return this.at(atMs, () => {
      const transcript = { participant: peer, text, final, startMs: Math.max(0, startMs), endMs };
      this.#log.append({ type: 'transcript.published', ...transcript });
      this.#listener?.transcriptReceived(transcript);
    });
  }

  interim(atMs: number, peer: string, text: string, span: { readonly startMs?: number; readonly endMs?: number } = {}): this {
    return this.text(atMs, peer, text, { ...span, final: false });
  }

  /** Loud for so long, with the words as a final text 250 ms after it. */
  says(peer: string, fromMs: number, toMs: number, text: string): this {
    return this.sounds(peer, fromMs, toMs).text(toMs + 250, peer, text, { startMs: fromMs, endMs: toMs });
  }

  message(atMs: number, peer: string, data: unknown): this {
    return this.at(atMs, () => this.#listener?.appMessageReceived({ id: peer, name: peer }, data));
  }

  #leave(id: string): void {
    const peer = this.#present.get(id);
    if (!peer) return;
    this.#present.delete(id);
    this.#log.append({ type: 'participant.left', participant: id, name: peer.name, reason: 'gone' });
    this.#listener?.participantLeft(peer, 'gone');
  }

  #deliver(): void {
    const startMs = this.#clock.nowMs() - FRAME_MS;
    for (const peer of this.#present.values()) {
      if (this.#mute.has(peer.id)) continue;
      const loud = this.#sounds.some((sound) => sound.peer === peer.id && sound.fromMs <= startMs && startMs < sound.toMs);
      this.#listener?.frameHeard(peer, loud ? audioFrame(tone(FRAME_SAMPLES)) : SILENCE);
    }
  }
}
