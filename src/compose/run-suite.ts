/**
 * Runs the cases of a test run in processes beside this one. Which process runs which case, and when it is done,
 * changes no result: those are given back in the order of the plan.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { BugError } from '../base/errors.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import { brokenCase, type CaseResult } from '../metrics/case-result.ts';
import type { PlannedCase } from '../scenarios/suite-plan.ts';
import { identityOf } from './run-test-case.ts';
import type { FromTestWorker, ToTestWorker, WorkerSettings } from './test-worker-messages.ts';

export type SuiteOptions = {
  readonly wall: WallClock;
  readonly workers: number;
  readonly settings: WorkerSettings;
  /** Where each case's folder is made. */
  readonly folder: string;
  readonly onStarted?: (planned: PlannedCase) => void;
  readonly onResult?: (result: CaseResult) => void;
  /** Stops after the first case that did not pass. */
  readonly bail?: boolean;
  readonly signal?: AbortSignal | undefined;
};

export type SuiteOutcome = { readonly cases: readonly CaseResult[]; readonly stopped: boolean };

/** A case that does not end when its time is up is ended with its process, after so long. */
const GRACE_MS = 10_000;

export async function runSuite(plan: readonly PlannedCase[], options: SuiteOptions): Promise<SuiteOutcome> {
  const { workers, onStarted, onResult, bail = false, signal } = options;
  const results = new Map<string, CaseResult>();
  const queue = [...plan];
  let stopped = false;
  const work = async (): Promise<void> => {
    const worker = new TestWorker(options);
    const cancel = (): void => worker.cancel();
    signal?.addEventListener('abort', cancel);
    try {
      for (let planned = queue.shift(); planned && !stopped && !signal?.aborted; planned = queue.shift()) {
        onStarted?.(planned);
        const result = await worker.run(planned, join(options.folder, folderName(planned.id)));
        results.set(planned.id, result);
        onResult?.(result);
        if (bail && result.verdict !== 'passed' && result.verdict !== 'ran') stopped = true;
      }
    } finally {
      signal?.removeEventListener('abort', cancel);
      worker.close();
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(workers, plan.length) }, work));
  const broke = ended.find((each) => each.status === 'rejected');
  if (broke) throw broke.reason;
  const cases = plan.flatMap(({ id }) => results.get(id) ?? []);
  return { cases, stopped: cases.length < plan.length };
}

/** The case's id as a folder is named. */
function folderName(id: string): string {
  return id.replace(/\.ya?ml\b/, '').replace(/[^\p{L}\p{N}@~=.-]+/gu, '-').replace(/^-+|-+$/g, '');
}

/** One process, made anew when it was lost. */
class TestWorker {
  readonly #options: SuiteOptions;
  #child: ChildProcess | undefined;

  constructor(options: SuiteOptions) {
    this.#options = options;
  }

  /** Throws a BugError with what broke; a process that was lost makes a broken case. */
  async run(planned: PlannedCase, folder: string): Promise<CaseResult> {
    const { wall, settings } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<CaseResult>();
    const startedMs = wall.nowMs();
    const broken = (error: string): void =>
      resolve(brokenCase(identityOf(planned), error, { attempts: 1, wall_secs: Math.round(wall.nowMs() - startedMs) / 1000, folder }));
    const child = (this.#child ??= this.#start());
    const onMessage = (message: FromTestWorker): void => {
      if (message.kind === 'done') resolve(message.result);
      else reject(new BugError(`${planned.id}: ${message.message}`));
    };
    const onExit = (code: number | null, signal: NodeJS.Signals | null): void => {
      this.#child = undefined;
      broken(`its process ended (${signal ?? `exit code ${code}`})`);
    };
    const callOff = wall.after(settings.timeoutMs + GRACE_MS, () => child.kill('SIGKILL'));
    child.on('message', onMessage).on('exit', onExit);
    this.#tell({ kind: 'run', planned, folder });
    try {
      return await promise;
    } finally {
      callOff();
      child.off('message', onMessage).off('exit', onExit);
    }
  }

  cancel(): void {
    if (this.#child) this.#tell({ kind: 'cancel' });
  }

  close(): void {
    this.#child?.disconnect();
    this.#child = undefined;
  }

  #start(): ChildProcess {
    const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
    const child = fork(new URL(`test-worker${extension}`, import.meta.url), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#child = child;
    this.#tell({ kind: 'settings', settings: this.#options.settings });
    return child;
  }

  #tell(message: ToTestWorker): void {
    this.#child?.send(message, () => undefined);
  }
}
