/**
 * What a process does in which cases of a test run are run, one after the other: what one of them breaks, breaks no
 * other. It lives as long as its parent's channel, and asks nothing of the terminal.
 */
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import type { OpenElsewhere } from './crew.ts';
import { type Machinery, openMachinery } from './machinery.ts';
import { runTestCase, type TestJob } from './run-test-case.ts';
import type { FromTestWorker, ToTestWorker, WorkerSettings } from './test-worker-messages.ts';

/** `elsewhere`: opens the agents of each case on another machine. */
export type ServedCases = { readonly elsewhere?: (settings: WorkerSettings) => OpenElsewhere };

type Prepared = { readonly settings: WorkerSettings; readonly machinery: Machinery; readonly elsewhere: OpenElsewhere | undefined };

export function serveTestCases({ elsewhere }: ServedCases = {}): void {
  let prepared: Prepared | undefined;
  let cancelled = new AbortController();
  // Ctrl-C reaches the whole group of processes; what follows from it is for the parent to say.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined);
  process.on('disconnect', () => process.exit());
  process.on('message', (message: ToTestWorker) => {
    switch (message.kind) {
      case 'settings': {
        const { settings } = message;
        prepared = { settings, machinery: openMachinery({ wall, ...settings }), elsewhere: elsewhere?.(settings) };
        return;
      }
      case 'run':
        cancelled = new AbortController();
        void run(message.job, prepared, cancelled.signal);
        return;
      case 'cancel':
        cancelled.abort();
        return;
    }
  });
}

async function run(job: TestJob, prepared: Prepared | undefined, signal: AbortSignal): Promise<void> {
  if (!prepared) return tell({ kind: 'broke', message: 'a case came before the settings' });
  const { settings, machinery, elsewhere } = prepared;
  try {
    tell({ kind: 'done', ...(await runTestCase(job, { ...settings, wall, machinery, elsewhere, signal })) });
  } catch (error) {
    tell({ kind: 'broke', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

function tell(message: FromTestWorker): void {
  process.send?.(message);
}
