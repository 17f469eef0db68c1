/** results.json: what a test run leaves, for other commands to read. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../base/errors.ts';
import { RESULTS_SCHEMA, type SuiteResult, totalsOf } from '../metrics/suite-result.ts';
import { VERDICTS } from '../metrics/verdict.ts';
import { resultsJson } from '../report/suite/results-json.ts';
import { RESULTS_FILE, writeResult } from '../run/run-folder.ts';
import { faultIn, resultsSchema } from './kept-schema.ts';

/** Gives the file back. Throws a UsageError if the disk refuses. */
export function writeResults(folder: string, results: SuiteResult): string {
  const file = join(folder, RESULTS_FILE);
  writeResult(file, resultsJson(results));
  return file;
}

/** Reads the file, or the one in this folder. Throws a UsageError for whatever is no results of this version, or not what a test run wrote. */
export function readResults(path: string): SuiteResult {
  const file = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, RESULTS_FILE) : path;
  let results: Partial<SuiteResult>;
  try {
    results = JSON.parse(readFileSync(file, 'utf8')) as Partial<SuiteResult>;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UsageError(missing ? `there is no ${file}` : `${file} holds no results`, 'name a folder that bottalk test wrote');
  }
  if (results.schema !== RESULTS_SCHEMA || !Array.isArray(results.cases)) {
    throw new UsageError(`${file} holds results in schema ${JSON.stringify(results.schema)}, but this bottalk reads ${RESULTS_SCHEMA}`, 'use the version of bottalk that wrote it');
  }
  const fault = faultIn(resultsSchema, results) ?? disagreement(results as SuiteResult);
  if (fault !== undefined) throw new UsageError(`${file} is not as bottalk test wrote it: ${fault}`, 'it was damaged or edited: take it from where it was kept, or run the tests again');
  return results as SuiteResult;
}

/** What is right in itself and not together. */
function disagreement({ cases, totals, stopped }: SuiteResult): string | undefined {
  const counts = totalsOf(cases);
  const [wrong] = VERDICTS.filter((verdict) => (totals[verdict] ?? 0) !== counts[verdict]);
  if (wrong !== undefined) return `totals.${wrong} is ${totals[wrong] ?? 0}, and ${counts[wrong]} of its cases are`;
  const twice = cases.find(({ id }, i) => cases.findIndex((other) => other.id === id) !== i);
  if (twice) return `${twice.id} is in it twice`;
  // Without a case there is no test run, but for one that was stopped before the first was over.
  return cases.length === 0 && !stopped ? 'it has no case' : undefined;
}
