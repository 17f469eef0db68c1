/**
 * The files that the page consists of: our own modules, as they were compiled or, run from source, without their
 * types; and the pinned daily-js from its package. A closed list; nothing else of this machine can be asked for.
 */
import { readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';

export type PageFile = { readonly contentType: string; readonly body: string };

/** Without their extension, under src. */
const MODULES = [
  'audio/format',
  'clock/wall-clock',
  'providers/daily/page-messages',
  ...['decimator', 'page', 'pcm-worker', 'remote-sound', 'steady-voice'].map((name) => `providers/daily/page/${name}`),
];

const PAGE = `<!doctype html>
<meta charset="utf-8">
<title>bottalk</title>
<script type="importmap">{ "imports": { "@daily-co/daily-js": "./daily.js" } }</script>
<script type="module" src="src/providers/daily/page/page.ts"></script>
`;

/** A file of the page by its path below the page's address; undefined if there is no such file. */
export function readPageFile(path: string): PageFile | undefined {
  if (path === '') return { contentType: 'text/html; charset=utf-8', body: PAGE };
  if (path === 'daily.js') return script(readFileSync(createRequire(import.meta.url).resolve('@daily-co/daily-js/dist/daily-esm.js'), 'utf8'));
  // Compiled or not, the page and its imports may name either extension.
  const name = /^src\/(.*)\.[jt]s$/.exec(path)?.[1];
  if (name === undefined || !MODULES.includes(name)) return undefined;
  // The same extension as this file.
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
  const text = readFileSync(new URL(`../../${name}${extension}`, import.meta.url), 'utf8');
  return script(extension === '.ts' ? stripTypeScriptTypes(text) : text);
}

function script(body: string): PageFile {
  return { contentType: 'text/javascript; charset=utf-8', body };
}
