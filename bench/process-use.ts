/** What processes have used, by what they are: Node, or one of Chromium's kinds. Linux only. */
import { readFileSync } from 'node:fs';

export type KindUse = {
  readonly processes: number;
  /** Since they began. */
  readonly cpuMs: number;
  /** What no file stands behind. */
  readonly anonymousMb: number;
  /** With pages of files, which are divided among all processes that share them. */
  readonly pssMb: number;
  /** With pages of files, which count whole for each. */
  readonly rssMb: number;
};

const TICK_MS = 10;
const NONE: KindUse = { processes: 0, cpuMs: 0, anonymousMb: 0, pssMb: 0, rssMb: 0 };

/** Memory is 0 where it was not asked for. */
export function useByKind(pids: readonly number[], { withMemory }: { readonly withMemory: boolean }): Readonly<Record<string, KindUse>> {
  const found: Record<string, KindUse> = {};
  for (const pid of pids) {
    const read = readProcess(pid, withMemory);
    if (!read) continue;
    const { kind, cpuMs, mb } = read;
    const sum = found[kind] ?? NONE;
    found[kind] = {
      processes: sum.processes + 1,
      cpuMs: sum.cpuMs + cpuMs,
      anonymousMb: sum.anonymousMb + mb('Anonymous'),
      pssMb: sum.pssMb + mb('Pss'),
      rssMb: sum.rssMb + mb('Rss'),
    };
  }
  return found;
}

function readProcess(pid: number, withMemory: boolean): { readonly kind: string; readonly cpuMs: number; readonly mb: (what: string) => number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const kind = kindOf(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
    const memory = withMemory ? readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8') : '';
    return {
      kind,
      // In user mode and in the kernel.
      cpuMs: TICK_MS * (Number(fields[11]) + Number(fields[12])),
      mb: (what) => Number(new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(memory)?.[1] ?? 0) / 1024,
    };
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}

function kindOf(command: string): string {
  if (!command.includes('--headless') && !command.includes('--type=')) return command.includes('bottalk.js') ? 'Node' : 'shell';
  const service = /--utility-sub-type=(\w+)\./.exec(command)?.[1];
  return `Chromium's ${service ?? /--type=(\S+)/.exec(command)?.[1] ?? 'browser'}`;
}
