/** "Did you mean": the known word that a mistyped one most likely stands for. It never guesses when nothing is close. */

/** The candidate nearest to the word, or undefined when none is near enough to be worth saying. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = bare(word);
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const distance = distanceBetween(wanted, bare(candidate));
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  // One slip in three letters: "nam" is still name, "list" is not title.
  if (best !== undefined && bestDistance <= Math.floor(Math.max(wanted.length, bare(best).length) / 3)) return best;
  return candidates.find((candidate) => holdsTheOther(wanted, bare(candidate)));
}

/** The hint that goes with a mistyped word, if something is near. */
export function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  const near = nearest(word, candidates);
  return near === undefined ? undefined : `did you mean ${near}?`;
}

/** goesFirst, goes-first and GOES_FIRST are the same slip: of style, not of letters. */
function bare(word: string): string {
  return word.toLowerCase().replace(/[\s_.-]/g, '');
}

/** system_prompt for prompt, interruptions for allow_interruptions; shorter words are found in too much by chance. */
function holdsTheOther(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= 4 && (a.includes(b) || b.includes(a));
}

/** Edits between two words: a letter inserted, dropped, replaced, or two neighbours swapped. */
function distanceBetween(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let edits = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) edits = Math.min(edits, at(beforeLast, column - 2) + 1);
      current.push(edits);
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
