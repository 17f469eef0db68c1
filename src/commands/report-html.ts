/** `bottalk report --html`: the page of a saved run or of a test run, made again from what they left. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../base/errors.ts';
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import { parseEventLog } from '../events/jsonl.ts';
import { foldAll } from '../metrics/run-fold.ts';
import type { AboutRun } from '../metrics/pages/run-document.ts';
import { runPage } from '../report/page/run-page.ts';
import { ABOUT_FILE, REPORT_FILE, writeResult } from '../run/run-folder.ts';
import { openFile } from './open-file.ts';
import { readRecording } from './saved-recording.ts';
import { readSavedRun } from './saved-run.ts';

/** What a page is written to instead of a file. */
export const STDOUT = '-';

type HtmlOptions = { readonly target: string | undefined; readonly open: boolean; readonly say: (text: string) => void };

/** Writes to `target`, or beside the log. Throws a UsageError for what is no run. */
export async function reportRunHtml(run: string, { target, open, say }: HtmlOptions): Promise<void> {
  const saved = await readSavedRun(run);
  const fold = foldAll(parseEventLog(saved.text, saved.file));
  const page = await runPage({ fold, tracks: await readRecording(saved.folder), about: await readAbout(saved.folder) });
  if (target === STDOUT) return say(page);
  const file = target ?? join(saved.folder, REPORT_FILE);
  writeResult(file, page, 'name another file behind --html');
  say(`${file}\n`);
  if (open) await openOrSay(file, say);
}

export async function openOrSay(file: string, say: (text: string) => void): Promise<void> {
  const fault = await openFile(file, { wall, platform: process.platform });
  if (fault !== undefined) say(`${fault}: open it yourself\n`);
}

/** Null for a run that was killed before it was written. */
export async function readAbout(folder: string): Promise<AboutRun | null> {
  const file = join(folder, ABOUT_FILE);
  try {
    return JSON.parse(await readFile(file, 'utf8')) as AboutRun;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new UsageError(`${file} cannot be read`, 'move it away to get a report without it');
  }
}
