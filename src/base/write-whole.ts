/** Writes a file so that nobody ever finds half of it: beside its place first, and then into it. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { UsageError } from './errors.ts';

/** Replaces what is there. Throws a UsageError if the disk refuses, and leaves the old file then. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const beside = `${path}.${process.pid}.part`;
  try {
    writeFileSync(beside, content);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`${path} cannot be written (${code})`, 'look at the disk and at who owns the folder, or name another place');
  }
}
