/**
 * A bounded cache on disk for bytes that can be made again: speech, VAD tracks. An entry is named by the hash of all
 * that determines it, written beside its place and renamed into it, and checked when read, so that any number of
 * processes and threads may share the folder. Nothing that is wrong with the disk is ever an error here: a bad entry
 * is a miss, and a folder that cannot be written makes one warning.
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { entryName, evict, temporaryName } from './content-cache-folder.ts';
import { makeFolder } from './make-folder.ts';

/** 512 MiB: about five hours of 16 kHz speech. */
export const DEFAULT_CACHE_BYTES = 512 * 1024 * 1024;

/** Marks the layout of an entry; the digest of key and value follows, then the value. */
const MAGIC = Buffer.from('btalk\0\0\x01', 'latin1');
const DIGEST_BYTES = 32;
/** A multiple of 8, so that typed arrays can be laid over the value where it was read. */
const HEADER_BYTES = MAGIC.length + DIGEST_BYTES;

export type ContentCacheOptions = {
  /** Made when the first entry is written. */
  readonly folder: string;
  readonly maxBytes?: number;
  /** Milliseconds since the epoch: when an entry was last used decides what is dropped first. */
  readonly epochMs: () => number;
  /** Called at most once, when entries cannot be written and the cache does without. */
  readonly onWarning?: ((text: string) => void) | undefined;
};

/** The key of a value: a hash over everything that determines it, in order. */
export function contentKey(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

export class ContentCache {
  readonly #options: ContentCacheOptions;
  #folderMade = false;
  #writable = true;
  #bytesSinceEviction = 0;
  #temporaryFiles = 0;

  constructor(options: ContentCacheOptions) {
    this.#options = options;
  }

  /** Whether there is an entry; only `read` can tell whether it is sound. */
  has(key: string): boolean {
    return existsSync(this.#path(key));
  }

  /** The value, or undefined if there is none that is sound. Its memory begins at a multiple of 8 bytes. */
  read(key: string): Uint8Array | undefined {
    const path = this.#path(key);
    let entry: Buffer;
    try {
      entry = readFileSync(path);
    } catch {
      return undefined;
    }
    const value = entry.subarray(HEADER_BYTES);
    if (!entry.subarray(0, HEADER_BYTES).equals(header(key, value))) {
      remove(path);
      return undefined;
    }
    const nowS = this.#options.epochMs() / 1000;
    attempt(() => utimesSync(path, nowS, nowS));
    return value;
  }

  /** Keeps a value, if the disk lets us. */
  write(key: string, value: Uint8Array): void {
    if (!this.#writable) return;
    const { folder, maxBytes = DEFAULT_CACHE_BYTES } = this.#options;
    let temporary: string | undefined;
    try {
      if (!this.#folderMade) makeFolder(folder);
      this.#folderMade = true;
      const file = this.#openTemporary();
      temporary = file.path;
      try {
        writeFileSync(file.descriptor, Buffer.concat([header(key, value), value]));
      } finally {
        closeSync(file.descriptor);
      }
      renameSync(temporary, this.#path(key));
    } catch (error) {
      if (temporary !== undefined) remove(temporary);
      // Windows refuses to rename onto a file that somebody is reading: then the value is there already.
      if (!this.has(key)) this.#giveUpWriting(error);
      return;
    }
    this.#bytesSinceEviction += HEADER_BYTES + value.length;
    // Looking at every entry is dear, so it is done once for many writes; the bound may be passed by that much.
    if (this.#bytesSinceEviction > maxBytes / 16) this.evict();
  }

  /** Drops the entries that were used longest ago until the folder is within its bound again. */
  evict(): void {
    const { folder, maxBytes = DEFAULT_CACHE_BYTES, epochMs } = this.#options;
    this.#bytesSinceEviction = 0;
    attempt(() => evict(folder, { maxBytes, nowEpochMs: epochMs() }));
  }

  /** Leaves the folder within its bound. */
  close(): void {
    if (this.#bytesSinceEviction > 0) this.evict();
  }

  #path(key: string): string {
    return join(this.#options.folder, entryName(key));
  }

  /** A new file of our own; a thread, or a process with the same id in another container, may share the folder. */
  #openTemporary(): { readonly path: string; readonly descriptor: number } {
    for (;;) {
      const path = join(this.#options.folder, temporaryName(this.#temporaryFiles++));
      try {
        return { path, descriptor: openSync(path, 'wx') };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }

  #giveUpWriting(error: unknown): void {
    this.#writable = false;
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.onWarning?.(`the cache in ${this.#options.folder} cannot be written, so nothing new is kept: ${reason}`);
  }
}

function header(key: string, value: Uint8Array): Buffer {
  return Buffer.concat([MAGIC, createHash('sha256').update(key).update(value).digest()]);
}

function remove(path: string): void {
  attempt(() => rmSync(path, { force: true }));
}

/** Housekeeping that may fail: another process may have been quicker, or the disk may be read-only. */
function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // The cache works without it.
  }
}
