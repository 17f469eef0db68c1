/** report.html of a run: everything about one call in one file that can be opened, heard and sent to somebody. */
import { recordingFaults } from '../../metrics/recording-check.ts';
import { textReport } from '../text-report.ts';
import { type RunRecord, documentOfRun } from './document-of-run.ts';
import { encodeSound } from './encode-sound.ts';
import { readPageAssets } from './page-assets.ts';
import { pageHtml } from './page-html.ts';

/** The same bytes for the same log, recording and run.json. Throws a UsageError where the page was not built. */
export async function runPage(record: RunRecord): Promise<string> {
  const assets = readPageAssets();
  const document = documentOfRun(record);
  const sound = document.sound === null || record.tracks === undefined ? undefined : await encodeSound(record.tracks);
  const { scenario, seed, verdict } = document.metrics;
  const withoutScript = textReport(record.fold, recordingFaults(record.fold, record.tracks));
  return pageHtml({ title: `${scenario}, seed ${seed}: ${verdict}`, document, sound, withoutScript }, assets);
}
