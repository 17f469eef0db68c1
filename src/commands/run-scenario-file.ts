/** What `bottalk run` does: chooses how to show the run, wires Ctrl-C, and ends with an honest exit code. */
import { join } from 'node:path';
import { cacheFolder } from '../base/cache-folder.ts';
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import { modelFolder } from '../compose/cache-folders.ts';
import { loadCase } from '../compose/load-case.ts';
import { recordRun, type RecordedRun } from '../compose/record-run.ts';
import type { Sink } from '../events/log.ts';
import { RunFold } from '../metrics/run-fold.ts';
import { jsonConsole } from '../report/json-console.ts';
import { plainConsole } from '../report/plain-console.ts';
import { summaryText } from '../report/summary.ts';
import { AUDIO_FILE } from '../run/run-folder.ts';
import { EXIT } from './exit-codes.ts';
import { interruptSignal } from './interrupt.ts';
import type { RunFlags } from './run-flags.ts';
import { packageVersion } from './version.ts';

/** How a run is shown: a sink while it lasts, and what is left to do when it is over. */
type Show = { readonly sink: Sink; finished(run: RecordedRun): Promise<void>; close(): Promise<void> };

export async function runScenarioFile(file: string, flags: RunFlags): Promise<number> {
  const of = await loadCase(file, { variables: flags.var, seed: flags.seed, maxTurns: flags.maxTurns });
  const interrupt = interruptSignal();
  const warnings: string[] = [];
  const show = wantsScreen(flags) ? await screen(interrupt.press) : lines(flags);
  try {
    const run = await recordRun(of, {
      wall,
      version: packageVersion(),
      cacheFolder: cacheFolder(process.env),
      modelFolder: modelFolder(cacheFolder(process.env)),
      folder: flags.out,
      pace: flags.pace,
      strict: flags.strict ?? false,
      signal: interrupt.signal,
      sinks: [show.sink],
      onWarning: (text) => warnings.push(text),
    });
    await show.finished(run);
    return exitCode(run);
  } finally {
    await show.close();
    interrupt.release();
    for (const text of new Set(warnings)) process.stderr.write(`warning: ${text}\n`);
  }
}

function wantsScreen({ exit, json, quiet }: RunFlags): boolean {
  return process.stdout.isTTY && process.stdin.isTTY && !process.env['CI'] && !exit && !json && !quiet;
}

async function screen(onInterrupt: () => void): Promise<Show> {
  const { openScreen } = await import('../tui/screen.tsx');
  const opened = openScreen({ stdin: process.stdin, stdout: process.stdout, wall, onInterrupt, env: process.env });
  return {
    sink: opened.sink,
    finished: ({ folder, wallMs }) => opened.finished({ folder, wallSeconds: wallMs / 1000, audioFile: join(folder, AUDIO_FILE) }),
    close: () => opened.close(),
  };
}

function lines({ json, quiet }: RunFlags): Show {
  const fold = new RunFold();
  const write = (text: string): void => void process.stdout.write(text);
  const colour = process.stdout.isTTY && !process.env['NO_COLOR'];
  const console = json ? jsonConsole(write) : quiet ? undefined : plainConsole({ write, colour });
  return {
    sink: {
      event(event) {
        fold.event(event);
        console?.event(event);
      },
    },
    async finished({ folder, wallMs }) {
      if (!json) write(summaryText(fold, { colour, wallMs, folder }));
    },
    async close() {},
  };
}

function exitCode({ ending }: RecordedRun): number {
  if (ending.endedBy === 'cancelled') return EXIT.cancelled;
  return ending.endedBy === 'error' || ending.endedBy === 'budget' ? EXIT.world : EXIT.ok;
}
