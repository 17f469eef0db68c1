/** Collects what is wrong with one file, so that a user sees every mistake at once and in the order of the file. */
import { invariant, type Mistake, UsageError } from '../base/errors.ts';

/** Notes a mistake at a character of the text; without an offset it concerns no place in the file. */
export type Report = (offset: number | undefined, message: string, hint?: string) => void;

export type MistakeList = {
  readonly report: Report;
  readonly isEmpty: () => boolean;
  /** Throws all of them as one UsageError. */
  readonly throwAll: () => never;
};

export function mistakeList(file: string, text: string): MistakeList {
  const found = new Map<string, { readonly offset: number; readonly mistake: Mistake }>();
  return {
    report(offset, message, hint) {
      const mistake: Mistake = {
        message: oneLine(message),
        ...(offset !== undefined && { place: { file, ...placeOf(text, offset) } }),
        ...(hint !== undefined && { hint: oneLine(hint) }),
      };
      const key = `${offset} ${message}`;
      if (!found.has(key)) found.set(key, { offset: offset ?? -1, mistake });
    },
    isEmpty: () => found.size === 0,
    throwAll() {
      invariant(found.size > 0, `${file} was refused without a mistake`);
      throw new UsageError([...found.values()].sort((a, b) => a.offset - b.offset).map(({ mistake }) => mistake));
    },
  };
}

/** Whatever a file holds, its message is one line and does nothing to a terminal. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

/** The line of a character of the text, from 1. */
export function lineOf(text: string, offset: number): number {
  return placeOf(text, offset).line;
}

/** Lines and columns as editors count them, from 1. */
function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}
