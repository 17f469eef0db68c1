/**
 * Packs a folder for a build elsewhere: a gzipped tar archive that holds the same bytes for the same files, whoever packs
 * them and when, so that what was built of it before is found again. Reads only; leaves out what docker-ignore.ts says.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { UsageError } from '../../base/errors.ts';
import { type BuildFilter, buildFilter } from './docker-ignore.ts';

export type BuildContext = {
  readonly archive: Uint8Array<ArrayBuffer>;
  /** As Pipecat Cloud names a context: the first 16 digits of its MD5. */
  readonly hash: string;
  readonly files: number;
  /** Before compression. */
  readonly bytes: number;
};

/** Pipecat Cloud takes no larger context. */
const MOST_BYTES = 500 * 1024 * 1024;

export type ContextFolder = { readonly folder: string; readonly dockerfile: string; readonly excluded: readonly string[] };

/** Throws a UsageError for a folder that holds no Dockerfile, cannot be read or is too large. */
export async function packContext(context: ContextFolder): Promise<BuildContext> {
  try {
    return await packed(context);
  } catch (error) {
    const { code, syscall, path } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    throw new UsageError(`${path ?? context.folder} cannot be read (${code})`, 'leave it out with a .dockerignore, or let it be read');
  }
}

async function packed({ folder, dockerfile, excluded }: ContextFolder): Promise<BuildContext> {
  if (!(await textOf(join(folder, dockerfile)))) throw new UsageError(`there is no ${dockerfile} in ${folder}`, 'build.dockerfile in the deploy file names another');
  const ignoring = (await textOf(join(folder, `${dockerfile}.dockerignore`))) ?? (await textOf(join(folder, '.dockerignore')));
  const entries: Entry[] = [];
  await collect(folder, '', buildFilter(ignoring, excluded), entries);
  // A build cannot begin without it, whatever the patterns say.
  if (!entries.some(({ path }) => path === dockerfile)) entries.push({ path: dockerfile, kind: 'file', isProgram: false, bytes: 0 });
  entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  if (bytes > MOST_BYTES) throw new UsageError(`${folder} holds ${megabytes(bytes)} to build from, and Pipecat Cloud takes ${megabytes(MOST_BYTES)}`, 'leave files out with a .dockerignore');
  const archive = await compress(await archiveOf(folder, entries));
  return { archive, hash: createHash('md5').update(archive).digest('hex').slice(0, 16), files: entries.length, bytes };
}

type Entry = { readonly path: string; readonly kind: 'file' | 'link'; readonly isProgram: boolean; readonly bytes: number };

async function collect(folder: string, below: string, filter: BuildFilter, entries: Entry[]): Promise<void> {
  for (const child of await readdir(join(folder, below), { withFileTypes: true })) {
    const path = below === '' ? child.name : `${below}/${child.name}`;
    const isLeftOut = filter.isLeftOut(path);
    if (child.isDirectory()) {
      if (!isLeftOut || filter.takesBack) await collect(folder, path, filter, entries);
    } else if (!isLeftOut && child.isSymbolicLink()) entries.push({ path, kind: 'link', isProgram: false, bytes: 0 });
    else if (!isLeftOut && child.isFile()) {
      const { mode, size } = await stat(join(folder, path));
      entries.push({ path, kind: 'file', isProgram: (mode & 0o100) !== 0, bytes: size });
    }
  }
}

async function archiveOf(folder: string, entries: readonly Entry[]): Promise<Buffer> {
  const { pack } = await import('tar-stream');
  const tar = pack();
  const fill = async (): Promise<void> => {
    for (const { path, kind, isProgram } of entries) {
      // Times and owners are those of nobody, or the same files would never be the same bytes.
      const header = { name: path, mtime: new Date(0), uid: 0, gid: 0, uname: '', gname: '', mode: isProgram ? 0o755 : 0o644 };
      if (kind === 'link') tar.entry({ ...header, type: 'symlink', linkname: await readlink(join(folder, path)) });
      else tar.entry(header, await readFile(join(folder, path)));
    }
    tar.finalize();
  };
  // Whoever waits for the next piece has to hear that none will come.
  void fill().catch((error: Error) => tar.destroy(error));
  const pieces: Buffer[] = [];
  for await (const piece of tar) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

async function compress(tar: Buffer): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await promisify(gzip)(tar, { level: 9 }));
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export function megabytes(bytes: number): string {
  return `${(bytes / (1024 * 1024)).toFixed(1)} MB`;
}
