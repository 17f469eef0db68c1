/** The page of a test run: every case in one file, with the way to the pages of those that were kept. */
import type { SuiteResult } from '../../metrics/suite-result.ts';
import { VERDICTS } from '../../metrics/verdict.ts';
import { suiteMarkdown } from '../suite/markdown.ts';
import { documentOfSuite, type SuiteSurroundings } from './document-of-suite.ts';
import { readPageAssets } from './page-assets.ts';
import { pageHtml } from './page-html.ts';

/** Throws a UsageError where the page was not built. */
export function suitePage(result: SuiteResult, surroundings: SuiteSurroundings): string {
  const { totals } = result;
  const counts = VERDICTS.filter((verdict) => totals[verdict] > 0).map((verdict) => `${totals[verdict]} ${verdict}`);
  const document = documentOfSuite(result, surroundings);
  return pageHtml({ title: `bottalk: ${counts.join(', ') || 'nothing ran'}`, document, withoutScript: suiteMarkdown(result, surroundings.compared) }, readPageAssets());
}
