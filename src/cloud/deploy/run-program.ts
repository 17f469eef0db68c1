/**
 * Runs a program of this machine to its end, line by line, and ends it when it takes too long or nobody wants it any more: by
 * force if it does not heed that.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { programEnvironment } from '../../base/program-environment.ts';
import type { WallClock } from '../../clock/wall-clock.ts';

export type ProgramRun = {
  readonly wall: WallClock;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  readonly onLine?: (line: string) => void;
  /** How long it may take to end once it was told to. */
  readonly graceMs?: number;
};

export type ProgramEnd =
  | { readonly kind: 'ended'; readonly code: number | null; readonly lastLines: readonly string[] }
  | { readonly kind: 'missing' }
  | { readonly kind: 'too-slow'; readonly lastLines: readonly string[] };

const KEPT_LINES = 20;
/** A build that is under way takes leave of its daemon first. */
const GRACE_MS = 5_000;
/** What a container engine is told beside where the machine lives: where its own daemon and its own files are. */
const ENGINE = /^(DOCKER|BUILDX|BUILDKIT)_\w+$/;

/** Rejects with the signal's reason only. */
export async function runProgram(command: string, args: readonly string[], run: ProgramRun): Promise<ProgramEnd> {
  const { wall, signal, timeoutMs, env, folder, onLine, graceMs = GRACE_MS } = run;
  signal.throwIfAborted();
  const engine = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && ENGINE.test(entry[0]));
  const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...programEnvironment(env), ...Object.fromEntries(engine) } });
  const lastLines: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      lastLines.push(line);
      if (lastLines.length > KEPT_LINES) lastLines.shift();
      onLine?.(line);
    });
  }
  let isTooSlow = false;
  let callOffForce = (): void => undefined;
  const end = (): void => {
    child.kill();
    callOffForce();
    callOffForce = wall.after(graceMs, () => {
      child.kill('SIGKILL');
      // What it has started may hold on to them.
      child.stdout.destroy();
      child.stderr.destroy();
    });
  };
  const callOff = wall.after(timeoutMs, () => {
    isTooSlow = true;
    end();
  });
  signal.addEventListener('abort', end, { once: true });
  try {
    const code = await new Promise<number | null | 'missing'>((resolve) => {
      child.on('error', () => resolve('missing'));
      child.on('close', resolve);
    });
    signal.throwIfAborted();
    if (code === 'missing') return { kind: 'missing' };
    return isTooSlow ? { kind: 'too-slow', lastLines } : { kind: 'ended', code, lastLines };
  } finally {
    callOff();
    callOffForce();
    signal.removeEventListener('abort', end);
  }
}
