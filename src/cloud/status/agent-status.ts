/** How an agent is, in one word and one sentence, out of what Pipecat Cloud says of it. One look; it waits for nothing. */
import type { AgentDetails, AgentRevision } from '../api/agent-answers.ts';
import type { CloudSession } from '../api/sessions.ts';
import { readinessOf, healthLines } from '../deploy/ready.ts';

/** `outdated`: the newest version failed, and the one before still serves. */
export type AgentState = 'serving' | 'deploying' | 'outdated' | 'down';

export type AgentStatus = {
  readonly agent: string;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  readonly state: AgentState;
  /** The sentence. */
  readonly summary: string;
  /** Why it is not well, one line each. */
  readonly reasons: readonly string[];
  readonly image: string | undefined;
  readonly version: string | undefined;
  readonly deployedAt: string | undefined;
  readonly minAgents: number | undefined;
  readonly maxAgents: number | undefined;
  readonly secretSets: readonly string[];
  readonly imagePullSecret: string | undefined;
  readonly maxSessionSecs: number | undefined;
  readonly activeSessions: number | undefined;
  readonly revisions: readonly RevisionStatus[];
};

export type RevisionStatus = {
  readonly which: 'newest' | 'before';
  readonly version: string | undefined;
  readonly phase: string | undefined;
  readonly ready: number | undefined;
  readonly sinceMs: number | undefined;
  readonly health: readonly string[];
};

export function agentStatus(details: AgentDetails, epochMs: number): AgentStatus {
  const spec = details.deployment?.manifest?.spec;
  const readiness = readinessOf(details, undefined);
  const serves = details.available === true;
  const state: AgentState = readiness.kind === 'ready' ? 'serving' : readiness.kind === 'waiting' ? 'deploying' : serves ? 'outdated' : 'down';
  return {
    agent: details.name,
    region: details.region,
    profile: details.agentProfile,
    state,
    summary: sentence(state, serves, readiness.kind === 'waiting' ? readiness.what : ''),
    reasons: readiness.kind === 'failed' ? readiness.why : [],
    image: spec?.image,
    version: details.desiredDeploymentId ?? details.activeDeploymentId,
    deployedAt: details.deployment?.createdAt ?? details.updatedAt,
    minAgents: details.autoScaling?.minReplicas,
    maxAgents: details.autoScaling?.maxReplicas,
    secretSets: spec?.envFromSecretNames ?? [],
    imagePullSecret: spec?.imagePullSecretName,
    maxSessionSecs: spec?.maxSessionDurationSeconds,
    activeSessions: details.activeSessionCount,
    revisions: [...revision('newest', details.currentRevision, epochMs), ...revision('before', details.previousRevision, epochMs)],
  };
}

function sentence(state: AgentState, serves: boolean, what: string): string {
  switch (state) {
    case 'serving':
      return 'the newest version serves';
    case 'deploying':
      return `${what}; ${serves ? 'the version before serves meanwhile' : 'no version serves yet'}`;
    case 'outdated':
      return 'the newest version failed; the one before still serves';
    case 'down':
      return 'no version serves';
  }
}

function revision(which: RevisionStatus['which'], told: AgentRevision | undefined, epochMs: number): RevisionStatus[] {
  if (!told) return [];
  const { deploymentID, phase, readyReplicas, phaseStartedAt } = told;
  const isWell = told.health?.ready === true && told.hasInfrastructureIssue !== true;
  // What the phase is called stands beside it already.
  const lines = isWell ? [] : healthLines({ ...told, phase: undefined });
  const health = lines.map((line) => line.replace(/^the version: /, ''));
  return [{ which, version: deploymentID, phase, ready: readyReplicas, sinceMs: agoMs(phaseStartedAt, epochMs), health }];
}

/** How a session ended, in plain words; undefined while it runs. */
export function sessionEnd({ endedAt, completionStatus }: CloudSession): string | undefined {
  if (endedAt === undefined && completionStatus === undefined) return undefined;
  const status = completionStatus ?? '';
  if (/^2\d\d$/.test(status) || status === 'HTTP_COMPLETED' || status === 'WS_CONNECTION_CLOSED') return 'ended';
  if (status === '') return 'ended, how is not known';
  return `failed (${status})`;
}

/** Undefined for what is no moment. */
export function agoMs(moment: string | undefined, epochMs: number): number | undefined {
  const atMs = moment === undefined ? Number.NaN : Date.parse(moment);
  return Number.isNaN(atMs) ? undefined : Math.max(0, epochMs - atMs);
}
