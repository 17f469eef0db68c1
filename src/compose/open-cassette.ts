/** A cassette as the user names it: the file itself, or the folder of the run that it was recorded in. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../base/errors.ts';
import type { Cassette, CassetteHeader } from '../providers/cassette/cassette.ts';
import { readCassette, readCassetteHeader } from '../providers/cassette/read-cassette.ts';
import { CASSETTE_FILE } from '../run/run-folder.ts';

export type OpenedCassette = {
  readonly file: string;
  readonly cassette: Cassette;
  /** SHA-256 of the file, in hex. */
  readonly sha256: string;
  readonly bytes: number;
};

/** Throws a UsageError where there is none, or none that is sound. */
export async function openCassette(path: string): Promise<OpenedCassette> {
  const { file, content } = await readCassetteFile(path);
  return { file, cassette: readCassette(content.toString('utf8'), file), sha256: createHash('sha256').update(content).digest('hex'), bytes: content.length };
}

/** With whom it was recorded; the rest of it is not looked at. Throws a UsageError where there is none. */
export async function openCassetteHeader(path: string): Promise<CassetteHeader> {
  const { file, content } = await readCassetteFile(path);
  return readCassetteHeader(content.toString('utf8'), file);
}

/** The file as it is, sound or not. */
async function readCassetteFile(path: string): Promise<{ readonly file: string; readonly content: Buffer }> {
  let file = path;
  try {
    if ((await stat(path)).isDirectory()) file = join(path, CASSETTE_FILE);
    return { file, content: await readFile(file) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw new UsageError(`${path}: cannot be read (${code})`);
    throw file === path
      ? new UsageError(`${path}: there is no cassette`, 'give a cassette.jsonl, or the folder of a run that has one')
      : new UsageError(`${path}: this run has no cassette`, 'runs with providers of the world leave one, unless they were run with --no-record');
  }
}
