/** The Daily room of a run in the cloud, made before its sessions are started. Its key stays here. */
import type { ElsewhereRun } from '../../compose/crew.ts';
import { openDailyRest } from '../../compose/open-daily-rest.ts';
import { newRoom, type OwnRoom } from '../../providers/daily/room.ts';
import type { Case } from '../../scenarios/scenario.ts';

/** The life of a room counts from when it is made, and the call in it begins so much later at most. */
const COLD_START_SECS = 240;

/** Rejects with a ProviderError. `onProgress`: is told of tries that failed. */
export function makeRoom({ scenario }: Case, { wall, secrets, daily }: ElsewhereRun, onProgress: (text: string) => void): Promise<OwnRoom> {
  const rest = openDailyRest({ wall, secrets, firstWaitMs: daily?.firstWaitMs, onRetry: onProgress });
  return newRoom({ rest, wall, lifeSecs: scenario.room.life + COLD_START_SECS, ...(daily?.endMs !== undefined && { endMs: daily.endMs }) });
}
