/** What `bottalk serve` does: the entry with the streams, signals and environment of this process. */
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import { openEntry } from '../cloud/entry/entry.ts';
import { EntryLog } from '../cloud/entry/entry-log.ts';
import { entrySettings } from '../cloud/entry/entry-settings.ts';
import { EXIT } from './exit-codes.ts';

export type ServeOptions = { readonly port?: number; readonly host: string; readonly sidecar: string };

/** Resolves when it was told to end and has. */
export async function serve({ port, host, sidecar: sidecarFolder }: ServeOptions): Promise<number> {
  // Whoever asked it to end while it was loaded is heard now.
  await wall.yieldToProcess();
  const { env } = process;
  const settings = entrySettings(env, { port });
  const { level, logFolder: folder } = settings;
  const write = process.stderr.write.bind(process.stderr);
  const log = new EntryLog({ wall, write: (text) => void write(text), level, folder });
  keepStrayLines(log);
  const hold = async (ties: Parameters<Parameters<typeof openEntry>[0]['hold']>[0]) => {
    const { holdSession } = await import('../cloud/entry/hold-session.ts');
    return holdSession(ties, { wall, log, settings, env });
  };
  const warmUp = async (): Promise<void> => {
    await import('../cloud/entry/session-order.ts');
    await import('../cloud/entry/hold-session.ts');
    const { warmUp: warmUpAgent } = await import('../compose/warm-up.ts');
    await warmUpAgent(wall);
  };
  const entry = await openEntry({ wall, settings, log, host, hold, warmUp, sidecarFolder });
  // The new one first: a signal that is on its way when nobody listens would be lost.
  const before = process.listeners('SIGTERM');
  process.on('SIGTERM', () => entry.drain());
  for (const listener of before) process.off('SIGTERM', listener);
  let pressed = false;
  process.on('SIGINT', () => {
    if (pressed) entry.endNow();
    pressed = true;
    entry.drain();
  });
  process.on('uncaughtException', (error) => {
    log.error('bottalk.serve', `this is a bug of ours: ${error.stack ?? error.message}`);
    process.exit(EXIT.bug);
  });
  await entry.over;
  // Whatever still hangs on this process, such as a browser that does not close, ends with it.
  process.exit(EXIT.ok);
}

/** What others write to the streams of this process belongs into the file of the log too. */
function keepStrayLines(log: EntryLog): void {
  for (const stream of ['stdout', 'stderr'] as const) {
    const write = process[stream].write.bind(process[stream]) as (...given: unknown[]) => boolean;
    process[stream].write = (chunk: string | Uint8Array, ...how: readonly unknown[]): boolean => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      const shown = log.stray(stream, text);
      return write(shown === text ? chunk : shown, ...how);
    };
  }
}
