/** Judges a turn that ends on a pronoun: "and then we" goes on, "it's not working is it" does not. */
import type { Ending } from './ending.ts';
import * as words from './ending-words.ts';

/** False when the pronoun is the subject of a clause to come; undefined when it is an object. */
export function pronounIsWhole({ core, last, previous, beforePrevious }: Ending): boolean | undefined {
  const alwaysSubject = words.SUBJECT_PRONOUNS.has(last);
  if (words.DEMONSTRATIVES.has(last)) {
    return words.AUXILIARIES.has(previous) && words.COORDINATORS.has(beforePrevious) ? false : undefined;
  }
  if (!alwaysSubject && last !== 'you' && last !== 'it') return undefined;
  if (words.AUXILIARIES.has(previous)) return tagIsWhole(core, previous);
  if (alwaysSubject || core.length === 1) return false;
  if (last === 'you' && words.BEFORE_FINAL_YOU.has(previous)) return true;
  if (previous === 'that') return !words.OPINION_VERBS.has(beforePrevious);
  const beginsClause =
    words.COORDINATORS.has(previous) ||
    words.SUBORDINATORS.has(previous) ||
    words.WH_WORDS.has(previous) ||
    words.BEFORE_NEW_CLAUSE.has(previous);
  return beginsClause ? false : undefined;
}

/** "it's not working is it" asks; "can i", "how do we" and "but is it" only begin to. */
function tagIsWhole(core: readonly string[], auxiliary: string): boolean {
  const before = core.at(-3);
  if (before === undefined) return false;
  if (before === 'neither' || before === 'nor' || before === 'so') return true;
  if (words.COORDINATORS.has(before) || words.SUBORDINATORS.has(before)) return false;
  const asks = core.length <= 5 && core.slice(0, -2).some((word) => words.WH_WORDS.has(word));
  return asks ? words.BE_FORMS.has(auxiliary) : core.length >= 4;
}
