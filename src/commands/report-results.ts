/** Tells the results of a test run again, as they were told when it ran. */
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import { readResults } from './results-file.ts';
import type { TestFlags } from './test-flags.ts';
import { openReporters } from './test-reporters.ts';

export async function reportResults(path: string, { json = false, reporter }: { readonly json?: boolean; readonly reporter?: TestFlags['reporter'] }): Promise<void> {
  const results = readResults(path);
  const { cases } = results;
  const chosen = reporter ?? [{ name: json ? ('json' as const) : ('plain' as const), file: undefined }];
  const reporters = await openReporters(chosen, { wall, plan: cases.map(({ id, file }) => ({ id, file })) });
  for (const [i, result] of cases.entries()) reporters.caseEnded(result, { done: i + 1, of: cases.length });
  reporters.suiteEnded(results);
  reporters.close();
  reporters.throwBroken();
}
