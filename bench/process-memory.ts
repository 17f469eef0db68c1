/** A command of ours as a process of its own, and how much memory it and its children take meanwhile. */
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { systemWallClock as wall } from '../src/clock/wall-clock.ts';

export type WatchedProcess = {
  readonly wallSecs: number;
  readonly output: string;
  /** The most that all of them had at one time; pages that they share count for each. */
  readonly peakMb: number;
};

export type WatchOptions = {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Told of everything printed so far, and what it and its children had at the last look. */
  readonly onOutput?: (output: string, memoryMb: number) => void;
};

const LOOK_EVERY_MS = 250;
/** A command that fails says why at the end of what it prints. */
const LAST_WORDS = 2_000;

/** Throws if it does not exit with 0. */
export async function watchedProcess(words: readonly string[], { env, cwd, onOutput }: WatchOptions): Promise<WatchedProcess> {
  const startedMs = wall.nowMs();
  const child = spawn(process.execPath, words, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const looks: number[] = [0];
  let looking: Promise<void> | undefined;
  const stop = wall.every(LOOK_EVERY_MS, () => {
    looking ??= memoryMb(child.pid as number).then((mb) => {
      looks.push(mb);
      looking = undefined;
    });
  });
  let output = '';
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    onOutput?.(output, looks.at(-1) as number);
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  const wallSecs = (wall.nowMs() - startedMs) / 1000;
  stop();
  await looking;
  if (code !== 0) throw new Error(`${words.join(' ')} exited with ${String(code)}: ${errors}${output.slice(-LAST_WORDS)}`);
  return { wallSecs, output, peakMb: Math.max(...looks) };
}

/** Of this process and all below it. */
async function memoryMb(root: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,rss=']);
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const family = new Set([root]);
  for (let before = 0; before < family.size; ) {
    before = family.size;
    for (const [pid, parent] of rows) if (pid !== undefined && parent !== undefined && family.has(parent)) family.add(pid);
  }
  return rows.reduce((sum, [pid, , kilobytes]) => sum + (pid !== undefined && family.has(pid) ? (kilobytes ?? 0) : 0), 0) / 1024;
}
