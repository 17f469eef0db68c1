/** A token for somebody who listens to a call in a Daily room: they may come in, and own nothing there. */
import type { WallClock } from '../clock/wall-clock.ts';
import { needed, type Secrets } from '../compose/secrets.ts';
import { DailyRest } from '../providers/daily/rest.ts';

/** As long as those of Pipecat's server; the room itself goes long before. */
const LIFE_SECS = 3600;

/** No agent's name, so that nobody takes the listener for a peer. */
const NAME = 'Listener';

/** Rejects with a ProviderError. */
export function listenerToken(roomUrl: string, { secrets, wall }: { readonly secrets: Secrets; readonly wall: WallClock }): Promise<string> {
  const { DAILY_BASE_URL: baseUrl } = secrets;
  const rest = new DailyRest({ wall, apiKey: needed(secrets, 'DAILY_API_KEY', 'a Daily room'), ...(baseUrl !== undefined && { baseUrl }) });
  const roomName = new URL(roomUrl).pathname.split('/').findLast((part) => part !== '') ?? '';
  return rest.createToken({ roomName, userName: NAME, expiresAtSecs: Math.floor(wall.epochMs() / 1000) + LIFE_SECS });
}
