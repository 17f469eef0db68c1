/** How much of what was said was heard wrongly: words aligned by edit distance, case and punctuation set aside. */
import { BLANKLESS } from '../base/blankless.ts';
import { roundShare } from './rounding.ts';

/** `rate` is (substitutions + deletions + insertions) / words spoken, and can exceed 1; null when nothing was spoken. */
export type WordError = {
  readonly rate: number | null;
  readonly words: number;
  readonly substitutions: number;
  readonly deletions: number;
  readonly insertions: number;
};

/** Compares the heard transcript with the spoken text. */
export function wordError(spoken: string, heard: string): WordError {
  const expected = wordsOf(spoken);
  const { substitutions, deletions, insertions } = align(expected, wordsOf(heard));
  const errors = substitutions + deletions + insertions;
  return {
    rate: expected.length === 0 ? null : roundShare(errors / expected.length),
    words: expected.length,
    substitutions,
    deletions,
    insertions,
  };
}

/**
 * What no word is made of. Vowel signs of a script are part of its words; accents that stand beside a letter, and the
 * points of Arabic and Hebrew, are written or not.
 */
const NO_PART_OF_WORDS = /[^\p{L}\p{N}\p{M}']|(?=[\p{Script=Inherited}\p{Script=Hebrew}])\p{M}/gu;

/** Where a script leaves no blanks between words each character counts as one, as is usual for error rates. */
const CHARACTERS = new RegExp(`[${BLANKLESS}]\\p{M}*`, 'gu');

/** Words as they compare: lower case, only letters with their signs, digits and inner apostrophes; hyphens, dashes, slashes and dots in a row separate. */
export function wordsOf(text: string): string[] {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/[-‐-―/…]|\.{2,}/gu, ' ')
    .replace(CHARACTERS, ' $& ')
    .split(/\s+/)
    .map((word) => word.replace(NO_PART_OF_WORDS, '').replace(/^'+|'+$/g, ''))
    .filter(Boolean);
}

const KEPT = 0;
const SUBSTITUTED = 1;
const DELETED = 2;
const INSERTED = 3;

/** The edit distance, and the way through it walked back from the end. Substitutions win ties, then deletions. */
function align(expected: readonly string[], heard: readonly string[]): Pick<WordError, 'substitutions' | 'deletions' | 'insertions'> {
  const columns = heard.length + 1;
  const steps = new Uint8Array((expected.length + 1) * columns).fill(INSERTED, 0, columns);
  let above = Uint32Array.from({ length: columns }, (_, j) => j);
  for (let i = 1; i <= expected.length; i++) {
    const row = new Uint32Array(columns).fill(i, 0, 1);
    steps[i * columns] = DELETED;
    for (let j = 1; j < columns; j++) {
      const differs = expected[i - 1] === heard[j - 1] ? 0 : 1;
      const replaced = (above[j - 1] as number) + differs;
      const deleted = (above[j] as number) + 1;
      const inserted = (row[j - 1] as number) + 1;
      row[j] = Math.min(replaced, deleted, inserted);
      steps[i * columns + j] = row[j] === replaced ? (differs ? SUBSTITUTED : KEPT) : row[j] === deleted ? DELETED : INSERTED;
    }
    above = row;
  }
  return countBack(steps, expected.length, heard.length);
}

function countBack(steps: Uint8Array, fromRow: number, fromColumn: number): ReturnType<typeof align> {
  const counts = [0, 0, 0, 0];
  let [i, j] = [fromRow, fromColumn];
  while (i > 0 || j > 0) {
    const taken = steps[i * (fromColumn + 1) + j] as number;
    counts[taken] = (counts[taken] as number) + 1;
    if (taken !== INSERTED) i -= 1;
    if (taken !== DELETED) j -= 1;
  }
  return { substitutions: counts[SUBSTITUTED] as number, deletions: counts[DELETED] as number, insertions: counts[INSERTED] as number };
}
