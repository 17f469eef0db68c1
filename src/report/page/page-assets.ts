/** The script and the style of the pages, as the build leaves them: beside the compiled code, or in dist for who runs from source. */
import { readFileSync } from 'node:fs';
import { UsageError } from '../../base/errors.ts';

export type PageAssets = { readonly script: string; readonly style: string };

/** Those of the reports' page. Throws a UsageError where nothing was built. */
export function readPageAssets(): PageAssets {
  try {
    return { script: readBundle('report.js').toString(), style: readBundle('report.css').toString() };
  } catch {
    throw new UsageError('there is no report.html: the page was not built', 'npm run build');
  }
}

/** One file of any page. Throws where nothing was built. */
export function readBundle(name: string): Buffer {
  const folder = new URL(import.meta.url.endsWith('.ts') ? '../../../dist/web/' : '../../../web/', import.meta.url);
  return readFileSync(new URL(name, folder));
}
