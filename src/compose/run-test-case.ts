/** One case of a test run: run into a folder of its own, which stays only if somebody will want to look at it. */
import { Deadline } from '../base/deadline.ts';
import { MismatchError, ProviderError, UsageError } from '../base/errors.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import type { Sink } from '../events/log.ts';
import { brokenCase, type CaseIdentity, type CaseResult, caseResult, paidFor } from '../metrics/case-result.ts';
import { RunFold } from '../metrics/run-fold.ts';
import { doubted, recordingFaults } from '../metrics/recording-check.ts';
import { metricsOf } from '../metrics/run-metrics.ts';
import { Spending } from '../metrics/spending.ts';
import { RunFolder } from '../run/run-folder.ts';
import type { PriceRow } from '../scenarios/price-file.ts';
import type { PlannedCase } from '../scenarios/suite-plan.ts';
import type { OpenElsewhere } from './crew.ts';
import type { Machinery } from './machinery.ts';
import { openCassette } from './open-cassette.ts';
import type { TestCase } from './plan-tests.ts';
import { type FolderRun, type PlayedCassette, runIntoFolder } from './run-into-folder.ts';
import type { Secrets } from './secrets.ts';
import { writeRunReport } from './write-report.ts';

/** Whose folders stay: of cases that did not pass, of all, of none. */
export type Keep = 'failed' | 'all' | 'none';

/** The same for all cases of a test run. */
export type TestCaseSettings = {
  readonly secrets: Secrets;
  readonly version: string;
  readonly keep: Keep;
  /** Cases that are kept leave a report.html. */
  readonly report?: boolean;
  /** Wall time after which a case is given up. */
  readonly timeoutMs: number;
  /** What the world's providers charge, in order of precedence. */
  readonly prices?: readonly PriceRow[] | undefined;
  /** These prices take the place of those that a recording keeps. */
  readonly repriced?: boolean;
};

/** A case, and where what comes of it goes. */
export type TestJob = {
  readonly planned: TestCase;
  readonly folder: string;
  /** The file that its traffic with the world is recorded to, if the run is sound. */
  readonly record?: string | undefined;
  readonly budgetUsd?: number | undefined;
};

export type TestCaseOptions = TestCaseSettings & {
  readonly wall: WallClock;
  readonly machinery: Machinery;
  /** The agents of the case are on another machine. */
  readonly elsewhere?: OpenElsewhere | undefined;
  readonly signal?: AbortSignal | undefined;
};

export type TestCaseOutcome = {
  readonly result: CaseResult;
  /** The most that it can have spent, in USD, if it had a budget; null where nobody knows. */
  readonly spentUsd: number | null;
  /** Whether a provider said that it is asked too often. */
  readonly throttled: boolean;
};

/** Never throws what the case did; only a bug of ours does. */
export async function runTestCase({ planned, folder, record, budgetUsd }: TestJob, options: TestCaseOptions): Promise<TestCaseOutcome> {
  const { wall, keep, timeoutMs, signal } = options;
  const startedMs = wall.nowMs();
  const spending = new Spending();
  const throttle = new Throttle();
  using deadline = new Deadline({ wall, ms: timeoutMs, signal });
  const failures: unknown[] = [];
  let run: FolderRun | undefined;
  try {
    run = await runIntoFolder(planned.of, {
      ...options,
      replay: await opened(planned),
      // What the agents ask of the world they ask elsewhere.
      record: options.elsewhere ? false : record === undefined ? undefined : true,
      budgetUsd,
      openFolder: () => new RunFolder(folder),
      sinks: [spending, throttle],
      signal: deadline.signal,
    });
    failures.push(...run.failures);
  } catch (error) {
    failures.push(error);
  }
  const fold = run?.fold ?? new RunFold();
  const late = deadline.passed && !signal?.aborted ? `it took longer than ${timeoutMs / 1000} s` : undefined;
  const identity = identityOf(planned);
  const facts = { wall_secs: Math.round(wall.nowMs() - startedMs) / 1000, folder: run?.folder ?? null };
  const judged = late ?? explained(failures);
  const faults = judged === undefined ? recordingFaults(fold, run?.tracks) : [];
  const metrics = doubted(metricsOf(fold), faults);
  const broken = (error: string): CaseResult => ({ ...brokenCase(identity, error, facts), ...paidFor(metrics.cost) });
  let result = judged === undefined ? caseResult(identity, metrics, facts) : broken(judged);
  try {
    const isKept = keep === 'all' || (keep === 'failed' && result.verdict !== 'passed' && result.verdict !== 'ran');
    if (isKept) run?.finish();
    else run?.discard();
    if (isKept && options.report) result = await reported(result, run);
    if (!isKept) result = { ...result, folder: null };
    if (record !== undefined && isSound(result)) run?.saveCassette(record);
  } catch (error) {
    result = broken(judged ?? explained([error]) ?? '');
  }
  return { result, spentUsd: Number.isFinite(spending.usd) ? spending.usd : null, throttled: throttle.happened };
}

export function identityOf({ id, of }: PlannedCase): CaseIdentity {
  const { file = '-', seed, jitterSeed, variant = {} } = of;
  const { title, tags } = of.scenario;
  return { id, file, title, tags, seed, jitter_seed: jitterSeed ?? null, variant };
}

async function opened({ cassette }: TestCase): Promise<PlayedCassette | undefined> {
  return cassette && { ...(await openCassette(cassette.path)), mode: cassette.mode };
}

/** What is only shown decides nothing: without its page a case is what it is. */
async function reported(result: CaseResult, run: FolderRun | undefined): Promise<CaseResult> {
  if (run?.folder === undefined || !run.fold.roster.started) return result;
  try {
    await writeRunReport(run.folder, run);
    return result;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { ...result, warnings: [...result.warnings, error.message] };
  }
}

/** What the first of them says; throws it if it is a bug of ours. */
function explained([failure]: readonly unknown[]): string | undefined {
  if (failure === undefined) return undefined;
  if (failure instanceof MismatchError) return `cassette: ${failure.message}`;
  if (failure instanceof UsageError || failure instanceof ProviderError) return failure.message;
  throw failure;
}

/** Of what broke nobody wants a recording in the place of a good one. */
function isSound({ verdict }: CaseResult): boolean {
  return verdict === 'passed' || verdict === 'failed' || verdict === 'ran';
}

class Throttle implements Sink {
  happened = false;

  event(event: Parameters<Sink['event']>[0]): void {
    if (/\.(retried|failed)$/.test(event.type) && 'kind' in event && event.kind === 'rate_limited') this.happened = true;
  }
}
