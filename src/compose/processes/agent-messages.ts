/**
 * What the process of one agent and the process that keeps the run say to each other, in order, over the channel
 * between them. Plain data; keys travel here and nowhere where another process could read them.
 */
import type { Participant, Transcript } from '../../room/room.ts';
import type { EndedBy, NewEvent } from '../../events/event.ts';
import type { CassetteCall } from '../../providers/cassette/cassette.ts';
import type { SeatListener, SeatRequest } from '../../providers/daily/seat.ts';
import type { Case } from '../../scenarios/scenario.ts';
import type { LonePatience } from '../patience.ts';
import type { StartedAgent } from '../run-started.ts';
import type { Secrets } from '../secrets.ts';
import type { CarriedError } from './carried-error.ts';

/** All that an agent's process has to know. */
export type AgentOrder = {
  readonly of: Case;
  /** Which of the scenario's agents it is. */
  readonly order: number;
  readonly secrets: Secrets;
  readonly strict: boolean;
  /** Whether it takes down what it asks of the world. */
  readonly record: boolean;
  readonly cacheFolder: string | undefined;
  readonly modelFolder: string | undefined;
  readonly patience: LonePatience | undefined;
};

export type ToAgent =
  | { readonly kind: 'prepare'; readonly order: AgentOrder }
  /** The log has begun: connect to the world, and answer `connected`. */
  | { readonly kind: 'connect' }
  /** Answers `time`: what call time it was here. */
  | { readonly kind: 'time'; readonly callMs: number }
  | { readonly kind: 'sit'; readonly request: SeatRequest; readonly announcedLatencyMs: number }
  /** A text of the room. */
  | { readonly kind: 'text'; readonly transcript: Transcript }
  /** To be sent from the agent's seat. */
  | { readonly kind: 'send'; readonly data: unknown; readonly to: string | undefined }
  /** Answers `leaving`: all that was to be sent has been told. */
  | { readonly kind: 'go' }
  | { readonly kind: 'end'; readonly endedBy: EndedBy }
  | { readonly kind: 'stop'; readonly reason: string }
  /** The call is over: close everything and end. */
  | { readonly kind: 'close' };

/** What a seat tells its listener, except what an agent alone has to know and what ends it. */
export type SeatNews = {
  [What in Exclude<keyof SeatListener, 'appMessageArrived' | 'seatLost'>]: { readonly what: What; readonly given: Parameters<SeatListener[What]> };
}[Exclude<keyof SeatListener, 'appMessageArrived' | 'seatLost'>];

export type FromAgent =
  | { readonly kind: 'ready'; readonly started: StartedAgent; readonly warning: string | undefined }
  | { readonly kind: 'connected' }
  | { readonly kind: 'time' }
  | { readonly kind: 'seated'; readonly self: Participant }
  | { readonly kind: 'refused'; readonly error: CarriedError }
  | { readonly kind: 'news'; readonly news: SeatNews }
  | { readonly kind: 'seat_lost'; readonly error: CarriedError }
  /** A frame that the agent sent. */
  | { readonly kind: 'spoke'; readonly samples: Int16Array }
  /** The agent says nothing more and waits for `go` to leave its seat. */
  | { readonly kind: 'leaving'; readonly reason: string }
  /** Times are those of the call. */
  | { readonly kind: 'event'; readonly event: NewEvent; readonly happenedMs: number }
  | { readonly kind: 'ended'; readonly endedBy: EndedBy }
  /** All that it has asked of the world; comes last. */
  | { readonly kind: 'recorded'; readonly calls: readonly CassetteCall[] }
  /** The agent cannot go on. */
  | { readonly kind: 'failed'; readonly error: CarriedError }
  /** Something about this machine that the user should know. */
  | { readonly kind: 'warning'; readonly text: string };
