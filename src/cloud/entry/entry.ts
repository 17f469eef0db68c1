/**
 * The entry as a process: the port is open before anything heavy is loaded, and a signal to end lets the session go on
 * for as long as the platform grants. It ends with 0 whenever it was asked to end.
 */
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { EntryLog } from './entry-log.ts';
import { entryServer } from './entry-server.ts';
import type { EntrySettings } from './entry-settings.ts';
import { type HoldSession, SessionSlot } from './session-slot.ts';

export type EntryOptions = {
  readonly wall: WallClock;
  readonly settings: EntrySettings;
  readonly log: EntryLog;
  readonly host: string;
  readonly hold: HoldSession;
  /** Loads what the first session would wait for; called when the port is open. */
  readonly warmUp: () => Promise<void>;
  /** Where the platform's sidecar waits to be told that it may end, if there is such a folder. */
  readonly sidecarFolder: string;
  readonly stopMs?: number;
};

export type Entry = {
  /** Where it listens. */
  readonly port: number;
  /** Resolves when it is over. */
  readonly over: Promise<void>;
  /** Takes no further session, lets the one there is go on, then ends. Safe to call twice. */
  drain(): void;
  /** Ends what there is at once. */
  endNow(): void;
};

/** After its time is up a session may still leave in good order: the call in 3 s, the browser in 2 s, its records in 3 s. Nobody waits longer. */
const LAST_GRACE_MS = 10_000;
/** The last answers are on their way by then; whoever only keeps a connection open is not waited for. */
const CLOSE_MS = 1_000;

/** Rejects with a UsageError where the port cannot be had. */
export async function openEntry(options: EntryOptions): Promise<Entry> {
  const { wall, settings, log, host, hold, warmUp, sidecarFolder, stopMs } = options;
  const over = Promise.withResolvers<void>();
  let isDraining = false;
  const slot = new SessionSlot({ wall, log, hold, mostSecs: settings.mostSessionSecs, ...(stopMs !== undefined && { stopMs }) });
  const server = entryServer({ slot, log, isDraining: () => isDraining });
  try {
    await server.listen({ port: settings.port, host });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`port ${settings.port} cannot be had (${code ?? 'unknown'})`, 'set PORT or --port to one that is free');
  }
  const finish = async (): Promise<void> => {
    const closed = server.close();
    await Promise.race([closed, wall.sleep(CLOSE_MS)]);
    server.server.closeAllConnections();
    await closed;
    log.info('bottalk.serve', 'ended');
    over.resolve();
  };
  const cut = (why: string): void => {
    slot.end({ endedBy: 'cancelled', reason: why });
    wall.after(LAST_GRACE_MS, () => over.resolve());
  };
  const { port } = server.server.address() as { readonly port: number };
  log.info('bottalk.serve', `listening on ${host}:${port} ${JSON.stringify({ image_version: settings.imageVersion })}`);
  for (const warning of settings.warnings) log.warn('bottalk.serve', warning);
  // The port answers first.
  wall.after(0, () => void warmUp());
  return {
    port,
    over: over.promise,
    drain: () => {
      if (isDraining) return;
      isDraining = true;
      log.info('bottalk.serve', slot.isBusy ? `asked to end: the session may go on for ${settings.shutdownSecs} s` : 'asked to end');
      tellSidecar(sidecarFolder, log);
      const cancel = wall.after(settings.shutdownSecs * 1000, () => cut(`asked to end ${settings.shutdownSecs} s ago`));
      void slot.idle.then(finish).finally(cancel);
    },
    endNow: () => cut('asked to end at once'),
  };
}

/** Trouble with it ends nothing. */
function tellSidecar(folder: string, log: EntryLog): void {
  try {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) writeFileSync(join(folder, 'shutdown'), '');
  } catch (error) {
    log.warn('bottalk.serve', `the sidecar could not be told: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`);
  }
}
