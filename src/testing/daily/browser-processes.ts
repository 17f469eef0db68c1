/** The processes of a browser, found by the folder that its profile lies in. Linux only. */
import { readdirSync, readFileSync } from 'node:fs';
import { until } from '../until.ts';

export type BrowserProcess = { readonly pid: number; readonly type: 'supervisor' | 'browser' | 'renderer' | 'audio' | 'other' };

/** Whoever was started for a profile below this folder, with all descendants. */
export function browserProcesses(profilesFolder: string): BrowserProcess[] {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readProcess(Number(name)) ?? []) : []));
  const roots = all.filter(({ command }) => command.includes(profilesFolder) && command.includes('user-data-dir'));
  const found = new Map(roots.map((one) => [one.pid, one]));
  for (let before = -1; found.size !== before; ) {
    before = found.size;
    for (const one of all) if (found.has(one.parent)) found.set(one.pid, one);
  }
  return [...found.values()].map(({ pid, command }) => ({ pid, type: typeOf(command) }));
}

/** Resolves when neither a browser nor a profile is left below this folder. */
export async function noBrowserLeft(folder: string): Promise<void> {
  const profiles = (): string[] => readdirSync(folder).filter((name) => name.startsWith('bottalk-chromium-'));
  await until(() => browserProcesses(folder).length === 0 && profiles().length === 0, 10);
}

function readProcess(pid: number): { readonly pid: number; readonly parent: number; readonly command: string } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = status.slice(status.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z') return undefined;
    return { pid, parent: Number(parent), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') };
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}

function typeOf(command: string): BrowserProcess['type'] {
  if (command.startsWith('/bin/sh')) return 'supervisor';
  if (command.includes('audio.mojom.AudioService')) return 'audio';
  const type = /--type=(\S+)/.exec(command)?.[1];
  return type === undefined ? 'browser' : type === 'renderer' ? 'renderer' : 'other';
}
