/** Tells a test run from a run, for commands that take either. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RESULTS_FILE } from '../run/run-folder.ts';

/** Whether a test run is meant: its folder, or a file that is no log of events. */
export function isTestRun(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return existsSync(join(path, RESULTS_FILE));
  return path.endsWith('.json');
}
