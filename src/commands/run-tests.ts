/** What `bottalk test` does: runs every case, tells the reporters, keeps the results, and ends with an honest exit code. */
import { cacheFolder } from '../base/cache-folder.ts';
import { BugError, UsageError } from '../base/errors.ts';
import { packageVersion } from '../base/version.ts';
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import { modelFolder } from '../compose/cache-folders.ts';
import { RUNS_ROOT } from '../compose/record-run.ts';
import type { TestCase } from '../compose/plan-tests.ts';
import { runSuite } from '../compose/run-suite.ts';
import { identityOf } from '../compose/run-test-case.ts';
import { readSecrets } from '../compose/secrets.ts';
import { type Baseline, baselineOf, compareToBaseline, gotWorse } from '../metrics/baseline.ts';
import { RESULTS_SCHEMA, type SuiteResult, suiteVerdict, totalsOf } from '../metrics/suite-result.ts';
import { comparisonText } from '../report/suite/comparison-lines.ts';
import { conclusionsText } from '../report/suite/conclusions.ts';
import { clearOldRuns, newRunFolder, openSuiteFolder } from '../run/run-folder.ts';
import { baselinePath, readBaseline, readBaselineFor, whyNotKept, writeBaseline } from './baseline-file.ts';
import { EXIT, verdictExit } from './exit-codes.ts';
import { interruptSignal } from './interrupt.ts';
import { planFlaggedTests } from './plan-flagged-tests.ts';
import { writeResults } from './results-file.ts';
import type { TestFlags } from './test-flags.ts';
import { placeOf } from './test-place.ts';
import { openReporters } from './test-reporters.ts';
import { untilUnread } from './unread-output.ts';

const write = (text: string): void => void process.stdout.write(text);

export async function runTests(paths: readonly string[], flags: TestFlags): Promise<number> {
  const { keep, record, budget } = flags;
  const secrets = readSecrets('.', process.env);
  const { cases, choices, prices } = await planFlaggedTests(paths, flags, secrets);
  const baseline = baselineFor(cases, flags);
  const place = await placeOf(flags, secrets);
  const interrupt = interruptSignal();
  const unread = untilUnread(interrupt);
  const startedEpochMs = wall.epochMs();
  const startedMs = wall.nowMs();
  const folder = openFolder(flags.out, startedEpochMs);
  const version = packageVersion();
  const caches = cacheFolder(process.env);
  const folders = { cacheFolder: caches, modelFolder: modelFolder(caches) };
  for (const text of choices) process.stderr.write(`live: ${text}\n`);
  const reporters = await openReporters(flags.reporter ?? [], { wall, plan: cases.map(({ id, of }) => ({ id, file: of.file ?? '-' })) });
  interrupt.signal.addEventListener('abort', reporters.stopping);
  let done = 0;
  try {
    const outcome = await runSuite(cases, {
      wall,
      workers: place.workers,
      settings: {
        ...folders,
        version,
        keep,
        report: flags.report ?? true,
        timeoutMs: place.timeoutSecs * 1000,
        secrets,
        prices,
        repriced: flags.prices !== undefined,
        cloudAgent: place.cloudAgent,
      },
      workerKind: place.workerKind,
      folder,
      record,
      budgetUsd: budget,
      retriesInvalid: flags.retriesInvalid,
      bail: flags.bail ?? false,
      signal: interrupt.signal,
      onStarted: ({ id }) => reporters.caseStarted(id),
      onResult: (result) => reporters.caseEnded(result, { done: ++done, of: cases.length }),
    });
    // From here on there is nothing left that a signal could end in good order.
    interrupt.release();
    const result: SuiteResult = {
      schema: RESULTS_SCHEMA,
      bottalk: version,
      started_at: new Date(startedEpochMs).toISOString(),
      wall_secs: Math.round(wall.nowMs() - startedMs) / 1000,
      stopped: outcome.stopped,
      totals: totalsOf(outcome.cases),
      cases: outcome.cases,
      ...(outcome.stopped && { not_run: cases.filter(({ id }) => !outcome.cases.some((result) => result.id === id)).map(identityOf) }),
      ...(flags.shard && { shard: flags.shard }),
    };
    writeResults(folder, result);
    const compared = baseline && { name: flags.baseline ?? '', comparison: compareToBaseline(baseline, result) };
    reporters.suiteEnded(result, compared);
    const toPeople = reporters.forPeople;
    const worse = compared !== undefined && gotWorse(compared.comparison);
    if (toPeople) write(conclusionsText(result, { compared, colour: reporters.colour }));
    // Machines read the results from stdout, but nobody should have to guess why the run failed.
    else if (compared && worse) process.stderr.write(comparisonText(compared.comparison, { name: compared.name, colour: false }));
    const kept = flags.saveBaseline ?? (flags.updateBaseline ? flags.baseline : undefined);
    const unfit = kept === undefined ? undefined : whyNotKept(result);
    if (kept !== undefined && unfit !== undefined) process.stderr.write(`warning: this test run is not kept as ${baselinePath(kept)}: ${unfit}\n`);
    else if (kept !== undefined) {
      const path = writeBaseline(kept, baselineOf(result));
      if (toPeople) write(`kept as ${path}\n`);
    }
    // Who named the folder knows it.
    if (toPeople && flags.out === undefined) write(`results in ${folder}\n`);
    unread.throwRefused();
    reporters.throwBroken();
    if (outcome.bugs.length > 0) throw new BugError(outcome.bugs.join('\n'));
    return exitCode(result, { cancelled: interrupt.signal.aborted && (result.stopped || result.totals.cancelled > 0), worse });
  } finally {
    reporters.close();
    // The last run of a process hears of a reader that leaves late, too; a run before it must not hear of it twice.
    if (flags.watch) unread.release();
    interrupt.release();
  }
}

/** Who keeps a new one in its place may have renamed every case of it. */
function baselineFor(cases: readonly TestCase[], { baseline: name, updateBaseline: isRenewed = false }: TestFlags): Baseline | undefined {
  if (name === undefined && isRenewed) throw new UsageError('--update-baseline renews the baseline of --baseline, and none is named', 'add --baseline <name>, or use --save-baseline <name>');
  if (name === undefined) return undefined;
  return isRenewed ? readBaseline(name) : readBaselineFor(name, cases);
}

function openFolder(out: string | undefined, startedEpochMs: number): string {
  if (out !== undefined) return openSuiteFolder(out);
  clearOldRuns(RUNS_ROOT);
  return newRunFolder(RUNS_ROOT, { title: 'test', startedEpochMs });
}

function exitCode(result: SuiteResult, { cancelled, worse }: { readonly cancelled: boolean; readonly worse: boolean }): number {
  if (cancelled) return EXIT.cancelled;
  if (worse) return EXIT.failed;
  return verdictExit(suiteVerdict(result));
}
