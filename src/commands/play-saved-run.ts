/** What `bottalk play` does: the whole log into the screen at once, and then the screen is the player. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../base/errors.ts';
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import { parseEventLog } from '../events/jsonl.ts';
import { canShowScreen, loadScreen } from '../tui/load-screen.ts';
import { readSavedRun } from './saved-run.ts';

/** Where it is played; the process itself, except in tests. */
export type PlayTerminal = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'env'>;

export async function playSavedRun(run: string, { stdin, stdout, env }: PlayTerminal): Promise<void> {
  if (!canShowScreen(stdout, env)) throw new UsageError('bottalk play needs a terminal', `bottalk report ${run} prints the run as text`);
  const { folder, file, text } = await readSavedRun(run);
  const events = parseEventLog(text, file);
  const openScreen = await loadScreen();
  const screen = openScreen({ stdin, stdout, wall, env, onInterrupt: () => void screen.close() });
  try {
    for (const event of events) screen.sink.event(event);
    const audioFile = join(folder, 'audio.wav');
    const wallSeconds = wallSecondsOf(join(folder, 'run.json'));
    await screen.finished({ folder, ...(existsSync(audioFile) ? { audioFile } : {}), ...(wallSeconds === undefined ? {} : { wallSeconds }) });
  } finally {
    await screen.close();
  }
}

/** A run that was killed has no run.json; then its speed is not known. */
function wallSecondsOf(file: string): number | undefined {
  try {
    const about: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const seconds = typeof about === 'object' && about !== null && 'wall_seconds' in about ? about.wall_seconds : undefined;
    return typeof seconds === 'number' ? seconds : undefined;
  } catch {
    return undefined;
  }
}
