/** Runs the built command as users do: a process of its own, whose streams and exit are looked at. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { sharedCache } from './shared-cache.ts';

/** `npm test` builds the command before any test is run. */
export const COMMAND = join(import.meta.dirname, '../../dist/bin/bottalk.js');

export type ProcessOptions = {
  /** Where it runs; runs/ appears there. */
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Given the process before it does anything. */
  readonly onStart?: (process: ChildProcess) => void;
  /** Given all that was printed so far, whenever there is more. */
  readonly onOutput?: (process: ChildProcess, output: string) => void;
  /** The same of all that was printed to stderr. */
  readonly onErrors?: (process: ChildProcess, errors: string) => void;
};

export type CommandResult = {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly errors: string;
};

export type CommandOptions = ProcessOptions & {
  /** The one that tests share, if not given. */
  readonly cacheFolder?: string;
};

export function bottalk(words: readonly string[], { cacheFolder = sharedCache, ...options }: CommandOptions): Promise<CommandResult> {
  const env = { CI: '1', NO_COLOR: '1', ...(cacheFolder !== undefined && { BOTTALK_CACHE_DIR: cacheFolder }), ...options.env };
  return nodeProcess([COMMAND, ...words], { ...options, env });
}

export function nodeProcess(words: readonly string[], { cwd, env, onStart, onOutput, onErrors }: ProcessOptions): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    onStart?.(child);
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      onOutput?.(child, output);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
      onErrors?.(child, errors);
    });
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal, output, errors }));
  });
}
