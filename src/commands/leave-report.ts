/** The page of a run that is over: written, named, and opened if that is asked for. It changes nothing of what the run came to. */
import { UsageError } from '../base/errors.ts';
import type { RecordedRun } from '../compose/record-run.ts';
import { writeRunReport } from '../compose/write-report.ts';
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import type { RunFlags } from './run-flags.ts';

type Tell = { readonly say: (text: string) => void; readonly onWarning: (text: string) => void };

export async function leaveReport(run: RecordedRun, { report = true, open = false }: RunFlags, { say, onWarning }: Tell): Promise<void> {
  // A disk that refused the rest has been found out already.
  if (!report || !run.fold.roster.started || run.failure instanceof UsageError) return;
  try {
    const file = await writeRunReport(run.folder, run);
    say(`\n  report         ${file}\n`);
    if (!open) return;
    const fault = await (await import('./open-file.ts')).openFile(file, { wall, platform: process.platform });
    if (fault !== undefined) onWarning(`${fault}: open ${file} yourself`);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    onWarning(error.message);
  }
}
