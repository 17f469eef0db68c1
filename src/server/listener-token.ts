/** A token for somebody who listens to a call in a Daily room: they may come in, and own nothing there. */
import type { WallClock } from '../clock/wall-clock.ts';
import { openDailyRest } from '../compose/open-daily-rest.ts';
import type { Secrets } from '../compose/secrets.ts';
import { roomNameIn } from '../providers/daily/given-room.ts';

/** As long as those of Pipecat's server; the room itself goes long before. */
const LIFE_SECS = 3600;

/** No agent's name, so that nobody takes the listener for a peer. */
const NAME = 'Listener';

/** Rejects with a ProviderError. */
export function listenerToken(roomUrl: string, { secrets, wall }: { readonly secrets: Secrets; readonly wall: WallClock }): Promise<string> {
  const rest = openDailyRest({ wall, secrets });
  return rest.createToken({ roomName: roomNameIn(roomUrl), userName: NAME, expiresAtSecs: Math.floor(wall.epochMs() / 1000) + LIFE_SECS });
}
