/** Agents that are sessions in Pipecat Cloud, for the commands that run calls: whose sessions they are, and what is waited for. */
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import { DEFAULT_NAME } from '../cloud/deploy/deploy-settings.ts';
import { cloudRuns } from '../cloud/room/cloud-runs.ts';
import type { OpenElsewhere } from '../compose/crew.ts';
import type { Secrets } from '../compose/secrets.ts';
import { meantAgent } from './cloud-command.ts';
import { openSpinner } from './spinner.ts';

/** The deployed agent that is meant. */
export async function cloudAgentName(named: string | undefined): Promise<string> {
  return (await meantAgent(named)) ?? DEFAULT_NAME;
}

export type CloudAgentsOptions = { readonly secrets: Secrets; readonly agentName: string | undefined; readonly quiet: boolean };

/** Throws a UsageError for a key that is missing. */
export async function cloudAgents({ secrets, agentName, quiet }: CloudAgentsOptions): Promise<OpenElsewhere> {
  const agent = await cloudAgentName(agentName);
  const waiting = quiet ? undefined : await openWaiting();
  return cloudRuns({ wall, secrets, agent, onProgress: (text) => waiting?.(text) });
}

/** A moving line on a terminal, a line for each step elsewhere; undefined ends it. */
async function openWaiting(): Promise<(text: string | undefined) => void> {
  if (!process.stderr.isTTY) return (text) => void (text === undefined || process.stderr.write(`cloud: ${text}\n`));
  let spinner: Awaited<ReturnType<typeof openSpinner>> | undefined;
  // Loaded now, so that a step is shown when it begins.
  await import('ora');
  let isOver = false;
  return (text) => {
    if (text === undefined) {
      isOver = true;
      return spinner?.close();
    }
    if (spinner) return spinner.show(text);
    void openSpinner(text).then((opened) => (isOver ? opened.close() : (spinner = opened)));
  };
}
