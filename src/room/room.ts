/**
 * Who hears whom. A room brings participants together; a connection is one participant's seat in it. Daily, the
 * cloud and the embedded room stand behind these same few members.
 */
import type { AudioFrame } from '../audio/frame.ts';

export type Participant = {
  /** Unique in the room; changes when the same person joins again. */
  readonly id: string;
  /** The display name; two participants may share one. */
  readonly name: string;
};

/** A piece of text that the room's transcription heard from somebody. Times count in call milliseconds. */
export type Transcript = {
  readonly participant: string;
  readonly text: string;
  readonly final: boolean;
  /** When the first and the last transcribed word began and ended on the wire, as far as the transcriber can tell. */
  readonly startMs: number;
  readonly endMs: number;
  /**
   * This is all that was understood up to a pause, and endMs is where the speech before it ended: nothing more will come
   * of that speech, so nobody need wait for as long as the room announces.
   */
  readonly upToPause?: boolean;
};

/** What happens to a seat, called in the order in which it happens. */
export interface RoomListener {
  /** A frame of one peer, every tick while that peer is in the room. */
  frameHeard(from: Participant, frame: AudioFrame): void;
  /** Everybody's words, one's own included. */
  transcriptReceived(transcript: Transcript): void;
  /** A peer is in the room and can hear. Those present at one's own join are reported right after it. */
  participantJoined(peer: Participant): void;
  participantLeft(peer: Participant, reason: string): void;
  appMessageReceived(from: Participant, data: unknown): void;
}

/** One participant's seat. */
export interface Connection {
  readonly self: Participant;
  /** How long the room's transcription takes from the end of speech to the final text, as it announces it. */
  readonly transcriptionLatencyMs: number;
  /** Sends one frame; it is heard by everyone at the next tick. At most one frame a tick. */
  publish(frame: AudioFrame): void;
  /** Sends JSON to one participant (by id) or to all others. */
  sendAppMessage(data: unknown, to?: string): void;
  /** The same for what only repeats the log, such as metrics: it is not logged in its turn. */
  sendUnlogged(data: unknown, to?: string): void;
  /** What was sent before still arrives. */
  leave(reason: string): void;
}

/** A room that can be joined. */
export interface Transport {
  /** Takes a seat. Resolves in call time; rejects with a ProviderError when the room refuses. */
  join(request: JoinRequest, listener: RoomListener): Promise<Connection>;
  /** Ends the room for everyone and releases what it holds. Safe to call twice. */
  close(): Promise<void>;
}

export type JoinRequest = {
  readonly name: string;
  /** Where this participant stands among events of one instant. */
  readonly order: number;
};
