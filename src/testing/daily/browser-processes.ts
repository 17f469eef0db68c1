/** The processes of a browser, found by the folder that its profile lies in. Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

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
