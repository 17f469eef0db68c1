/**
 * The prices that this run may use: rows of the user's own file first, then those that come with bottalk. The first
 * row that fits wins, so a file may put exact names before patterns.
 */
import { existsSync, readFileSync } from 'node:fs';
import { UsageError } from '../base/errors.ts';
import { parsePrices, type PriceRow } from '../scenarios/price-file.ts';

/** Looked for in the working folder unless another is named. */
export const PRICES_FILE = 'bottalk.prices.yaml';

/** Rows in order of precedence. Throws a UsageError that holds every mistake of the file. */
export function loadPrices(file: string | undefined): readonly PriceRow[] {
  const own = file ?? (existsSync(PRICES_FILE) ? PRICES_FILE : undefined);
  return [...(own === undefined ? [] : parsePrices(textOf(own), own)), ...shippedPrices()];
}

function textOf(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new UsageError(`no such file: ${file}`, 'a price file of yours, as docs/providers.md shows');
    throw new UsageError(`${file} cannot be read as a price file`, code === 'EISDIR' ? 'it is a folder' : (code ?? 'is it UTF-8 text?'));
  }
}

/** The file lies two folders up from the sources and three from dist. */
export function shippedPrices(): readonly PriceRow[] {
  for (const up of ['../../prices/prices.yaml', '../../../prices/prices.yaml']) {
    const url = new URL(up, import.meta.url);
    if (existsSync(url)) return parsePrices(readFileSync(url, 'utf8'), 'prices/prices.yaml');
  }
  return [];
}
