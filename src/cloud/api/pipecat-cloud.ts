/**
 * Pipecat Cloud's REST interface, as bottalk uses it: agents, sessions, secrets, builds and regions. The private key goes
 * with calls about an account, the public one with starting a session and asking it, and neither to any other origin.
 */
import { agentCalls, type AgentCalls } from './agents.ts';
import { buildCalls, type BuildCalls } from './builds.ts';
import type { CloudTimeouts } from './cloud-call.ts';
import { regionCalls, type RegionCalls } from './regions.ts';
import { cloudRequests, type RequestOptions } from './requests.ts';
import { secretCalls, type SecretCalls } from './secrets.ts';
import { sessionCalls, type SessionCalls } from './sessions.ts';

/**
 * Every method rejects with a CloudError (a ProviderError of provider `pipecat-cloud` that knows Pipecat Cloud's code), with
 * a UsageError where it needs a key that is not there, or with the signal's reason.
 */
export interface PipecatCloud {
  readonly agents: AgentCalls;
  readonly sessions: SessionCalls;
  readonly secrets: SecretCalls;
  readonly regions: RegionCalls;
  readonly builds: BuildCalls;
}

export type PipecatCloudOptions = Omit<RequestOptions, 'timeouts'> & { readonly timeouts?: Partial<CloudTimeouts> };

const TIMEOUTS: CloudTimeouts = { callMs: 20_000, deployMs: 60_000, startMs: 120_000, proxyMs: 5_000, uploadMs: 600_000 };

export function pipecatCloud({ timeouts, ...options }: PipecatCloudOptions): PipecatCloud {
  const requests = cloudRequests({ ...options, timeouts: { ...TIMEOUTS, ...timeouts } });
  return {
    agents: agentCalls(requests),
    sessions: sessionCalls(requests),
    secrets: secretCalls(requests),
    regions: regionCalls(requests),
    builds: buildCalls(requests),
  };
}
