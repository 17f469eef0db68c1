/**
 * The temporary profile of one browser. Its name says whose process it belongs to, so that what a killed machine left
 * behind can be swept by a later run. Removes nothing that could still be in use.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const NAME = /^bottalk-chromium-(\d+)-/;
/** Twice the longest a room lives by default, and more: process numbers mean nothing across containers that share a folder. */
const STALE_AFTER_MS = 3_600_000;

export type ProfileOptions = { readonly folder: string; readonly pid: number; readonly epochMs: number };

/** Makes a new folder, after removing those of processes that are long gone. */
export function makeProfileFolder({ folder, pid, epochMs }: ProfileOptions): string {
  sweep(folder, epochMs);
  return mkdtempSync(join(folder, `bottalk-chromium-${pid}-`));
}

function sweep(folder: string, epochMs: number): void {
  for (const name of readdirSync(folder)) {
    const owner = NAME.exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    const path = join(folder, name);
    try {
      if (epochMs - statSync(path).mtimeMs > STALE_AFTER_MS) rmSync(path, { recursive: true, force: true });
    } catch {
      // Somebody else's, or swept by another run at this moment.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
