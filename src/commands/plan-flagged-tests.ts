/** Which cases a test run has by its flags, and whether they can run at all: everything that is known before the first of them. */
import { mistakesOf, UsageError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import { chargesOf } from '../compose/charges.ts';
import { evaluatorMistake } from '../compose/evaluation/evaluator.ts';
import { checkMoney } from '../compose/money.ts';
import { eachOnce, isLive, planTests, type TestCase } from '../compose/plan-tests.ts';
import { loadPrices } from '../compose/prices.ts';
import { checkCase } from '../compose/run-case.ts';
import type { Secrets } from '../compose/secrets.ts';
import type { CaseIdentity, CaseResult } from '../metrics/case-result.ts';
import type { PriceRow } from '../scenarios/price-file.ts';
import { discoverScenarios } from '../scenarios/discover.ts';
import { readResults } from './results-file.ts';
import type { TestFlags } from './test-flags.ts';

export type FlaggedPlan = {
  readonly cases: readonly TestCase[];
  /** What --live chose. */
  readonly choices: readonly string[];
  /** Undefined where nobody bills. */
  readonly prices: readonly PriceRow[] | undefined;
};

/** Throws a UsageError for whatever keeps any of the cases from running. */
export async function planFlaggedTests(paths: readonly string[], flags: TestFlags, secrets: Secrets): Promise<FlaggedPlan> {
  const { seeds, jitterSeeds, repeat, grep, tag, shard, cassette, cassetteMode: mode } = flags;
  if (mode !== undefined && cassette === undefined) throw new UsageError('--cassette-mode says how recorded calls are played, and none are given', 'add --cassette <folder>');
  const failed = flags.rerunFailed === undefined ? undefined : failedIn(flags.rerunFailed);
  const again = failed && seedsOf(failed);
  const plan = {
    seeds: seeds ?? (repeat === undefined ? again?.seeds : undefined),
    jitterSeeds: jitterSeeds ?? again?.jitterSeeds,
    repeat,
    grep,
    tags: tag,
    shard,
  };
  // Agents in the cloud meet where all can come.
  const providers = flags.cloud ? { ...flags, room: 'daily' as const } : flags;
  const planned = await planTests(await discoverScenarios(pathsOf(paths, flags)), { flags: providers, variables: flags.var, secrets, plan, cassette, mode });
  // Of the files that are run again alone nobody knows which tags the others have.
  const [unknown] = failed ? [] : (tag ?? []).filter((each) => !planned.tags.includes(each));
  if (unknown !== undefined) throw new UsageError(`no scenario has the tag ${JSON.stringify(unknown)}`, didYouMean(unknown, planned.tags));
  const cases = failed ? toRunAgain(planned.cases, failed, flags) : planned.cases;
  if (cases.length === 0) throw new UsageError(`no case is left of ${planned.found}`, 'check --grep, --tag and --shard');
  const paid = cases.filter(isLive);
  const bills = paid.some(({ of }) => chargesOf(of.scenario, secrets).length > 0);
  const prices = flags.prices !== undefined || bills ? loadPrices(flags.prices) : undefined;
  const money = { secrets, prices, repriced: flags.prices !== undefined, budgetUsd: flags.budget };
  const checks = { ...money, machinery: NO_WEIGHTS, elsewhere: flags.cloud };
  const mistakes = [
    ...paid.flatMap(({ of }) => [...[evaluatorMistake(of, secrets) ?? []].flat(), ...mistakesOf(() => checkMoney(of.scenario, money))]),
    // What a recording is played for is known when it is read, and that is the case's own affair.
    ...cases.filter(({ cassette: played }) => played === undefined).flatMap(({ of }) => mistakesOf(() => checkCase(of, checks))),
  ];
  if (mistakes.length > 0) throw new UsageError(eachOnce(mistakes));
  return { cases, choices: planned.choices, prices };
}

/** Which weights there are changes nothing of what can run. */
const NO_WEIGHTS = { smartTurn: () => undefined };

/** Those that are given, else the files of the cases that are run again; none where neither is there. */
export function pathsOf(given: readonly string[], { rerunFailed }: Pick<TestFlags, 'rerunFailed'>): readonly string[] {
  return given.length > 0 || rerunFailed === undefined ? given : unique(failedIn(rerunFailed).map(({ file }) => file));
}

/** Those whose turn never came did not pass either: a run that stopped at the first failure says nothing of the others. */
function failedIn(path: string): readonly CaseIdentity[] {
  const { cases, not_run: notRun = [] } = readResults(path);
  const failed = [...cases.filter(didNotPass), ...notRun];
  if (failed.length === 0) throw new UsageError(`every case in ${path} passed`, 'there is nothing to run again');
  return failed;
}

/** The seeds that these cases come from, for what the command line does not say. */
function seedsOf(cases: readonly CaseIdentity[]): { readonly seeds: readonly number[]; readonly jitterSeeds: readonly number[] | undefined } {
  const jitterSeeds = cases.flatMap(({ jitter_seed: seed }) => seed ?? []);
  return {
    seeds: unique(cases.map(({ seed }) => seed)),
    jitterSeeds: jitterSeeds.length > 0 ? unique(jitterSeeds) : undefined,
  };
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}

/** Those that did not pass, as long as they are among the cases that the other flags leave. */
function toRunAgain(cases: readonly TestCase[], failed: readonly CaseIdentity[], { rerunFailed, grep, tag, shard }: TestFlags): readonly TestCase[] {
  const ids = failed.map(({ id }) => id);
  const [stray] = ids.filter((id) => !cases.some((planned) => planned.id === id));
  // Otherwise cases that failed would be left out unseen.
  if (stray !== undefined && !grep && !tag && !shard) throw new UsageError(`${stray} did not pass in ${rerunFailed} and is not among these cases`, 'leave out paths and seeds, or give the same as then');
  return cases.filter(({ id }) => ids.includes(id));
}

function didNotPass({ verdict }: Pick<CaseResult, 'verdict'>): boolean {
  return verdict !== 'passed' && verdict !== 'ran';
}
