/** Leaves report.html in the folder of a run that is over. It takes longer than many a run, so callers tell what came of the run first. */
import { join } from 'node:path';
import type { FolderRun } from './run-into-folder.ts';
import { REPORT_FILE, writeResult } from '../run/run-folder.ts';

/** Gives the file back. Throws a UsageError if the disk refuses, or where the page was not built. */
export async function writeRunReport(folder: string, { fold, tracks, about }: Pick<FolderRun, 'fold' | 'tracks' | 'about'>): Promise<string> {
  const file = join(folder, REPORT_FILE);
  // The encoder is needed by nothing else, and not by runs that are thrown away.
  const { runPage } = await import('../report/page/run-page.ts');
  writeResult(file, await runPage({ fold, tracks, about }));
  return file;
}
