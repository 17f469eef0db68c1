/** Who takes the seat from which a run in the cloud is recorded: it hears for the record only, and says nothing. */
import type { Participant } from '../../room/room.ts';
import type { Participating } from '../../run/conversation.ts';

/** What it is called, for those who look at the room from outside. */
export const LISTENER = 'bottalk';

/** Leaves with the room. `onRecorded`: the record knows of somebody. */
export function listening(onRecorded: (peer: Participant) => void): Participating {
  const listener = {
    frameHeard: () => undefined,
    transcriptReceived: () => undefined,
    participantJoined: onRecorded,
    participantLeft: () => undefined,
    appMessageReceived: () => undefined,
  };
  return {
    join: async (room) => void (await room.join({ name: LISTENER, order: 2 }, listener)),
    end: () => undefined,
    stop: () => undefined,
  };
}
