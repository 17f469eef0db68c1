/**
 * A Daily room as a run uses it: made for the run and deleted with it. Keeps the API key out of everything that
 * follows.
 */
import type { WallClock } from '../../clock/wall-clock.ts';
import type { DailyRest, TranscriptionRequest } from './rest.ts';
import { trouble } from './trouble.ts';

export type StartBySeat = (request: TranscriptionRequest) => Promise<void>;

export interface RoomAccess {
  /** Where people can join. */
  readonly url: string;
  /** When everybody is thrown out, in seconds since the epoch; null means never. */
  readonly expiresAtSecs: number | null;
  /** A token for one participant; null where none is needed. */
  tokenFor(userName: string): Promise<string | null>;
  /** Starts transcription where this process is the one to do so; otherwise it does nothing. `bySeat` asks for it as a participant. */
  startTranscription(bySeat?: StartBySeat): Promise<void>;
  /** Ends the room for everybody where it is ours. */
  end(): Promise<void>;
}

/** A room that was made here, and what else can be done in it by whoever has the key. */
export interface OwnRoom extends RoomAccess {
  /** A token for somebody who only listens and whom nobody sees. */
  hiddenTokenFor(userName: string): Promise<string>;
  /** Tells everybody in the room, without having a seat there. */
  tellAll(data: unknown): Promise<void>;
}

export type NewRoomOptions = {
  readonly rest: DailyRest;
  readonly wall: WallClock;
  /** How long the room lives. */
  readonly lifeSecs?: number;
  /** Null leaves transcription off. */
  readonly transcription?: TranscriptionRequest | null;
  /** How long deleting it may take, all tries together. */
  readonly endMs?: number;
  readonly signal?: AbortSignal | undefined;
};

const LIFE_SECS = 600;
/** So much longer than the room a token is good, so that it is never the token that ends a call. */
const TOKEN_MARGIN_SECS = 60;

/** A run that is over keeps its user waiting no longer; a room that could not be deleted by then goes when it expires. */
const END_MS = 8_000;

/** Makes a room. Rejects with a ProviderError. */
export async function newRoom({ rest, wall, lifeSecs = LIFE_SECS, transcription, endMs = END_MS, signal }: NewRoomOptions): Promise<OwnRoom> {
  const expiresAtSecs = Math.floor(wall.epochMs() / 1000) + lifeSecs;
  const room = await rest.createRoom({ expiresAtSecs }, signal);
  const token = (userName: string, hidden: boolean): Promise<string> =>
    rest.createToken({ roomName: room.name, userName, expiresAtSecs: expiresAtSecs + TOKEN_MARGIN_SECS, hidden }, signal);
  return {
    url: room.url,
    expiresAtSecs,
    tokenFor: (userName) => token(userName, false),
    hiddenTokenFor: (userName) => token(userName, true),
    tellAll: (data) => rest.sendAppMessage(room.name, data, '*', signal),
    startTranscription: async () => {
      if (transcription !== null) await rest.startTranscription(room.name, transcription, signal);
    },
    end: () => end(room.name, { rest, wall, endMs }),
  };
}

/** Not ended by the run's own signal: the room goes, above all when the run was cancelled. */
async function end(name: string, { rest, wall, endMs }: { readonly rest: DailyRest; readonly wall: WallClock; readonly endMs: number }): Promise<void> {
  const limit = new AbortController();
  const endTimer = wall.after(endMs, () => limit.abort(trouble('timeout', `Daily did not answer within ${endMs / 1000} s`)));
  try {
    await rest.deleteRoom(name, limit.signal);
  } finally {
    endTimer();
  }
}
