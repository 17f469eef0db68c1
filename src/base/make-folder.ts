/**
 * Makes a folder and all those above it that are missing. Node's own recursive mkdir never returns on a file system
 * that refuses new folders as if a parent were missing (/proc does), so this goes up by itself.
 */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Does nothing if it is there. Throws what the file system throws: EEXIST if a file of that name is in the way. */
export function makeFolder(path: string): void {
  const refused = make(path);
  if (!refused) return;
  const parent = dirname(path);
  if (refused.code !== 'ENOENT' || parent === path) throw refused;
  // Only a parent that is really missing can be made; one that is there now may be another process's, made in this moment.
  if (!isFolder(parent)) makeFolder(parent);
  const stillRefused = make(path);
  if (stillRefused) throw stillRefused;
}

/** What the system has against it; somebody else may have made it in the same moment. */
function make(path: string): NodeJS.ErrnoException | undefined {
  try {
    mkdirSync(path);
  } catch (error) {
    return isFolder(path) ? undefined : (error as NodeJS.ErrnoException);
  }
  return undefined;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
