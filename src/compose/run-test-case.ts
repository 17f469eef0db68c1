/** One case of a test run: run into a folder of its own, which stays only if somebody will want to look at it. */
import { ProviderError, UsageError } from '../base/errors.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import { brokenCase, type CaseIdentity, type CaseResult, caseResult } from '../metrics/case-result.ts';
import { RunFold } from '../metrics/run-fold.ts';
import { metricsOf } from '../metrics/run-metrics.ts';
import { Recorder } from '../room/recorder.ts';
import { RunFolder } from '../run/run-folder.ts';
import type { PlannedCase } from '../scenarios/suite-plan.ts';
import { aboutRun } from './about-run.ts';
import type { Machinery } from './machinery.ts';
import { runCase } from './run-case.ts';
import type { Secrets } from './secrets.ts';
import { tracksOf } from './tracks.ts';

/** Whose folders stay: of cases that did not pass, of all, of none. */
export type Keep = 'failed' | 'all' | 'none';

export type TestCaseOptions = {
  readonly wall: WallClock;
  readonly machinery: Machinery;
  readonly secrets: Secrets;
  readonly version: string;
  readonly folder: string;
  readonly keep: Keep;
  /** Wall time after which it is given up. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
};

/** Never throws what the case did; only a bug of ours does. */
export async function runTestCase(planned: PlannedCase, options: TestCaseOptions): Promise<CaseResult> {
  const { of } = planned;
  const { wall, machinery, secrets, version, keep, timeoutMs, signal } = options;
  const startedMs = wall.nowMs();
  const startedEpochMs = wall.epochMs();
  const fold = new RunFold();
  const recorder = new Recorder();
  const folder = new RunFolder(options.folder);
  const tooLong = new AbortController();
  const callOff = wall.after(timeoutMs, () => tooLong.abort());
  let failure: unknown;
  let ending: Parameters<typeof aboutRun>[0]['ending'] = { endedBy: 'error' };
  try {
    const outcome = await runCase(of, {
      wall,
      machinery,
      secrets,
      recorder,
      sinks: [fold, folder.sink],
      signal: signal ? AbortSignal.any([signal, tooLong.signal]) : tooLong.signal,
    });
    ending = outcome.ending;
    failure = outcome.sinkErrors[0];
  } catch (error) {
    failure = error;
  } finally {
    callOff();
  }
  if (failure !== undefined && !(failure instanceof UsageError || failure instanceof ProviderError)) throw failure;
  const wallMs = wall.nowMs() - startedMs;
  const identity = identityOf(planned);
  const facts = { attempts: 1, wall_secs: Math.round(wallMs) / 1000, folder: folder.path };
  const late = tooLong.signal.aborted ? `it took longer than ${timeoutMs / 1000} s` : undefined;
  const error = late ?? (failure === undefined ? undefined : (failure as Error).message);
  const result = error === undefined ? caseResult(identity, metricsOf(fold), facts) : brokenCase(identity, error, facts);
  if (keep === 'all' || (keep === 'failed' && result.verdict !== 'passed' && result.verdict !== 'ran')) {
    folder.finish({ tracks: tracksOf(of.scenario, recorder), about: aboutRun({ of, version, startedEpochMs, wallMs, ending }) });
    return result;
  }
  folder.discard();
  return { ...result, folder: null };
}

export function identityOf({ id, of }: PlannedCase): CaseIdentity {
  const { file = '-', seed, jitterSeed, variant = {} } = of;
  const { title, tags } = of.scenario;
  return { id, file, title, tags, seed, jitter_seed: jitterSeed ?? null, variant };
}
