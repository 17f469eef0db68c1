/**
 * A control group of its own with so much CPU and memory, as a container has one, by the first or the second version of
 * Linux's interface. Says what is missing where it cannot be had. Ends whatever runs in it before it goes.
 */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemWallClock as wall } from '../src/clock/wall-clock.ts';

export type GroupLimits = { readonly cpus: number; readonly memoryBytes: number };

/** What a group has used: CPU since it was made, memory now. */
export type GroupUse = {
  readonly cpuMs: number;
  /** Periods of 100 ms in which somebody ran, and those of them in which the CPU was used up before their end. */
  readonly periods: number;
  readonly throttledPeriods: number;
  /** How long its processes stood still for that, all cores together. */
  readonly throttledMs: number;
  /** What no file stands behind, so that it cannot be given back. */
  readonly anonymousBytes: number;
  /** With the files that were read on its account, some of which can be given back. */
  readonly totalBytes: number;
};

const ROOT = '/sys/fs/cgroup';
const PERIOD_US = 100_000;
const END_MS = 5_000;

export class ControlGroup {
  readonly #version: 1 | 2;
  /** One for each controller; all the same in the second version. */
  readonly #cpu: string;
  readonly #account: string;
  readonly #memory: string;

  /** Throws an Error of one line where it cannot be made. */
  constructor(name: string, { cpus, memoryBytes }: GroupLimits) {
    if (process.getuid?.() !== 0) throw new Error('making a control group takes root');
    const isSecond = existsSync(join(ROOT, 'cgroup.controllers'));
    this.#version = isSecond ? 2 : 1;
    if (isSecond) allowBelow(ROOT);
    else for (const each of ['cpu', 'cpuacct', 'memory']) if (!existsSync(join(ROOT, each, 'cgroup.procs'))) throw new Error(`the controller ${each} is not mounted in ${ROOT}`);
    const folder = (controller: string): string => (isSecond ? join(ROOT, name) : join(ROOT, controller, name));
    [this.#cpu, this.#account, this.#memory] = [folder('cpu'), folder('cpuacct'), folder('memory')];
    try {
      for (const each of this.#folders) mkdirSync(each);
      const quotaUs = Math.round(cpus * PERIOD_US);
      if (isSecond) {
        writeFileSync(join(this.#cpu, 'cpu.max'), `${quotaUs} ${PERIOD_US}`);
        writeFileSync(join(this.#memory, 'memory.max'), String(memoryBytes));
      } else {
        writeFileSync(join(this.#cpu, 'cpu.cfs_period_us'), String(PERIOD_US));
        writeFileSync(join(this.#cpu, 'cpu.cfs_quota_us'), String(quotaUs));
        writeFileSync(join(this.#memory, 'memory.limit_in_bytes'), String(memoryBytes));
      }
    } catch (error) {
      this.#remove();
      throw new Error(`no control group can be made in ${ROOT}: ${(error as Error).message}`);
    }
  }

  /** Words to put before those of a program, which then runs in the group from its first instruction on. */
  get launcher(): readonly string[] {
    const enter = 'while [ "$1" != -- ]; do echo $$ > "$1" || exit 70; shift; done; shift; exec "$@"';
    return ['/bin/sh', '-c', enter, 'enter', ...this.#folders.map((folder) => join(folder, 'cgroup.procs')), '--'];
  }

  get use(): GroupUse {
    const cpu = figuresIn(join(this.#cpu, 'cpu.stat'));
    const memory = figuresIn(join(this.#memory, 'memory.stat'));
    const common = { periods: cpu['nr_periods'] ?? 0, throttledPeriods: cpu['nr_throttled'] ?? 0 };
    if (this.#version === 2) {
      const cpuTimes = { cpuMs: (cpu['usage_usec'] ?? 0) / 1e3, throttledMs: (cpu['throttled_usec'] ?? 0) / 1e3 };
      return { ...common, ...cpuTimes, anonymousBytes: memory['anon'] ?? 0, totalBytes: numberIn(join(this.#memory, 'memory.current')) };
    }
    const cpuTimes = { cpuMs: numberIn(join(this.#account, 'cpuacct.usage')) / 1e6, throttledMs: (cpu['throttled_time'] ?? 0) / 1e6 };
    return { ...common, ...cpuTimes, anonymousBytes: memory['rss'] ?? 0, totalBytes: numberIn(join(this.#memory, 'memory.usage_in_bytes')) };
  }

  /** The most that it ever had; undefined where the kernel does not tell. */
  get peakBytes(): number | undefined {
    const file = join(this.#memory, this.#version === 2 ? 'memory.peak' : 'memory.max_usage_in_bytes');
    return existsSync(file) ? numberIn(file) : undefined;
  }

  get processes(): readonly number[] {
    const file = join(this.#cpu, 'cgroup.procs');
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean).map(Number) : [];
  }

  /** Ends what runs in it, and removes it. Safe to call twice. */
  async close(): Promise<void> {
    const startedMs = wall.nowMs();
    while (this.processes.length > 0 && wall.nowMs() - startedMs < END_MS) {
      for (const pid of this.processes) end(pid);
      await wall.sleep(20);
    }
    this.#remove();
  }

  get #folders(): readonly string[] {
    return [...new Set([this.#cpu, this.#account, this.#memory])];
  }

  #remove(): void {
    for (const folder of this.#folders) if (existsSync(folder)) rmdirSync(folder);
  }
}

/** In the second version a folder has the controllers that the one above it grants. */
function allowBelow(folder: string): void {
  const available = readFileSync(join(folder, 'cgroup.controllers'), 'utf8').trim().split(' ');
  const missing = ['cpu', 'memory'].filter((each) => !available.includes(each));
  if (missing.length > 0) throw new Error(`${folder} has no controller for ${missing.join(' and ')}`);
  try {
    writeFileSync(join(folder, 'cgroup.subtree_control'), '+cpu +memory');
  } catch (error) {
    throw new Error(`${folder} grants no controllers: ${(error as Error).message}`);
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function numberIn(file: string): number {
  return Number(readFileSync(file, 'utf8'));
}

/** Lines of a name and a number. */
function figuresIn(file: string): Readonly<Record<string, number>> {
  const pairs = readFileSync(file, 'utf8').trim().split('\n').map((line) => line.split(' '));
  return Object.fromEntries(pairs.map(([name = '', value]): [string, number] => [name, Number(value)]));
}
