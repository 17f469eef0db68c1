/**
 * The folder of a content cache as a whole: how large it is, emptying it, and keeping it within a bound. Touches only
 * files that a cache wrote, because the folder is one that the user may name.
 */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What `bottalk cache info` prints. */
export type CacheInfo = { readonly folder: string; readonly count: number; readonly bytes: number };

const ENTRY = /^[0-9a-f]{64}\.entry$/;
const TEMPORARY = /^\d+-\d+\.part$/;
/** A temporary file lives for milliseconds; one of this age was left by a process that was killed. */
const ABANDONED_AFTER_MS = 60 * 60 * 1000;
/** Eviction goes a little below the bound, so that it is not due again at once. */
const KEPT_SHARE = 0.9;

/** The file name of the entry with this key. */
export function entryName(key: string): string {
  return `${key}.entry`;
}

/** The file name under which this process writes its n-th entry; another process may have taken it already. */
export function temporaryName(n: number): string {
  return `${process.pid}-${n}.part`;
}

/** How many entries there are and how large they are; a folder that does not exist is empty. */
export function cacheInfo(folder: string): CacheInfo {
  const entries = list(folder, ENTRY);
  return { folder, count: entries.length, bytes: totalBytes(entries) };
}

/** Removes every entry and returns what there was. Throws what the file system throws. */
export function clearCache(folder: string): CacheInfo {
  const info = cacheInfo(folder);
  for (const file of [...list(folder, ENTRY), ...list(folder, TEMPORARY)]) rmSync(file.path, { force: true });
  return info;
}

/** Removes abandoned temporary files, and the entries used longest ago if all together are larger than the bound. */
export function evict(folder: string, options: { readonly maxBytes: number; readonly nowEpochMs: number }): void {
  for (const file of list(folder, TEMPORARY)) {
    if (options.nowEpochMs - file.usedEpochMs > ABANDONED_AFTER_MS) rmSync(file.path, { force: true });
  }
  const entries = list(folder, ENTRY);
  let bytes = totalBytes(entries);
  if (bytes <= options.maxBytes) return;
  entries.sort((a, b) => a.usedEpochMs - b.usedEpochMs);
  for (const entry of entries) {
    if (bytes <= options.maxBytes * KEPT_SHARE) return;
    rmSync(entry.path, { force: true });
    bytes -= entry.bytes;
  }
}

type CacheFile = { readonly path: string; readonly bytes: number; readonly usedEpochMs: number };

function list(folder: string, pattern: RegExp): CacheFile[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  const files: CacheFile[] = [];
  for (const name of names) {
    if (!pattern.test(name)) continue;
    const path = join(folder, name);
    // Another process may have removed it since it was listed.
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat) files.push({ path, bytes: stat.size, usedEpochMs: stat.mtimeMs });
  }
  return files;
}

function totalBytes(files: readonly CacheFile[]): number {
  return files.reduce((sum, file) => sum + file.bytes, 0);
}
