/** The script and the style of the reports' page, as the build leaves them: beside the compiled code, or in dist for who runs from source. */
import { readFileSync } from 'node:fs';
import { UsageError } from '../../base/errors.ts';

export type PageAssets = { readonly script: string; readonly style: string };

/** Throws a UsageError where nothing was built. */
export function readPageAssets(): PageAssets {
  const folder = new URL(import.meta.url.endsWith('.ts') ? '../../../dist/web/' : '../../../web/', import.meta.url);
  try {
    return { script: readFileSync(new URL('report.js', folder), 'utf8'), style: readFileSync(new URL('report.css', folder), 'utf8') };
  } catch {
    throw new UsageError('there is no report.html: the page was not built', 'npm run build');
  }
}
