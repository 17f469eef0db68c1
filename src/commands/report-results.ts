/** Tells the results of a test run again, as they were told when it ran; holding them against a baseline is a question anew, with an exit code. */
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import { compareToBaseline, gotWorse } from '../metrics/baseline.ts';
import { readResults } from './results-file.ts';
import type { SuiteResult } from '../metrics/suite-result.ts';
import { conclusionsText } from '../report/suite/conclusions.ts';
import type { ComparedWith } from '../report/suite/suite-sink.ts';
import { readBaselineFor } from './baseline-file.ts';
import { EXIT } from './exit-codes.ts';
import type { TestFlags } from './test-flags.ts';
import { openReporters } from './test-reporters.ts';

type ReportFlags = { readonly json?: boolean; readonly reporter?: TestFlags['reporter']; readonly baseline?: string };

export async function reportResults(path: string, { json = false, reporter, baseline }: ReportFlags): Promise<number> {
  const results = readResults(path);
  const { cases } = results;
  const compared = comparedWith(baseline, results);
  const chosen = reporter ?? [{ name: json ? ('json' as const) : ('plain' as const), file: undefined }];
  const reporters = await openReporters(chosen, { wall, plan: cases.map(({ id, file }) => ({ id, file })) });
  for (const [i, result] of cases.entries()) reporters.caseEnded(result, { done: i + 1, of: cases.length });
  reporters.suiteEnded(results, compared);
  reporters.close();
  if (reporters.forPeople) process.stdout.write(conclusionsText(results, { compared, colour: reporters.colour }));
  reporters.throwBroken();
  return comparedExit(compared);
}

export function comparedExit(compared: ComparedWith | undefined): number {
  return compared && gotWorse(compared.comparison) ? EXIT.failed : EXIT.ok;
}

/** The baseline of this name, held against them. Throws a UsageError where there is none, or none of these cases in it. */
export function comparedWith(name: string | undefined, results: SuiteResult): ComparedWith | undefined {
  return name === undefined ? undefined : { name, comparison: compareToBaseline(readBaselineFor(name, results.cases), results) };
}
