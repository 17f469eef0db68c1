/** How much of what was said was heard wrongly: words aligned by edit distance, case and punctuation set aside. */

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
    rate: expected.length === 0 ? null : Number((errors / expected.length).toFixed(4)),
    words: expected.length,
    substitutions,
    deletions,
    insertions,
  };
}

/** Words as they compare: lower case, only letters, digits and inner apostrophes; a hyphen separates. */
export function wordsOf(text: string): string[] {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/[-‐-―]/gu, ' ')
    .split(/\s+/)
    .map((word) => word.replace(/[^\p{L}\p{N}']/gu, '').replace(/^'+|'+$/g, ''))
    .filter(Boolean);
}

type Edits = { readonly cost: number; readonly substitutions: number; readonly deletions: number; readonly insertions: number };

/** One row of the edit distance at a time; each cell carries how it was reached. Substitutions win ties. */
function align(expected: readonly string[], heard: readonly string[]): Edits {
  let above: Edits[] = [{ cost: 0, substitutions: 0, deletions: 0, insertions: 0 }];
  for (let j = 0; j < heard.length; j++) above.push(step(above[j] as Edits, 'insertions'));
  for (const word of expected) {
    const row: Edits[] = [step(above[0] as Edits, 'deletions')];
    for (let j = 0; j < heard.length; j++) {
      const diagonal = above[j] as Edits;
      const replaced = word === heard[j] ? diagonal : step(diagonal, 'substitutions');
      const deleted = above[j + 1] as Edits;
      const inserted = row[j] as Edits;
      if (replaced.cost <= deleted.cost + 1 && replaced.cost <= inserted.cost + 1) row.push(replaced);
      else row.push(deleted.cost <= inserted.cost ? step(deleted, 'deletions') : step(inserted, 'insertions'));
    }
    above = row;
  }
  return above.at(-1) as Edits;
}

function step(from: Edits, edit: 'substitutions' | 'deletions' | 'insertions'): Edits {
  return { ...from, cost: from.cost + 1, [edit]: from[edit] + 1 };
}
