/**
 * What a script listens for, as a regular expression. Heard text comes in lower case and without punctuation, so
 * case never matters and an apostrophe in a keyword may be missing in what is heard.
 */
import { BLANKLESS } from './blankless.ts';

/** A keyword stands between two of these in no text, unless it is of a script that sets no word apart. */
const LETTER = `(?![${BLANKLESS}])[\\p{L}\\p{N}]`;

/** Keywords (any one is enough, as whole words), or a regular expression written plainly or between slashes. Throws a SyntaxError. */
export function compilePattern(pattern: string | readonly string[]): RegExp {
  if (typeof pattern === 'string') return new RegExp(/^\/(.*)\/i?$/s.exec(pattern)?.[1] ?? pattern, 'i');
  return new RegExp(`(?<!${LETTER})(?:${pattern.map(keyword).join('|')})(?!${LETTER})`, 'iu');
}

/** Why a text is no regular expression, in a few words without capital and full stop; undefined for one that is. */
export function patternFault(pattern: string): string | undefined {
  try {
    compilePattern(pattern);
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const reason = /: ([^:]+)$/.exec(error.message)?.[1] ?? error.message;
    return `${reason.charAt(0).toLowerCase()}${reason.slice(1)}`;
  }
}

function keyword(words: string): string {
  return words
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replaceAll("'", "'?"))
    .join('\\s+');
}
