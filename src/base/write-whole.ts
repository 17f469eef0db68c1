/** Writes a file so that nobody ever finds half of it: beside its place first, and then into it. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** Replaces what is there. Throws what the file system throws, and leaves the old file then. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const beside = `${path}.${process.pid}.part`;
  try {
    writeFileSync(beside, content);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
