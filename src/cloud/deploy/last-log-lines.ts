/** The last lines that a version wrote, oldest first, fit for a terminal. */
import type { PipecatCloud } from '../api/pipecat-cloud.ts';
import { plainLine } from './plain-line.ts';

/** Enough for a traceback. */
const LINES = 20;

export async function lastLogLines(
  cloud: PipecatCloud,
  { agentName, deploymentId, signal }: { readonly agentName: string; readonly deploymentId: string | undefined; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const query = { limit: LINES, order: 'desc', ...(deploymentId !== undefined && { deploymentId }) } as const;
  const { logs } = await cloud.agents.logs(agentName, query, signal);
  return logs.map(({ log }) => plainLine(log)).toReversed();
}
