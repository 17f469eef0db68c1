/** The built `bottalk serve` as a process of its own, as a container runs it, with what it prints and how it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import { COMMAND } from './command-process.ts';
import { sharedCache } from './shared-cache.ts';

export type EntryProcessOptions = {
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  /** By the script that a container starts, instead of Node itself. */
  readonly byScript?: boolean;
  /** Words of a program that starts it. */
  readonly launcher?: readonly string[];
};

export type EntryExit = { readonly status: number | null; readonly signal: NodeJS.Signals | null };

const SCRIPT = join(import.meta.dirname, '../../bin/bottalk-serve');
/** Keys of whoever runs the tests are none of its business. */
const QUIET = { OPENAI_API_KEY: '', ELEVENLABS_API_KEY: '', DAILY_API_KEY: '', METRICS_INGEST_URL: '' };
const CACHE = sharedCache === undefined ? {} : { BOTTALK_CACHE_DIR: sharedCache };

export class EntryProcess {
  readonly exited: Promise<EntryExit>;
  /** All that it printed, on either stream. */
  printed = '';
  port = 0;
  readonly #child: ChildProcess;
  readonly #listening = Promise.withResolvers<void>();

  /** Its port is not open yet. */
  constructor({ env = {}, flags = [], byScript = false, launcher = [] }: EntryProcessOptions = {}) {
    const own = byScript ? [SCRIPT, ...flags] : [process.execPath, COMMAND, 'serve', ...flags];
    const [program = '', ...words] = [...launcher, ...own];
    this.#child = spawn(program, words, {
      // With a group of its own, so that whatever it has started can be ended with it.
      detached: true,
      env: { ...process.env, ...QUIET, ...CACHE, PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    this.exited = new Promise((resolve) => this.#child.on('close', (status, signal) => resolve({ status, signal })));
    this.#listening.promise.catch(() => undefined);
    void this.exited.then(({ status }) => this.#listening.reject(new Error(`it ended with ${status}: ${this.printed}`)));
  }

  /** Resolves when its port is open. Rejects if it ended before. */
  get listens(): Promise<void> {
    return this.#listening.promise;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get lines(): readonly string[] {
    return this.printed.split('\n').filter(Boolean);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  kill(signal: NodeJS.Signals = 'SIGTERM'): void {
    this.#child.kill(signal);
  }

  /** Ends it by force, if it has not ended, and waits until it has. */
  async close(): Promise<EntryExit> {
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
    return this.exited;
  }

  /** Resolves when it would not be killed by SIGTERM any more, which is long before its port is open. Linux only. */
  async catchesTerm(): Promise<void> {
    const bit = 1n << 14n;
    while ((this.#caughtSignals() & bit) === 0n) await wall.sleep(1);
  }

  /** Looks again and again until something like this was printed. */
  async hasPrinted(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.printed)) await wall.sleep(10);
  }

  #caughtSignals(): bigint {
    const mask = /SigCgt:\s*([0-9a-f]+)/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1];
    return BigInt(`0x${mask ?? '0'}`);
  }

  #take(text: string): void {
    this.printed += text;
    const port = /listening on \S+:(\d+)/.exec(this.printed)?.[1];
    if (port === undefined || this.port !== 0) return;
    this.port = Number(port);
    this.#listening.resolve();
  }
}
