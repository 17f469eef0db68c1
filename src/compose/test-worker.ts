/**
 * The process in which cases of a test run are run, one after the other: what one of them breaks, breaks no other.
 * It lives as long as its parent's channel, and asks nothing of the terminal.
 */
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import { type Machinery, openMachinery } from './machinery.ts';
import { runTestCase } from './run-test-case.ts';
import type { FromTestWorker, ToTestWorker, WorkerSettings } from './test-worker-messages.ts';

let settings: WorkerSettings | undefined;
let machinery: Machinery | undefined;
let cancelled = new AbortController();

// Ctrl-C reaches the whole group of processes; what follows from it is for the parent to say.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined);
process.on('disconnect', () => process.exit());
process.on('message', (message: ToTestWorker) => {
  switch (message.kind) {
    case 'settings':
      settings = message.settings;
      machinery = openMachinery({ wall, ...settings });
      return;
    case 'run':
      void run(message);
      return;
    case 'cancel':
      cancelled.abort();
      return;
  }
});

async function run({ job }: Extract<ToTestWorker, { kind: 'run' }>): Promise<void> {
  if (!settings || !machinery) return tell({ kind: 'broke', message: 'a case came before the settings' });
  cancelled = new AbortController();
  try {
    tell({ kind: 'done', ...(await runTestCase(job, { ...settings, wall, machinery, signal: cancelled.signal })) });
  } catch (error) {
    tell({ kind: 'broke', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

function tell(message: FromTestWorker): void {
  process.send?.(message);
}
