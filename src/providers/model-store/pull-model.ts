/**
 * Brings model weights into the store: from where they are published, or from a file. A file is written beside its
 * place and renamed into it once it is whole and checked, so that a pull that fails leaves what was there before.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProviderError, UsageError } from '../../base/errors.ts';
import { makeFolder } from '../../base/make-folder.ts';
import { retrying } from '../../base/retry.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import { modelPath, modelState, recordPath, type ModelRecord } from './model-store.ts';
import { openDownload } from './open-download.ts';
import type { PublishedModel } from './published-model.ts';

export type PullProgress = { readonly receivedBytes: number; readonly totalBytes: number | undefined };

export type PullOptions = {
  /** The store; made if it is not there. */
  readonly folder: string;
  readonly wall: WallClock;
  /** Takes the weights from this file instead of the network. */
  readonly fromFile?: string | undefined;
  /** Takes them from this address instead of where they are published: a mirror. */
  readonly url?: string | undefined;
  /** Refuses weights that are not what they should be, by throwing. */
  readonly check?: (weights: Uint8Array<ArrayBuffer>) => void;
  readonly onProgress?: (progress: PullProgress) => void;
  /** A try failed; the next follows in `waitMs`. */
  readonly onRetry?: (failure: ProviderError, waitMs: number) => void;
  /** How long nothing may arrive before a try counts as failed. */
  readonly stallMs?: number;
  /** How many tries there are altogether. */
  readonly attempts?: number;
  /** The wait before the second try; it doubles. */
  readonly firstWaitMs?: number;
  readonly signal?: AbortSignal | undefined;
};

export type PulledModel = {
  readonly path: string;
  readonly record: ModelRecord;
  /** False: the host announced the checksum that the file has already, so nothing was transferred. */
  readonly changed: boolean;
};

/** 30 s: longer than any pause of a healthy connection, short enough to notice a dead one. */
const STALL_MS = 30_000;
const ATTEMPTS = 3;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

/**
 * Pulls a model. Throws a UsageError for what the user can fix (no such file, not a model, folder not writable), a
 * ProviderError when the world failed for good, and the signal's reason when it is aborted.
 */
export async function pullModel(model: PublishedModel, options: PullOptions): Promise<PulledModel> {
  const { folder, wall, fromFile, attempts = ATTEMPTS, firstWaitMs = FIRST_WAIT_MS, onRetry, signal } = options;
  if (fromFile !== undefined) return inWorkFolder(folder, (work) => copyFile(model, fromFile, work, options));
  return retrying(() => inWorkFolder(folder, (work) => download(model, work, options)), {
    wall,
    attempts,
    firstWaitMs,
    longestWaitMs: LONGEST_WAIT_MS,
    signal,
    onFailedTry: ({ error, retryInMs }) => {
      if (retryInMs !== null) onRetry?.(error, retryInMs);
    },
  });
}

async function download(model: PublishedModel, work: string, options: PullOptions): Promise<PulledModel> {
  const origin = options.url ?? model.url;
  const path = modelPath(options.folder, model);
  using stall = stallGuard(options);
  const { announcedSha256, totalBytes, body } = await openDownload(origin, stall.signal);
  const present = modelState(options.folder, model);
  if (announcedSha256 !== undefined && present.kind === 'sound' && present.record.sha256 === announcedSha256) {
    stall.stop();
    return { path, record: present.record, changed: false };
  }
  const received = await write(join(work, 'weights'), body, (receivedBytes) => {
    stall.restart();
    options.onProgress?.({ receivedBytes, totalBytes });
  });
  stall.stop();
  if (totalBytes !== undefined && received.bytes !== totalBytes) {
    throw broken(`${received.bytes} of ${totalBytes} bytes arrived`, 'network');
  }
  if (announcedSha256 !== undefined && received.sha256 !== announcedSha256) {
    throw broken(`what arrived has the checksum ${received.sha256}, announced was ${announcedSha256}`, 'server');
  }
  const record: ModelRecord = { ...received, origin, announced: announcedSha256 !== undefined };
  return keep({ path, work, record, options });
}

async function copyFile(model: PublishedModel, fromFile: string, work: string, options: PullOptions): Promise<PulledModel> {
  const found = await stat(fromFile).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(error.code === 'ENOENT' ? `${fromFile}: no such file` : `${fromFile} cannot be read (${error.code})`);
  });
  if (!found.isFile()) throw new UsageError(`${fromFile} is not a file`);
  const source = createReadStream(fromFile, { signal: options.signal });
  const received = await write(join(work, 'weights'), source as AsyncIterable<Uint8Array>, (receivedBytes) =>
    options.onProgress?.({ receivedBytes, totalBytes: found.size }),
  ).catch((error: unknown) => {
    throw options.signal?.aborted ? options.signal.reason : error;
  });
  const record: ModelRecord = { ...received, origin: fromFile, announced: false };
  return keep({ path: modelPath(options.folder, model), work, record, options });
}

type Received = { readonly sha256: string; readonly bytes: number };

async function write(path: string, body: AsyncIterable<Uint8Array>, onBytes: (bytes: number) => void): Promise<Received> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx');
  try {
    for await (const chunk of body) {
      hash.update(chunk);
      await file.writeFile(chunk);
      bytes += chunk.length;
      onBytes(bytes);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}

type Kept = { readonly path: string; readonly work: string; readonly record: ModelRecord; readonly options: PullOptions };

async function keep({ path, work, record, options }: Kept): Promise<PulledModel> {
  options.check?.(await readFile(join(work, 'weights')));
  await writeFile(join(work, 'record'), `${JSON.stringify(record, null, 2)}\n`);
  options.signal?.throwIfAborted();
  // The record goes first: between the two renames a file counts as absent or damaged, never as sound and wrong.
  await rename(join(work, 'record'), recordPath(path));
  await rename(join(work, 'weights'), path);
  return { path, record, changed: true };
}

/** Works in a folder of its own inside the store, so that the last step is a rename on one disk. */
async function inWorkFolder(folder: string, work: (path: string) => Promise<PulledModel>): Promise<PulledModel> {
  let path: string | undefined;
  try {
    makeFolder(folder);
    path = await mkdtemp(join(folder, '.pull-'));
    return await work(path);
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    throw new UsageError(`the model cannot be kept in ${folder} (${code})`, 'BOTTALK_CACHE_DIR names another place');
  } finally {
    if (path !== undefined) await rm(path, { recursive: true, force: true });
  }
}

type StallGuard = Disposable & { readonly signal: AbortSignal; restart(): void; stop(): void };

/** A signal that aborts when nothing arrives for too long, or when the caller's does. */
function stallGuard({ wall, signal, stallMs = STALL_MS }: PullOptions): StallGuard {
  const own = new AbortController();
  const giveUp = (): void => own.abort(broken(`nothing arrived for ${stallMs / 1000} s`, 'timeout'));
  let disarm = wall.after(stallMs, giveUp);
  return {
    signal: signal ? AbortSignal.any([signal, own.signal]) : own.signal,
    restart() {
      disarm();
      disarm = wall.after(stallMs, giveUp);
    },
    stop: () => disarm(),
    // Whatever is still open is of no use any more.
    [Symbol.dispose]() {
      disarm();
      own.abort();
    },
  };
}

function broken(message: string, kind: 'network' | 'server' | 'timeout'): ProviderError {
  return new ProviderError(message, { provider: 'model-host', kind, retryable: true });
}
