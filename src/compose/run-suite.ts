/**
 * Runs the cases of a test run in processes beside this one. Which process runs which case, and when it is done,
 * changes no result: those are given back in the order of the plan.
 */
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { WallClock } from '../clock/wall-clock.ts';
import { brokenCase, type CaseResult, type EarlierTry } from '../metrics/case-result.ts';
import { casePath } from '../scenarios/case-path.ts';
import { cassettePath, isLive, type TestCase } from './plan-tests.ts';
import { identityOf } from './run-test-case.ts';
import { SuiteBudget } from './suite-budget.ts';
import { SuitePace } from './suite-pace.ts';
import type { WorkerSettings } from './test-worker-messages.ts';
import { TestWorker, type WorkerKind, type WorkerOutcome } from './test-worker-process.ts';

export type SuiteOptions = {
  readonly wall: WallClock;
  readonly workers: number;
  readonly settings: WorkerSettings;
  /** Where cases are run by others than this machine's own workers. */
  readonly workerKind?: WorkerKind | undefined;
  /** Where each case's folder is made. */
  readonly folder: string;
  readonly onStarted?: (planned: TestCase) => void;
  readonly onResult?: (result: CaseResult) => void;
  /** Stops after the first case that did not pass. */
  readonly bail?: boolean;
  /** What all cases together may cost, in USD. */
  readonly budgetUsd?: number | undefined;
  /** The folder that the traffic with the world is recorded to, a file for each case. */
  readonly record?: string | undefined;
  /** How often a case is run again that asked the world and came to be invalid. */
  readonly retriesInvalid?: number;
  readonly signal?: AbortSignal | undefined;
};

export type SuiteOutcome = {
  readonly cases: readonly CaseResult[];
  /** Not every case has run. */
  readonly stopped: boolean;
  /** What only a bug of ours can have thrown, with the case that it broke. */
  readonly bugs: readonly string[];
};

export async function runSuite(plan: readonly TestCase[], options: SuiteOptions): Promise<SuiteOutcome> {
  const { onStarted, onResult, bail = false, budgetUsd, signal } = options;
  const workers = Math.min(options.workers, plan.length);
  const pace = new SuitePace(workers);
  const budget = budgetUsd === undefined ? undefined : new SuiteBudget(budgetUsd, workers);
  const results = new Map<string, CaseResult>();
  const bugs: string[] = [];
  const queue = [...plan];
  let stopped = false;
  const work = async (): Promise<void> => {
    const worker = new TestWorker(options);
    const cancel = (): void => worker.cancel();
    signal?.addEventListener('abort', cancel);
    try {
      for (;;) {
        await pace.enter();
        const planned = stopped || signal?.aborted ? undefined : queue.shift();
        if (!planned) return pace.leave({ throttled: false });
        onStarted?.(planned);
        const { result, bug, throttled } = await runTries(planned, { ...options, worker, budget });
        pace.leave({ throttled });
        if (bug !== undefined) bugs.push(`${planned.id}: ${bug}`);
        results.set(planned.id, result);
        onResult?.(result);
        if (bail && result.verdict !== 'passed' && result.verdict !== 'ran') stopped = true;
      }
    } finally {
      signal?.removeEventListener('abort', cancel);
      worker.close();
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  const cases = plan.flatMap(({ id }) => results.get(id) ?? []);
  return { cases, stopped: cases.length < plan.length, bugs };
}

type TriesOptions = Pick<SuiteOptions, 'folder' | 'record' | 'retriesInvalid' | 'signal'> & { readonly worker: TestWorker; readonly budget: SuiteBudget | undefined };

/** Once, and again if the world spoilt it: what comes of that is not the case's fault. */
async function runTries(planned: TestCase, { worker, folder, record, retriesInvalid = 0, budget, signal }: TriesOptions): Promise<WorkerOutcome> {
  const own = join(folder, casePath(planned.of));
  // What is played alone comes out the same each time, and costs nothing.
  const live = isLive(planned);
  const earlier: EarlierTry[] = [];
  let throttled = false;
  for (let attempts = 1; ; attempts++) {
    const lentUsd = live ? await budget?.borrow() : undefined;
    if (signal?.aborted) return notRun(planned, { verdict: 'cancelled', error: null });
    if (live && budget && lentUsd === undefined) return notRun(planned, { verdict: 'errored', error: budget.usedUp });
    const outcome = await worker.run({
      planned,
      folder: own,
      record: record && cassettePath(record, planned.of),
      budgetUsd: lentUsd,
    });
    const { result } = outcome;
    if (lentUsd !== undefined) budget?.giveBack(lentUsd, { spentUsd: outcome.spentUsd ?? lentUsd, usedUp: result.ended_by === 'budget' });
    throttled ||= outcome.throttled;
    const isSpoilt = result.verdict === 'invalid' && live;
    if (!isSpoilt || attempts > retriesInvalid || signal?.aborted) return { ...outcome, throttled, result: { ...result, attempts, earlier: [...earlier] } };
    const { invalid, cost_usd, cost_at_least } = result;
    earlier.push({ invalid, cost_usd, ...(cost_at_least && { cost_at_least }), folder: result.folder && movedTo(`${own}-try-${attempts}`, own) });
  }
}

function notRun(planned: TestCase, why: Pick<CaseResult, 'verdict' | 'error'>): WorkerOutcome {
  return { result: { ...brokenCase(identityOf(planned), '', { wall_secs: 0, folder: null }), cost_usd: 0, ...why }, spentUsd: 0, throttled: false };
}

/** The case's own folder is for the try that counts. */
function movedTo(path: string, from: string): string {
  renameSync(from, path);
  return path;
}
