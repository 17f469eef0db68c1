/**
 * Text as a terminal shows it: what may be shown at all, how many columns it takes, and where it is cut. Works on
 * text without escape sequences; style is added afterwards.
 */

/** Spoken text and titles come from files and models: what could steer the terminal, or joins whose width terminals
 * disagree about, is taken out before anything is measured. */
export function displayable(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Emoji_Modifier}\uFE00-\uFE0F]/gu, '');
}

/** Columns that displayable text takes. */
export function columnsOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of graphemes.segment(text)) columns += graphemeColumns(segment);
  return columns;
}

/** Cuts text to at most `columns`; what was cut off is told by the mark at its end. */
export function truncated(text: string, columns: number, mark: string): string {
  if (columnsOf(text) <= columns) return text;
  const markColumns = columnsOf(mark);
  if (columns < markColumns) return '';
  return splitAt(text, columns - markColumns)[0].trimEnd() + mark;
}

/** Splits before the first grapheme that would not fit into `columns`. */
export function splitAt(text: string, columns: number): [string, string] {
  if (PLAIN.test(text)) return [text.slice(0, columns), text.slice(columns)];
  let used = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    used += graphemeColumns(segment);
    if (used > columns) return [text.slice(0, index), text.slice(index)];
  }
  return [text, ''];
}

const PLAIN = /^(?:[\x21-\x7e]| (?! ))*$/;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function graphemeColumns(grapheme: string): number {
  if (/^\p{M}+$/u.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}

/** Emoji, and the blocks that Unicode's East Asian Width calls wide or fullwidth. */
const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}])/u;
