/** The end of a turn, cut to words: what the lexical end-of-turn rules judge. */
import { FILLERS, MARKERS } from './ending-words.ts';

/**
 * What the transcriber wrote after the last word. `open` is a mark that nobody ends on (comma, colon, dash, dots).
 * Many transcribers write no marks at all, so `none` says nothing.
 */
export type EndMark = 'none' | 'stop' | 'question' | 'exclamation' | 'open';

export type Ending = {
  /** The words of the last sentence, lower case, without marks. */
  readonly words: readonly string[];
  /** The same without fillers and the markers before the sentence ("okay so", "well"). */
  readonly core: readonly string[];
  /** The last word and the two before it; empty where there is none. */
  readonly last: string;
  readonly previous: string;
  readonly beforePrevious: string;
  readonly mark: EndMark;
  /** The words of the whole turn in one string: what the talk was about. */
  readonly context: string;
};

export function readEnding(text: string): Ending {
  const plain = text.toLowerCase().replaceAll('’', "'").trim();
  const sentence = plain.split(/[.?!…]+["')]*\s+/).at(-1) ?? '';
  return endingOf({ words: wordsOf(sentence), mark: markOf(plain), context: wordsOf(plain).join(' ') });
}

/** The ending that is left when the last `count` words are taken away. */
export function withoutLast(ending: Ending, count: number): Ending {
  return endingOf({ ...ending, words: ending.words.slice(0, -count), mark: 'none' });
}

function endingOf({ words, mark, context }: Pick<Ending, 'words' | 'mark' | 'context'>): Ending {
  const spoken = words.filter((word) => !FILLERS.has(word));
  const start = spoken.findIndex((word) => !MARKERS.has(word));
  return {
    words,
    core: start < 0 ? [] : spoken.slice(start),
    last: words.at(-1) ?? '',
    previous: words.at(-2) ?? '',
    beforePrevious: words.at(-3) ?? '',
    mark,
    context,
  };
}

function wordsOf(text: string): string[] {
  // "3 p.m." and "$29.95" stay words; a hyphen inside a number or word parts it.
  return text
    .split(/[\s\-–—/]+/)
    .map((word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ''))
    .filter(Boolean);
}

function markOf(text: string): EndMark {
  const end = text.replace(/["')\s]+$/, '');
  if (/(?:\.\.|[…,:;\-–—(])$/.test(end)) return 'open';
  if (end.endsWith('?')) return 'question';
  if (end.endsWith('!')) return 'exclamation';
  return end.endsWith('.') ? 'stop' : 'none';
}
