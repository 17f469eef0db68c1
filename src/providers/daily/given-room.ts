/**
 * A Daily room that somebody else has made and will delete: its address and a token for one participant are all that
 * is known of it. Makes and ends nothing.
 */
import { type DailyRest, DEFAULT_TRANSCRIPTION } from './rest.ts';
import type { RoomAccess } from './room.ts';

export type GivenRoomOptions = {
  readonly url: string;
  readonly token: string | null;
  /** Whether it is for this participant to have the room transcribed. */
  readonly isTranscribedByUs: boolean;
  /** With the account's key that is asked for by REST; without it by the participant, whose token has to allow it. */
  readonly rest?: DailyRest | undefined;
  /** Is told why transcription was not started. It may run all the same: whoever made the room may have asked for it. */
  readonly onNotStarted: (error: unknown) => void;
};

export function givenRoom({ url, token, isTranscribedByUs, rest, onNotStarted }: GivenRoomOptions): RoomAccess {
  return {
    url,
    expiresAtSecs: null,
    tokenFor: async () => token,
    startTranscription: async (bySeat) => {
      if (isTranscribedByUs) await (rest ? rest.startTranscription(roomNameIn(url)) : bySeat?.(DEFAULT_TRANSCRIPTION))?.catch(onNotStarted);
    },
    end: async () => undefined,
  };
}

/** The name by which the REST interface knows a room: the last part of its address. */
export function roomNameIn(url: string): string {
  return decodeURIComponent(new URL(url).pathname.replace(/\/+$/, '').split('/').at(-1) ?? '');
}
