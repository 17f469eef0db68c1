/** The processes of a run whose agents have one each, found by the names that they give themselves. Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

/** The process of this agent that this process, or the one given, has started. */
export function agentProcess(agent: string, parentPid = process.pid): number | undefined {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => isAgent(pid, agent, parentPid));
}

/** Neither gone nor waiting for somebody to notice that it is. */
export function isRunning(pid: number): boolean {
  return statusOf(pid) !== undefined;
}

function isAgent(pid: number, agent: string, parentPid: number): boolean {
  try {
    return statusOf(pid)?.parentPid === parentPid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', '').startsWith(`bottalk agent: ${agent}`);
  } catch {
    // It ended meanwhile.
    return false;
  }
}

function statusOf(pid: number): { readonly parentPid: number } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = status.slice(status.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : { parentPid: Number(parent) };
  } catch {
    return undefined;
  }
}
