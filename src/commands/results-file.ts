/** results.json: what a test run leaves, for other commands to read. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../base/errors.ts';
import { RESULTS_SCHEMA, type SuiteResult } from '../metrics/suite-result.ts';
import { resultsJson } from '../report/suite/results-json.ts';
import { RESULTS_FILE, writeResult } from '../run/run-folder.ts';

/** Gives the file back. Throws a UsageError if the disk refuses. */
export function writeResults(folder: string, results: SuiteResult): string {
  const file = join(folder, RESULTS_FILE);
  writeResult(file, resultsJson(results));
  return file;
}

/** Reads the file, or the one in this folder. Throws a UsageError for whatever is no results of this version. */
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
  return results as SuiteResult;
}

/** Whether a test run is meant: its folder, or a file that is no log of events. */
export function isTestRun(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return existsSync(join(path, RESULTS_FILE));
  return path.endsWith('.json');
}
