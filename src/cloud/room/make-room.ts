/** The Daily room of a run in the cloud, made before its sessions are started. Its key stays here. */
import type { ElsewhereRun } from '../../compose/crew.ts';
import { needed } from '../../compose/secrets.ts';
import { DailyRest } from '../../providers/daily/rest.ts';
import { newRoom, type OwnRoom } from '../../providers/daily/room.ts';
import type { Case } from '../../scenarios/scenario.ts';

/** The life of a room counts from when it is made, and the call in it begins so much later at most. */
const COLD_START_SECS = 240;

/** Rejects with a ProviderError. `onProgress`: is told of tries that failed. */
export function makeRoom({ scenario }: Case, { wall, secrets, daily }: ElsewhereRun, onProgress: (text: string) => void): Promise<OwnRoom> {
  const rest = new DailyRest({
    wall,
    apiKey: needed(secrets, 'DAILY_API_KEY', 'a Daily room'),
    ...(secrets.DAILY_BASE_URL !== undefined && { baseUrl: secrets.DAILY_BASE_URL }),
    ...(daily?.firstWaitMs !== undefined && { firstWaitMs: daily.firstWaitMs }),
    onFailedTry: ({ error, retryInMs }) => {
      if (retryInMs !== null) onProgress(`${error.message}; asked again in ${retryInMs / 1000} s`);
    },
  });
  return newRoom({ rest, wall, lifeSecs: scenario.room.life + COLD_START_SECS, ...(daily?.endMs !== undefined && { endMs: daily.endMs }) });
}
