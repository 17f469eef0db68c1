/** Writes a file so that nobody ever finds half of it: beside its place first, and then into it. */
import { chmodSync, existsSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { UsageError } from './errors.ts';

/**
 * Replaces what is there, with the same mode and behind the same link. Throws a UsageError if the disk refuses, and
 * leaves the old file then.
 */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const target = existsSync(path) ? realpathSync(path) : path;
  const beside = `${target}.${process.pid}.part`;
  try {
    writeFileSync(beside, content);
    const old = statSync(target, { throwIfNoEntry: false });
    if (old) chmodSync(beside, old.mode & 0o777);
    renameSync(beside, target);
  } catch (error) {
    rmSync(beside, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === 'EISDIR') throw new UsageError(`${path} is a folder`, 'name a file');
    if (code === 'ENOENT') throw new UsageError(`${path} cannot be written: its folder does not exist`, 'make it, or name another place');
    throw new UsageError(`${path} cannot be written (${code})`, 'look at the disk and at who owns the folder, or name another place');
  }
}
