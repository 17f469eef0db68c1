/** The page of a test run: every case in one file, with the way to the pages of those that were kept. */
import type { SuiteResult } from '../../metrics/suite-result.ts';
import { VERDICTS } from '../../metrics/verdict.ts';
import { suiteMarkdown } from '../suite/markdown.ts';
import type { ComparedWith } from '../suite/suite-sink.ts';
import { documentOfSuite, type LinksOf } from './document-of-suite.ts';
import { readPageAssets } from './page-assets.ts';
import { pageHtml } from './page-html.ts';

/** Throws a UsageError where the page was not built. */
export function suitePage(result: SuiteResult, options: { readonly linksOf: LinksOf; readonly compared?: ComparedWith | undefined }): string {
  const { totals } = result;
  const counts = VERDICTS.filter((verdict) => totals[verdict] > 0).map((verdict) => `${totals[verdict]} ${verdict}`);
  const document = documentOfSuite(result, { linksOf: options.linksOf, compared: options.compared });
  return pageHtml({ title: `bottalk: ${counts.join(', ') || 'nothing ran'}`, document, withoutScript: suiteMarkdown(result) }, readPageAssets());
}
