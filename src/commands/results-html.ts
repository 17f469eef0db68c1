/** `bottalk report <results> --html`: the page of a test run, as one file, or as a folder with the page of each case that was kept. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from '../base/errors.ts';
import type { CaseResult } from '../metrics/case-result.ts';
import type { CaseLink } from '../metrics/pages/suite-document.ts';
import { suitePage } from '../report/page/suite-page.ts';
import { REPORT_FILE, writeResult } from '../run/run-folder.ts';
import { caseLinks } from './case-links.ts';
import { openOrSay, reportRunHtml, STDOUT } from './report-html.ts';
import { comparedExit, comparedWith } from './report-results.ts';
import { readResults } from './results-file.ts';

type HtmlOptions = { readonly target: string | undefined; readonly open: boolean; readonly baseline: string | undefined; readonly say: (text: string) => void };

/** Gives the exit code back. */
export async function reportResultsHtml(results: string, { target, open, baseline, say }: HtmlOptions): Promise<number> {
  const result = readResults(results);
  const compared = comparedWith(baseline, result);
  const beside = isFolder(results) ? results : dirname(results);
  const isForFolder = target !== undefined && target !== STDOUT && (/[\\/]$/.test(target) || isFolder(target));
  const page = isForFolder ? join(target, 'index.html') : (target ?? join(beside, REPORT_FILE));
  const own = isForFolder ? await casePages(result.cases, target) : new Map<string, string>();
  const linksOf = (each: CaseResult): readonly CaseLink[] => {
    const address = own.get(each.id);
    // What is moved away as a folder leads nowhere outside of it.
    return isForFolder ? (address === undefined ? [] : [{ name: 'report', address }]) : caseLinks(each, target === STDOUT ? REPORT_FILE : page);
  };
  const html = suitePage(result, { linksOf, compared });
  if (target === STDOUT) say(html);
  else writeResult(page, html, 'name another file behind --html');
  if (target !== STDOUT) say(`${page}\n`);
  if (target !== STDOUT && open) await openOrSay(page, say);
  return comparedExit(compared);
}

/** Makes the page of every case that has its events yet; one after another, for each takes the machine as a whole. */
async function casePages(cases: readonly CaseResult[], folder: string): Promise<ReadonlyMap<string, string>> {
  const made = new Map<string, string>();
  for (const [i, { id, folder: kept }] of cases.entries()) {
    if (kept === null || !existsSync(join(kept, 'events.jsonl'))) continue;
    const address = `cases/${String(i + 1).padStart(String(cases.length).length, '0')}.html`;
    try {
      await reportRunHtml(kept, { target: join(folder, address), open: false, say: () => {} });
      made.set(id, address);
    } catch (error) {
      // One that left half a log has no page, and keeps no other from having one; a disk that refuses does.
      if (!(error instanceof UsageError) || existsSync(join(folder, address)) || !error.message.includes(kept)) throw error;
    }
  }
  return made;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
