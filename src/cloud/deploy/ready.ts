/**
 * Whether a version serves, out of what Pipecat Cloud says of its agent: one look, no waiting. `ready` alone is not
 * believed, for it may speak of the version before.
 */
import type { AgentDetails, AgentRevision } from '../api/agent-answers.ts';
import { explained, quotable } from '../api/cloud-error.ts';

export type Readiness =
  | { readonly kind: 'ready' }
  /** `why`: one line each. */
  | { readonly kind: 'failed'; readonly why: readonly string[] }
  /** `what`: what is waited for, for a line that moves. */
  | { readonly kind: 'waiting'; readonly what: string };

/** Reasons of a container that time does not mend. */
const HOPELESS = new Set(['CrashLoopBackOff', 'ImagePullBackOff', 'InvalidImageName', 'CreateContainerConfigError']);
/** Phases in which a version does not serve yet, whatever is said of the agent as a whole. */
const EARLY_PHASES = new Set(['Creating', 'Validating']);

/** `wanted`: the version that was asked for. */
export function readinessOf(agent: AgentDetails, wanted: string | undefined): Readiness {
  const { errors = [], reconciledDeploymentId, available, ready, activeDeploymentReady } = agent;
  if (errors.length > 0) return { kind: 'failed', why: errors.map(errorLine) };
  const desired = agent.desiredDeploymentId ?? agent.activeDeploymentId;
  if (wanted !== undefined && desired !== undefined && desired !== wanted) {
    return { kind: 'failed', why: [`somebody else deployed version ${desired} while this one was coming up`] };
  }
  const revision = revisionOf(agent, wanted ?? desired);
  if (revision && isHopeless(revision)) return { kind: 'failed', why: healthLines(revision) };
  if (desired !== undefined && reconciledDeploymentId !== desired) return { kind: 'waiting', what: 'waiting for Pipecat Cloud to take the version up' };
  const isEarly = EARLY_PHASES.has(revision?.phase ?? '');
  if (available === true && (ready === true || activeDeploymentReady === true) && !isEarly) return { kind: 'ready' };
  return { kind: 'waiting', what: waitingFor(agent, revision) };
}

/** What is known of a version that did not come up, one line each. */
export function healthLines({ phase, health, hasInfrastructureIssue }: AgentRevision): readonly string[] {
  const { reason, lastExitCode, lastTerminationReason, restartCount, message, headline } = health ?? {};
  const facts = [
    reason,
    lastTerminationReason === undefined ? undefined : `last ended with ${lastTerminationReason}`,
    lastExitCode === undefined ? undefined : `exit code ${lastExitCode}${lastExitCode === 137 ? ' (killed, often for want of memory)' : ''}`,
    restartCount === undefined || restartCount === 0 ? undefined : `${restartCount} restarts`,
  ].filter((fact) => fact !== undefined);
  return [
    ...(phase === undefined && facts.length === 0 ? [] : [`the version${phase === undefined ? '' : ` is in phase ${phase}`}${facts.length > 0 ? `: ${facts.join(', ')}` : ''}`]),
    ...[headline, lastLine(message)].map(quotable).filter((line) => line !== undefined),
    ...(hasInfrastructureIssue === true ? ['Pipecat Cloud reports trouble of its own'] : []),
  ];
}

function revisionOf({ currentRevision }: AgentDetails, wanted: string | undefined): AgentRevision | undefined {
  if (!currentRevision) return undefined;
  const { deploymentID } = currentRevision;
  return deploymentID === undefined || wanted === undefined || deploymentID === wanted ? currentRevision : undefined;
}

function isHopeless({ phase, health }: AgentRevision): boolean {
  return phase === 'Failed' || HOPELESS.has(health?.reason ?? '');
}

function waitingFor({ conditions = [] }: AgentDetails, revision: AgentRevision | undefined): string {
  const condition = conditions.find(({ type, status }) => (type === 'Degraded' || type === 'Progressing') && status === 'True');
  const words = quotable(condition?.message ?? condition?.reason);
  const parts = [revision?.phase?.toLowerCase(), revision?.health?.reason, words].filter((part) => part !== undefined);
  return parts.length === 0 ? 'the version is coming up' : `the version is coming up: ${parts.join(', ')}`;
}

function errorLine({ code, message }: { readonly code?: string | undefined; readonly message?: string | undefined }): string {
  const known = code === undefined ? undefined : explained(code);
  return known ? `${known.line} (${code})` : (quotable(message) ?? code ?? 'Pipecat Cloud names an error without words');
}

/** Of a traceback, what it comes to. */
function lastLine(text: string | undefined): string | undefined {
  return text?.trimEnd().split('\n').at(-1);
}
