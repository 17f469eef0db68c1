/**
 * One HTML file that holds everything of a page: script, style, data and sound. A policy in the file lets nothing run but
 * that script and asks nobody for anything, and no text of a call can end the element that it stands in.
 */
import { createHash } from 'node:crypto';
import type { PageAssets } from './page-assets.ts';

export type PageContent = {
  readonly title: string;
  /** Plain JSON. */
  readonly document: unknown;
  /** Compressed sound, if there is any. */
  readonly sound?: Uint8Array | undefined;
  /** What stands there for who has no script. */
  readonly withoutScript: string;
};

export function pageHtml({ title, document, sound, withoutScript }: PageContent, assets: PageAssets): string {
  const script = asScript(assets.script);
  const style = asStyle(assets.style);
  const policy = `default-src 'none'; script-src '${hashOf(script)}'; style-src '${hashOf(style)}'; img-src data:; media-src blob:; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${asText(title)}</title>
<style>${style}</style>
</head>
<body>
<div id="page"></div>
<noscript><pre>${asText(withoutScript)}</pre></noscript>
<script type="application/json" id="document">${asJson(document)}</script>
${sound === undefined ? '' : `<script type="text/plain" id="sound">${Buffer.from(sound).toString('base64')}</script>\n`}<script>${script}</script>
</body>
</html>
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** A comment that opens would swallow what follows it, too. Both stand in texts and patterns only, where a backslash changes nothing. */
function asScript(code: string): string {
  return code.replace(/<(?=\/script|!--)/gi, '\\x3c');
}

function asStyle(code: string): string {
  return code.replace(/<(?=\/style)/gi, String.raw`\3c `);
}

function asJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
}

/** Whatever was said or named, as text and never as markup; control characters are shown as unknown ones. */
function asText(value: string): string {
  return value
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
