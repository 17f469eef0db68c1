/** What `bottalk run` does: chooses how to show the run, wires Ctrl-C, and ends with an honest exit code. */
import { cacheFolder } from '../base/cache-folder.ts';
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import { loadCase } from '../compose/load-case.ts';
import { recordRun } from '../compose/record-run.ts';
import type { Sink } from '../events/log.ts';
import { RunFold } from '../metrics/run-fold.ts';
import { jsonConsole } from '../report/json-console.ts';
import { plainConsole } from '../report/plain-console.ts';
import { summaryText } from '../report/summary.ts';
import type { Ending } from '../run/conversation.ts';
import { EXIT } from './exit-codes.ts';
import { interruptSignal } from './interrupt.ts';
import type { RunFlags } from './run.ts';
import { packageVersion } from './version.ts';

export async function runScenarioFile(file: string, flags: RunFlags): Promise<number> {
  const of = await loadCase(file, { variables: flags.var, seed: flags.seed, maxTurns: flags.maxTurns });
  const fold = new RunFold();
  const write = (text: string): void => void process.stdout.write(text);
  const colour = process.stdout.isTTY === true && !process.env['NO_COLOR'];
  const interrupt = interruptSignal();
  const show: Sink[] = flags.json ? [jsonConsole(write)] : flags.quiet ? [] : [plainConsole({ write, colour })];
  try {
    const { ending, folder, wallMs } = await recordRun(of, {
      wall,
      version: packageVersion(),
      cacheFolder: cacheFolder(process.env),
      folder: flags.out,
      pace: flags.pace,
      strict: flags.strict ?? false,
      signal: interrupt.signal,
      sinks: [fold, ...show],
      onWarning: (text) => void process.stderr.write(`warning: ${text}\n`),
    });
    if (!flags.json) write(summaryText(fold, { colour, wallMs, folder }));
    return exitCode(ending);
  } finally {
    interrupt.release();
  }
}

function exitCode({ endedBy }: Ending): number {
  if (endedBy === 'cancelled') return EXIT.cancelled;
  return endedBy === 'error' || endedBy === 'budget' ? EXIT.world : EXIT.ok;
}
