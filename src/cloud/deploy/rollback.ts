/** The command that brings back what ran before, for Pipecat Cloud itself keeps no way back. */
import type { AgentDetails } from '../api/agent-answers.ts';
import { readImageName } from './image-name.ts';

/** Undefined if nobody knows what ran. */
export function rollbackCommand(agentName: string, before: AgentDetails): string | undefined {
  const { image, buildId } = before.deployment?.manifest?.spec ?? {};
  // Of an image that Pipecat Cloud built, it tells the build and hides the name.
  const source = buildId !== undefined ? `--build-id ${buildId}` : `--image ${image ?? ''}`;
  // It is copied into a shell, so whatever could mean something else there is not told.
  if (!(buildId === undefined ? image !== undefined && readImageName(image) : /^[\w-]+$/.test(buildId))) return undefined;
  const { agentProfile } = before;
  // A profile that failed must not be that of the deploy file again.
  const profile = agentProfile !== undefined && /^[\w-]+$/.test(agentProfile) ? ` --profile ${agentProfile}` : '';
  const { minReplicas, maxReplicas } = before.autoScaling ?? before.deployment?.manifest?.spec?.autoScaling ?? {};
  const scaling = `${minReplicas === undefined ? '' : ` --min-agents ${minReplicas}`}${maxReplicas === undefined ? '' : ` --max-agents ${maxReplicas}`}`;
  return `bottalk deploy --agent-name ${agentName} ${source}${profile}${scaling}`;
}
