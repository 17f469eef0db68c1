/** Where the cases of a test run have their agents, how many run at once, and for how long each may. */
import { availableParallelism } from 'node:os';
import { UsageError } from '../base/errors.ts';
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import type { Secrets } from '../compose/secrets.ts';
import type { WorkerKind } from '../compose/test-worker-process.ts';
import type { TestFlags } from './test-flags.ts';

export type TestPlace = { readonly workers: number; readonly timeoutSecs: number; readonly cloudAgent?: string; readonly workerKind?: WorkerKind };

const TIMEOUT_SECS = 120;
/** A call in the cloud keeps real time, and cold starts come before it. */
const CLOUD_TIMEOUT_SECS = 900;
/** This machine listens to each call with a browser of its own. */
const MOST_LISTENED_TO = 8;

/** Rejects with a UsageError where the cloud cannot hold a single call. */
export async function placeOf({ cloud, agentName, workers, timeout }: TestFlags, secrets: Secrets): Promise<TestPlace> {
  if (!cloud) {
    if (agentName !== undefined) throw new UsageError('--agent-name says whose sessions the agents are, and they are none', 'add --cloud');
    return { workers: workers ?? availableParallelism(), timeoutSecs: timeout ?? TIMEOUT_SECS };
  }
  const [{ cloudAgentName }, { runsAtOnce }, { cloudWorkerKind }] = await Promise.all([
    import('./cloud-agents.ts'),
    import('../cloud/room/cloud-runs.ts'),
    import('../cloud/room/cloud-worker-kind.ts'),
  ]);
  const cloudAgent = await cloudAgentName(agentName);
  const most = await runsAtOnce({ wall, secrets, agent: cloudAgent });
  const wanted = workers ?? Math.min(most, MOST_LISTENED_TO);
  if (wanted > most) process.stderr.write(`cloud: ${cloudAgent} has instances for ${most} ${most === 1 ? 'run' : 'runs'} at once\n`);
  return { workers: Math.min(wanted, most), timeoutSecs: timeout ?? CLOUD_TIMEOUT_SECS, cloudAgent, workerKind: cloudWorkerKind() };
}
