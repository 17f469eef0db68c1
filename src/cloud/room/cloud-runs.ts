/** What a run in the cloud needs before it begins: its keys, and room in the pool for its two sessions. */
import { mistakesOf, UsageError } from '../../base/errors.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { OpenElsewhere } from '../../compose/crew.ts';
import { needed, type Secrets } from '../../compose/secrets.ts';
import { cloudKeys, neededKey } from '../api/keys.ts';
import { pipecatCloud, type PipecatCloud } from '../api/pipecat-cloud.ts';
import { cloudCrew, type CloudCrewOptions } from './open-cloud-crew.ts';

export type CloudRunsOptions = Omit<CloudCrewOptions, 'cloud'> & { readonly wall: WallClock; readonly secrets: Secrets };

/** Two agents talk in a run, and each is a session. */
const SESSIONS_PER_RUN = 2;

/** Throws a UsageError for a key that is missing. */
export function cloudRuns({ wall, secrets, ...options }: CloudRunsOptions): OpenElsewhere {
  return cloudCrew({ ...options, cloud: cloudFor(secrets, wall) });
}

/** How many runs the agent's instances can hold at once. Rejects with a UsageError where that is not even one. */
export async function runsAtOnce({ wall, secrets, agent }: Pick<CloudRunsOptions, 'wall' | 'secrets' | 'agent'>): Promise<number> {
  const { autoScaling } = await cloudFor(secrets, wall).agents.get(agent);
  const most = autoScaling?.maxReplicas;
  // Where Pipecat Cloud does not say, it will say so itself when there are too many.
  if (most === undefined) return Number.POSITIVE_INFINITY;
  if (most < SESSIONS_PER_RUN) throw new UsageError(`a run needs ${SESSIONS_PER_RUN} sessions, and ${agent} has at most ${most}`, `bottalk deploy --max-agents ${SESSIONS_PER_RUN}`);
  return Math.floor(most / SESSIONS_PER_RUN);
}

function cloudFor(secrets: Secrets, wall: WallClock): PipecatCloud {
  const keys = cloudKeys(secrets);
  const missing = [
    ...mistakesOf(() => neededKey(keys, 'public', 'starting sessions in the cloud')),
    ...mistakesOf(() => neededKey(keys, 'private', 'stopping sessions in the cloud')),
    ...mistakesOf(() => needed(secrets, 'DAILY_API_KEY', 'a Daily room')),
  ];
  if (missing.length > 0) throw new UsageError(missing);
  return pipecatCloud({ wall, keys });
}
