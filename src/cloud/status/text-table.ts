/** Rows as lines of text with aligned columns, all of them to the left. Takes out of each cell what could steer a terminal. */
import { columnsOf, displayable } from '../../base/display-text.ts';
import { padEnd } from '../../report/text-columns.ts';

export function textTable(rows: readonly (readonly string[])[]): string {
  const plain = rows.map((row) => row.map(displayable));
  const widths = (plain[0] ?? []).map((_, column) => Math.max(...plain.map((row) => columnsOf(row[column] ?? ''))));
  return plain.map((row) => `${row.map((cell, i) => padEnd(cell, widths[i] ?? 0)).join('  ').trimEnd()}\n`).join('');
}
