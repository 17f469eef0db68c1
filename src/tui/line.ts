/**
 * A line of the screen before it is drawn: pieces of text with a style by meaning, never by colour. Lines are fitted
 * here, so that a frame is as wide and as high as it was planned and Ink has nothing left to wrap.
 */
import { columnsOf, splitAt, truncated } from '../base/display-text.ts';

export type Piece = {
  readonly text: string;
  readonly hue?: Hue;
  readonly dim?: boolean;
  readonly bold?: boolean;
  readonly inverse?: boolean;
};

/** What a colour stands for: the two agents by seat, and what asks for attention. */
export type Hue = 'first' | 'second' | 'overlap' | 'warning' | 'bad' | 'good';

export type Line = readonly Piece[];

export function lineColumns(line: Line): number {
  return line.reduce((columns, piece) => columns + columnsOf(piece.text), 0);
}

/** The line in exactly `columns`: cut with the mark, or filled up with blanks. */
export function fitted(line: Line, columns: number, mark: string): Line {
  const pieces: Piece[] = [];
  let left = columns;
  for (const [index, piece] of line.entries()) {
    const taken = columnsOf(piece.text);
    const rest = line.slice(index + 1).some((later) => later.text !== '');
    if (taken < left || (taken === left && !rest)) {
      pieces.push(piece);
      left -= taken;
      continue;
    }
    const text = taken > left ? truncated(piece.text, left, mark) : splitAt(piece.text, left - columnsOf(mark))[0] + mark;
    pieces.push({ ...piece, text });
    left -= columnsOf(text);
    break;
  }
  return left > 0 ? [...pieces, { text: ' '.repeat(left) }] : pieces;
}

/** `left` and, at the other end, `right`; the left one gives way. */
export function justified(left: Line, right: Line, columns: number, mark: string): Line {
  const rightColumns = lineColumns(right);
  if (rightColumns + 1 >= columns) return fitted(left, columns, mark);
  return [...fitted(left, columns - rightColumns - 1, mark), { text: ' ' }, ...right];
}

/** Breaks at blanks into lines of at most `columns`; a word longer than a line is broken where it has to be. */
export function wrapped(line: Line, columns: number): Line[] {
  const lines: Piece[][] = [[]];
  let used = 0;
  const breakLine = (): void => {
    lines.push([]);
    used = 0;
  };
  for (const { word, blankBefore } of wordsOf(line)) {
    const wordColumns = lineColumns(word);
    if (used > 0 && used + (blankBefore ? 1 : 0) + wordColumns > columns) breakLine();
    else if (blankBefore && used > 0) {
      lines.at(-1)?.push({ ...(word[0] as Piece), text: ' ', inverse: false });
      used += 1;
    }
    for (const piece of word) {
      let rest = piece.text;
      while (rest !== '') {
        const [fits, over] = splitAt(rest, columns - used);
        if (fits === '' && used === 0) break;
        if (fits !== '') lines.at(-1)?.push({ ...piece, text: fits });
        used += columnsOf(fits);
        rest = over;
        if (rest !== '') breakLine();
      }
    }
  }
  return lines;
}

/** Words as they stand between blanks; one word may change its style within. */
function wordsOf(line: Line): { word: Line; blankBefore: boolean }[] {
  const words: { word: Piece[]; blankBefore: boolean }[] = [];
  let blankBefore = false;
  let open = false;
  for (const piece of line) {
    for (const part of piece.text.split(/( +)/)) {
      if (part === '') continue;
      if (part.startsWith(' ')) {
        blankBefore = true;
        open = false;
      } else if (open) {
        words.at(-1)?.word.push({ ...piece, text: part });
      } else {
        words.push({ word: [{ ...piece, text: part }], blankBefore });
        blankBefore = false;
        open = true;
      }
    }
  }
  return words;
}
