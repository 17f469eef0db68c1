/** What `bottalk test` does: loads every case, runs them, tells the reporters, and ends with an honest exit code. */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../base/cache-folder.ts';
import { formatMistake, type Mistake, UsageError } from '../base/errors.ts';
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import { modelFolder } from '../compose/cache-folders.ts';
import { loadCases } from '../compose/load-case.ts';
import { evaluatorMistake } from '../compose/evaluation/evaluator.ts';
import { runSuite } from '../compose/run-suite.ts';
import { readSecrets } from '../compose/secrets.ts';
import { baselineOf, compareToBaseline } from '../metrics/baseline.ts';
import { repeatedScenarios } from '../metrics/repeats.ts';
import { RESULTS_SCHEMA, type SuiteResult, suiteVerdict, totalsOf } from '../metrics/suite-result.ts';
import { comparisonText } from '../report/suite/comparison-lines.ts';
import { repeatsText } from '../report/suite/repeats-lines.ts';
import { newRunFolder, openSuiteFolder } from '../run/run-folder.ts';
import { discoverScenarios } from '../scenarios/discover.ts';
import type { Case } from '../scenarios/scenario.ts';
import { planSuite } from '../scenarios/suite-plan.ts';
import { readBaseline, writeBaseline } from './baseline-file.ts';
import { EXIT, verdictExit } from './exit-codes.ts';
import { interruptSignal } from './interrupt.ts';
import { readResults, RESULTS_FILE } from './results-file.ts';
import type { TestFlags } from './test-flags.ts';
import { openReporters } from './test-reporters.ts';
import { packageVersion } from '../base/version.ts';

const RUNS_ROOT = 'runs';

const write = (text: string): void => void process.stdout.write(text);

export async function runTests(paths: readonly string[], flags: TestFlags): Promise<number> {
  const { seeds, jitterSeeds, repeat, grep, tag, shard, timeout, keep, bail = false } = flags;
  const cases = await loadAll(await discoverScenarios(paths), flags);
  const baseline = flags.baseline === undefined ? undefined : readBaseline(flags.baseline);
  const only = flags.rerunFailed === undefined ? undefined : didNotPass(readResults(flags.rerunFailed));
  const plan = planSuite(cases, { seeds, jitterSeeds, repeat, grep, tags: tag, shard }).filter(({ id }) => only?.has(id) ?? true);
  if (plan.length === 0) throw new UsageError(`no case is left of ${cases.length}`, 'check --grep, --tag and --shard');
  const secrets = readSecrets('.', process.env);
  const unjudged = plan.flatMap(({ of }) => evaluatorMistake(of, secrets) ?? []);
  if (unjudged.length > 0) throw new UsageError(eachOnce(unjudged));
  const interrupt = interruptSignal();
  const startedEpochMs = wall.epochMs();
  const startedMs = wall.nowMs();
  const folder = flags.out === undefined ? newRunFolder(RUNS_ROOT, { title: 'test', startedEpochMs }) : openSuiteFolder(flags.out, RESULTS_FILE);
  const version = packageVersion();
  const caches = cacheFolder(process.env);
  const reporters = await openReporters(flags.reporter ?? [], { wall, plan: plan.map(({ id, of }) => ({ id, file: of.file ?? '-' })) });
  let done = 0;
  try {
    const outcome = await runSuite(plan, {
      wall,
      workers: flags.workers ?? availableParallelism(),
      settings: { cacheFolder: caches, modelFolder: modelFolder(caches), version, keep, timeoutMs: timeout * 1000, secrets },
      folder,
      bail,
      signal: interrupt.signal,
      onStarted: ({ id }) => reporters.caseStarted(id),
      onResult: (result) => reporters.caseEnded(result, { done: ++done, of: plan.length }),
    });
    const result: SuiteResult = {
      schema: RESULTS_SCHEMA,
      bottalk: version,
      started_at: new Date(startedEpochMs).toISOString(),
      wall_secs: Math.round(wall.nowMs() - startedMs) / 1000,
      stopped: outcome.stopped,
      totals: totalsOf(outcome.cases),
      cases: outcome.cases,
    };
    writeFileSync(join(folder, RESULTS_FILE), `${JSON.stringify(result, null, 2)}\n`);
    reporters.suiteEnded(result);
    const toPeople = reporters.forPeople;
    if (toPeople) write(repeatsText(repeatedScenarios(result.cases)));
    const comparison = baseline && compareToBaseline(baseline, result);
    if (comparison && toPeople) write(comparisonText(comparison, { name: flags.baseline ?? '', colour: reporters.colour }));
    const kept = flags.saveBaseline ?? (flags.updateBaseline ? flags.baseline : undefined);
    if (kept !== undefined) {
      const path = writeBaseline(kept, baselineOf(result));
      if (toPeople) write(`kept as ${path}\n`);
    }
    const worse = comparison?.changes.some(({ judgement }) => judgement === 'worse') ?? false;
    return exitCode(result, { cancelled: interrupt.signal.aborted, worse });
  } finally {
    reporters.close();
    interrupt.release();
  }
}

/** All cases of all files; the mistakes of all files together. */
async function loadAll(files: readonly string[], flags: TestFlags): Promise<readonly Case[]> {
  const cases: Case[] = [];
  const mistakes: Mistake[] = [];
  for (const file of files) {
    try {
      cases.push(...(await loadCases(file, { variables: flags.var })));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      mistakes.push(...error.mistakes);
    }
  }
  if (mistakes.length > 0) throw new UsageError(mistakes);
  return cases;
}

/** Seeds and matrices repeat a mistake, and the user mends it once. */
function eachOnce(mistakes: readonly Mistake[]): readonly Mistake[] {
  return [...new Map(mistakes.map((mistake) => [formatMistake(mistake), mistake])).values()];
}

function didNotPass({ cases }: Pick<SuiteResult, 'cases'>): ReadonlySet<string> {
  return new Set(cases.filter(({ verdict }) => verdict !== 'passed' && verdict !== 'ran').map(({ id }) => id));
}

function exitCode(result: SuiteResult, { cancelled, worse }: { readonly cancelled: boolean; readonly worse: boolean }): number {
  if (cancelled) return EXIT.cancelled;
  if (worse) return EXIT.failed;
  return verdictExit(suiteVerdict({ ...result, stopped: false }));
}
