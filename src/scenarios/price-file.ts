/**
 * A price file: rows of what a provider charges for one unit, each with its source and date. Every mistake is told at
 * its place, all at once. It does not know which rows a run needs, and believes no price without a source.
 */
import { didYouMean } from '../base/nearest.ts';
import { PRICE_UNITS, type Price } from '../events/price.ts';
import { mistakeList, type Report } from './mistake-list.ts';
import { child, describeNode, itemsOf, quote, readYaml, scalarOf, type YamlMapping, type YamlNode } from './yaml-tree.ts';

/** A row may fit many models: in `model`, * stands for any text. `host` keeps it to one server. */
export type PriceRow = Omit<Price, 'host'> & { readonly host: string | undefined };

const KEYS = ['provider', 'model', 'host', 'per', 'usd', 'source', 'date'];
const WORDS = { what: 'price list', keys: 'prices', ifEmpty: 'docs/providers.md shows a price file' };

export function parsePrices(source: string, file: string): readonly PriceRow[] {
  const text = source.replace(/^\uFEFF/, '');
  const { report, isEmpty, throwAll } = mistakeList(file, text);
  const tree = readYaml(text, report, WORDS);
  if (!tree) return throwAll();
  checkKeys(tree, ['prices'], report);
  const list = child(tree, 'prices');
  if (list?.kind !== 'list') report(list?.start ?? tree.start, `prices: expected a list of rows, got ${list ? describeNode(list) : 'none'}`);
  const rows = itemsOf(list).flatMap((item) => rowOf(item, report) ?? []);
  return isEmpty() ? rows : throwAll();
}

function rowOf(item: YamlNode, report: Report): PriceRow | undefined {
  if (item.kind !== 'mapping') {
    report(item.start, `expected a row with ${KEYS.join(', ')}, got ${describeNode(item)}`);
    return undefined;
  }
  checkKeys(item, KEYS, report);
  const provider = textAt(item, 'provider', report);
  const per = PRICE_UNITS.find((unit) => unit === scalarOf(child(item, 'per')));
  if (!per) complain(item, 'per', `one of ${PRICE_UNITS.join(', ')}`, report, didYouMean(String(scalarOf(child(item, 'per'))), PRICE_UNITS));
  const usd = scalarOf(child(item, 'usd'));
  const isPrice = typeof usd === 'number' && Number.isFinite(usd) && usd >= 0;
  if (!isPrice) complain(item, 'usd', 'US dollars, 0 or more', report);
  const source = textAt(item, 'source', report);
  const date = textAt(item, 'date', report);
  if (date !== undefined && !isDay(date)) complain(item, 'date', 'a day such as 2026-01-31', report);
  const model = child(item, 'model') ? textAt(item, 'model', report) : '';
  const host = child(item, 'host') ? textAt(item, 'host', report) : undefined;
  if (provider === undefined || model === undefined || !per || !isPrice || source === undefined || date === undefined) return undefined;
  return { provider, model, host, per, usd, source, date };
}

function textAt(row: YamlMapping, key: string, report: Report): string | undefined {
  const value = scalarOf(child(row, key));
  if (typeof value === 'string' && value.trim() !== '') return value.trim();
  complain(row, key, 'a text', report);
  return undefined;
}

function complain(row: YamlMapping, key: string, expected: string, report: Report, hint?: string): void {
  const node = child(row, key);
  if (node) report(node.start, `${key}: expected ${expected}, got ${describeNode(node)}`, hint);
  else report(row.start, `the key ${key} is missing`, `${key}: ${expected}`);
}

function checkKeys(mapping: YamlMapping, keys: readonly string[], report: Report): void {
  for (const [key, { keyStart }] of mapping.entries) {
    if (!keys.includes(key)) report(keyStart, `unknown key ${quote(key)}`, didYouMean(key, keys) ?? `valid keys here: ${keys.join(', ')}`);
  }
}

/** A day of the calendar, as YYYY-MM-DD. */
function isDay(text: string): boolean {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(day) && new Date(day).toISOString().startsWith(text);
}
