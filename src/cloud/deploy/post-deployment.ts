/**
 * Asks Pipecat Cloud for the version: updates the agent, or makes it where there is none. What Pipecat Cloud refuses for good
 * is an answer here; what failed on the way is thrown, and may have been done all the same.
 */
import { ProviderError } from '../../base/errors.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { AgentDetails } from '../api/agent-answers.ts';
import { CloudError } from '../api/cloud-error.ts';
import type { PipecatCloud } from '../api/pipecat-cloud.ts';
import type { PlannedRequest } from './deploy-diff.ts';

export type Posting = {
  readonly cloud: PipecatCloud;
  readonly wall: WallClock;
  readonly signal: AbortSignal;
  readonly agentName: string;
  readonly exists: boolean;
  readonly region: string;
  readonly request: PlannedRequest;
  readonly force: boolean;
  /** How long a secret set that is not ready may hold it up. */
  readonly pendingMs: number;
  readonly pollMs: number;
  readonly onWait: (what: string) => void;
};

export type Posted = { readonly kind: 'taken'; readonly agent: AgentDetails } | { readonly kind: 'refused'; readonly why: string };

export type DeployRequest = { readonly method: 'POST'; readonly path: string; readonly body: Readonly<Record<string, unknown>> };

/** The request as it is sent. */
export function deployRequest({ agentName, exists, region, request, force }: Pick<Posting, 'agentName' | 'exists' | 'region' | 'request' | 'force'>): DeployRequest {
  return exists
    ? { method: 'POST', path: `/v1/agents/${agentName}`, body: { ...request, ...(force && { forceRedeploy: true }) } }
    : { method: 'POST', path: '/v1/agents', body: { serviceName: agentName, region, ...request } };
}

/** Rejects with a ProviderError where nobody knows whether it was taken, and with the signal's reason. */
export async function postDeployment(posting: Posting): Promise<Posted> {
  const { wall, signal, pendingMs, pollMs, onWait } = posting;
  const endMs = wall.nowMs() + pendingMs;
  for (let exists = posting.exists; ; ) {
    try {
      return { kind: 'taken', agent: await post(posting, exists) };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ProviderError)) throw error;
      const { status } = error;
      if (status === 409 && wall.nowMs() + pollMs <= endMs) {
        onWait('Pipecat Cloud is not ready to deploy: a secret set is not stored yet, or the agent is being changed');
        await wall.sleep(pollMs, signal);
      } else if (status === 404 && exists && !(await isThere(posting))) exists = false;
      else if (isRefusal(error)) return { kind: 'refused', why: error.message };
      else throw error;
    }
  }
}

function post({ cloud, signal, agentName, region, request, force }: Posting, exists: boolean): Promise<AgentDetails> {
  if (exists) return cloud.agents.update(agentName, { ...request, ...(force && { forceRedeploy: true }) }, signal);
  return cloud.agents.create({ serviceName: agentName, region, ...request }, signal);
}

/** An update that finds nothing may have missed the agent, or something that the agent needs. */
async function isThere({ cloud, signal, agentName }: Posting): Promise<boolean> {
  try {
    await cloud.agents.get(agentName, signal);
    return true;
  } catch (error) {
    if (error instanceof CloudError && error.kind === 'not_found') return false;
    throw error;
  }
}

/** What Pipecat Cloud looked at and does not want; a key that is refused, or too many questions, say nothing of it. */
function isRefusal({ status, kind }: ProviderError): boolean {
  return status !== undefined && status >= 400 && status < 500 && kind !== 'unauthorized' && kind !== 'rate_limited';
}
