/** The command that brings back what ran before, for Pipecat Cloud itself keeps no way back. */
import type { AgentDetails } from '../api/agent-answers.ts';
import { readImageName } from './image-name.ts';

/** Undefined if nobody knows what ran. */
export function rollbackCommand(agentName: string, before: AgentDetails): string | undefined {
  const { image, buildId } = before.deployment?.manifest?.spec ?? {};
  // Of an image that Pipecat Cloud built, it tells the build and hides the name.
  const source = buildId !== undefined ? `--build-id ${buildId}` : image !== undefined && readImageName(image) ? `--image ${image}` : undefined;
  if (source === undefined || /[^\w./:@ -]/.test(source)) return undefined;
  const { minReplicas, maxReplicas } = before.autoScaling ?? before.deployment?.manifest?.spec?.autoScaling ?? {};
  const scaling = `${minReplicas === undefined ? '' : ` --min-agents ${minReplicas}`}${maxReplicas === undefined ? '' : ` --max-agents ${maxReplicas}`}`;
  return `bottalk deploy --agent-name ${agentName} ${source}${scaling}`;
}
