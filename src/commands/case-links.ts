/** What is there of a case on this disk, as a page in that file finds it. Names no file that is not there. */
import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { CaseResult } from '../metrics/case-result.ts';
import type { CaseLink } from '../metrics/pages/suite-document.ts';
import { AUDIO_FILE, REPORT_FILE } from '../run/run-folder.ts';

const FILES = [
  ['report', REPORT_FILE],
  ['transcript', 'transcript.txt'],
  ['audio', AUDIO_FILE],
  ['folder', ''],
] as const;

/** `page` is where the page will be. */
export function caseLinks({ folder }: Pick<CaseResult, 'folder'>, page: string): readonly CaseLink[] {
  if (folder === null) return [];
  const there = FILES.filter(([, file]) => existsSync(join(folder, file)));
  return there.map(([name, file]) => ({ name, address: `${addressOf(folder, page)}/${file}` }));
}

/** Of a folder, as seen from a page. */
function addressOf(path: string, page: string): string {
  return relative(dirname(page), path).split(sep).map(encodeURIComponent).join('/');
}
