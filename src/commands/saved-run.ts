/** A saved run as the user names it: the folder that `bottalk run` wrote, or the events.jsonl in it. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UsageError } from '../base/errors.ts';

export type SavedRun = {
  readonly folder: string;
  /** Its event log, for messages about it. */
  readonly file: string;
  readonly text: string;
};

export async function readSavedRun(run: string): Promise<SavedRun> {
  try {
    const isFolder = (await stat(run)).isDirectory();
    const file = isFolder ? join(run, 'events.jsonl') : run;
    return { folder: isFolder ? run : dirname(run), file, text: await readFile(file, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new UsageError(`${run}: no run here`, 'give a folder that bottalk run wrote, or its events.jsonl');
    if (code === undefined) throw error;
    throw new UsageError(`${run}: cannot be read (${code})`);
  }
}
