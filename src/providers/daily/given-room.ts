/**
 * A Daily room that somebody else has made and will delete: its address and a token for one participant are all that
 * is known of it. Makes and ends nothing.
 */
import type { DailyRest } from './rest.ts';
import type { RoomAccess } from './room.ts';

export type GivenRoomOptions = {
  readonly url: string;
  readonly token: string | null;
  /** Starts transcription; undefined where that is for somebody else. */
  readonly rest?: DailyRest | undefined;
  /** Is told why transcription was not started. It may run all the same: whoever made the room may have asked for it. */
  readonly onNotStarted: (error: unknown) => void;
};

export function givenRoom({ url, token, rest, onNotStarted }: GivenRoomOptions): RoomAccess {
  return {
    url,
    expiresAtSecs: null,
    tokenFor: async () => token,
    startTranscription: async () => rest?.startTranscription(roomNameIn(url)).catch(onNotStarted),
    end: async () => undefined,
  };
}

/** The last part of its path. */
export function roomNameIn(url: string): string {
  return decodeURIComponent(new URL(url).pathname.replace(/\/+$/, '').split('/').at(-1) ?? '');
}
