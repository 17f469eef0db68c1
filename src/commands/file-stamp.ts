/**
 * Which files are there and when each was changed, so that two looks at them can be compared. Looks instead of being
 * told: that works on every file system, whatever way an editor saves.
 */
import { stat } from 'node:fs/promises';
import type { WallClock } from '../clock/wall-clock.ts';

/** When each file was changed, by its path; what is not there has no entry. */
export type FileStamp = ReadonlyMap<string, string>;

/** Often enough to feel immediate; a look at a hundred files takes a few milliseconds. */
const LOOK_EVERY_MS = 250;

export async function stampOf(files: readonly string[]): Promise<FileStamp> {
  const stamps = await Promise.all(files.map(async (file) => [file, await stat(file).catch(() => undefined)] as const));
  return new Map(stamps.flatMap(([file, found]) => (found ? [[file, `${found.mtimeMs} ${found.size}`] as const] : [])));
}

/** The files that came, went or changed, by name. */
export function changedFiles(before: FileStamp, after: FileStamp): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((file) => before.get(file) !== after.get(file)).sort();
}

export type ChangeOptions = {
  readonly wall: WallClock;
  readonly look: () => Promise<FileStamp>;
  readonly signal: AbortSignal;
};

/** The first stamp that differs from `before` and lasts for two looks: whoever saves several files saves them all first. Undefined when aborted. */
export async function nextChange(before: FileStamp, { wall, look, signal }: ChangeOptions): Promise<FileStamp | undefined> {
  let last = await look();
  while (!signal.aborted) {
    await wall.sleep(LOOK_EVERY_MS, signal).catch(() => undefined);
    const now = await look();
    if (changedFiles(before, now).length > 0 && changedFiles(last, now).length === 0) return signal.aborted ? undefined : now;
    last = now;
  }
  return undefined;
}
