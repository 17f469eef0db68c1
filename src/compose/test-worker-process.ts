/**
 * One process in which cases of a test run are run, one after the other, seen from outside: made anew when it was
 * lost, and ended with whatever it still does when it does not answer.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import type { WallClock } from '../clock/wall-clock.ts';
import { brokenCase, type CaseResult } from '../metrics/case-result.ts';
import { identityOf, type TestCaseOutcome, type TestJob } from './run-test-case.ts';
import type { FromTestWorker, ToTestWorker, WorkerSettings } from './test-worker-messages.ts';

/** A case that does not end when it is told to is ended with its process, after so long. */
const GRACE_MS = 5000;

/**
 * Then it is made anew, which takes a second. What is in use stays the same from case to case (17 MB of objects), but a
 * process holds on to more of what it has freed the longer it runs: 286 MB after 35 cases, 368 MB after 300.
 */
const MOST_CASES = 100;

/** What test workers are, where they are not this machine's own. */
export type WorkerKind = {
  /** The module that serves the cases, see serveTestCases. */
  readonly entry: URL;
  /** What a case leaves behind when its process is ended may cost money. */
  readonly graceMs: number;
};

/** `bug`: what only a fault of ours can have thrown. */
export type WorkerOutcome = TestCaseOutcome & { readonly bug?: string };

export type TestWorkerOptions = {
  readonly wall: WallClock;
  readonly settings: WorkerSettings;
  readonly workerKind?: WorkerKind | undefined;
  /** How many cases one process runs at most. */
  readonly mostCases?: number | undefined;
};

export class TestWorker {
  readonly #wall: WallClock;
  readonly #settings: WorkerSettings;
  readonly #kind: WorkerKind;
  readonly #mostCases: number;
  #child: ChildProcess | undefined;
  /** How many cases the child has run. */
  #served = 0;
  #callOff = (): void => {};
  #cancelled = false;
  /** A process that is stuck does not notice that this one is gone. */
  readonly #onExit = (): void => void this.#child?.kill('SIGKILL');

  constructor({ wall, settings, workerKind = ownKind(), mostCases = MOST_CASES }: TestWorkerOptions) {
    this.#kind = workerKind;
    this.#mostCases = mostCases;
    this.#wall = wall;
    this.#settings = settings;
    process.on('exit', this.#onExit);
  }

  /** Never rejects: a process that was lost makes a broken case. */
  async run(job: TestJob): Promise<WorkerOutcome> {
    const { planned, folder } = job;
    const { promise, resolve } = Promise.withResolvers<WorkerOutcome>();
    const startedMs = this.#wall.nowMs();
    const broken = (error: string, bug?: string): void => {
      if (this.#settings.keep === 'none') rmSync(folder, { recursive: true, force: true });
      const facts = { wall_secs: Math.round(this.#wall.nowMs() - startedMs) / 1000, folder: existsSync(folder) ? folder : null };
      const lost = brokenCase(identityOf(planned), error, facts);
      const result: CaseResult = this.#cancelled ? { ...lost, verdict: 'cancelled', error: null } : lost;
      resolve({ result, spentUsd: null, throttled: false, ...(bug !== undefined && { bug }) });
    };
    const child = (this.#child ??= this.#start());
    const onMessage = (message: FromTestWorker): void => {
      if (message.kind === 'done') resolve(message);
      else broken(`bottalk has a bug: ${message.message.split('\n', 1)[0]}`, message.message);
    };
    const onLost = (why: string): void => {
      this.#child = undefined;
      broken(why);
    };
    const { timeoutMs } = this.#settings;
    let isStuck = false;
    this.#endAfter(timeoutMs + this.#kind.graceMs, () => (isStuck = true));
    const onExit = (code: number | null, signal: NodeJS.Signals | null): void =>
      onLost(isStuck ? `it took longer than ${timeoutMs / 1000} s and did not end when it was told to` : `its process ended (${signal ?? `exit code ${code}`})`);
    const onError = (error: Error): void => onLost(`its process failed: ${error.message}`);
    child.on('message', onMessage).on('exit', onExit).on('error', onError);
    this.#tell({ kind: 'run', job });
    try {
      return await promise;
    } finally {
      this.#callOff();
      child.off('message', onMessage).off('exit', onExit).off('error', onError);
      this.#served += 1;
      if (this.#served >= this.#mostCases) this.#letGo();
    }
  }

  /** Ends the case that runs: in order, or else with its process. */
  cancel(): void {
    if (!this.#child) return;
    this.#cancelled = true;
    this.#tell({ kind: 'cancel' });
    this.#endAfter(this.#kind.graceMs, () => {});
  }

  close(): void {
    process.off('exit', this.#onExit);
    this.#callOff();
    this.#letGo();
  }

  /** It ends when its channel does. */
  #letGo(): void {
    if (this.#child?.connected) this.#child.disconnect();
    this.#child = undefined;
  }

  #endAfter(ms: number, told: () => void): void {
    this.#callOff();
    const child = this.#child;
    this.#callOff = this.#wall.after(ms, () => {
      told();
      child?.kill('SIGKILL');
    });
  }

  #start(): ChildProcess {
    const child = fork(this.#kind.entry, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#child = child;
    this.#served = 0;
    // Whatever it is after its case is over, the next case will find out.
    child.on('error', () => undefined);
    this.#tell({ kind: 'settings', settings: this.#settings });
    return child;
  }

  #tell(message: ToTestWorker): void {
    this.#child?.send(message, () => undefined);
  }
}

function ownKind(): WorkerKind {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
  return { entry: new URL(`test-worker${extension}`, import.meta.url), graceMs: GRACE_MS };
}
