/**
 * Text in columns: where it is broken, and how it is aligned. Knows nothing of colour: style is put on after a line
 * is laid out.
 */
import { columnsOf, displayable, splitAt, truncated } from '../base/display-text.ts';

/** One line of printable text: words come from files and models, and could hold what steers a terminal. */
export function oneLine(text: string): string {
  return displayable(text).trim();
}

/** Breaks at blanks into lines of at most `columns`; a word that is longer than that is broken too. At least one line. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((whole) => pieces(whole, columns))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (columnsOf(longer) <= columns) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

/** Cuts to at most `columns`, with a mark where something is missing. */
export function shorten(text: string, columns: number): string {
  return truncated(text, columns, '…');
}

export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

export function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - columnsOf(text))) + text;
}

/** Rows of cells as aligned lines, two blanks between columns: the first column to the left, figures to the right. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => columnsOf(row[column] ?? ''))));
  return rows.map((row) => row.map((cell, i) => (i === 0 ? padEnd(cell, widths[i] ?? 0) : padStart(cell, widths[i] ?? 0))).join('  ').trimEnd());
}

/** The same with every column to the left. */
export function leftTable(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => columnsOf(row[column] ?? ''))));
  return rows.map((row) => row.map((cell, i) => padEnd(cell, widths[i] ?? 0)).join('  ').trimEnd());
}

/** A left table as one text, each of its lines with its end. Takes out of each cell what could steer a terminal. */
export function textTable(rows: readonly (readonly string[])[]): string {
  return leftTable(rows.map((row) => row.map(displayable))).map((line) => `${line}\n`).join('');
}

/**
 * A table within so many columns, as the lines of each row: a first cell that leaves no room for its figures has lines
 * of its own above them. The first row is the head.
 */
export function narrowTable(rows: readonly (readonly string[])[], columns: number): string[][] {
  const figures = table(rows.map(([, ...rest]) => ['', ...rest]));
  const room = columns - Math.max(...figures.map(columnsOf));
  const isLong = ([name = '']: readonly string[]): boolean => columnsOf(name) > room;
  const lines = table(rows.map((row) => (isLong(row) ? ['', ...row.slice(1)] : row)));
  return rows.map((row, i) => [...(isLong(row) ? wrap(row[0] ?? '', columns) : []), lines[i] ?? '']);
}

function pieces(word: string, columns: number): string[] {
  const found: string[] = [];
  let rest = word;
  while (columnsOf(rest) > columns) {
    const [piece, over] = splitAt(rest, columns);
    // A character wider than the line stands alone.
    if (piece === '') break;
    found.push(piece);
    rest = over;
  }
  return rest === '' && found.length > 0 ? found : [...found, rest];
}
