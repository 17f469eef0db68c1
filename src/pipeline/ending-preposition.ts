/** Judges a turn that ends on a preposition: "we're based in" goes on, "which plan are you on" does not. */
import type { Ending } from './ending.ts';
import { isOpenVerb, isRelativeClause, isWhQuestion } from './ending-clauses.ts';
import * as words from './ending-words.ts';

/** False when its object is missing, true when the object stands in front or none is needed. */
export function prepositionIsWhole({ core, last, previous, beforePrevious }: Ending): boolean | undefined {
  // "it's around" needs a number; "we looked around" does not.
  if (words.LOOSE_PREPOSITIONS.has(last)) return isOpenVerb(previous) ? false : undefined;
  if (!words.PREPOSITIONS.has(last)) return undefined;
  const fronted = isWhQuestion(core) || isRelativeClause(core);
  if (completesVerb({ core, last, previous })) return true;
  if (core.length === 2 && words.WH_WORDS.has(previous)) return words.SHORT_QUESTION_ENDS.has(last);
  if (last === 'to' && words.WILLING.has(previous)) return true;
  if (last === 'to' && words.INFINITIVE_OPENERS.has(previous)) return words.CLAUSE_OPENERS.has(core[0] ?? '');
  if (last === 'like' && words.PRONOUNS.has(previous)) return fronted || beforePrevious === 'if';
  if (last === 'like') return words.BEFORE_FINAL_LIKE.has(previous);
  return fronted && !words.NEVER_STRANDED.has(last);
}

/** "hold on", "log in", "turn it on": the preposition is part of the verb. */
function completesVerb({ core, last, previous }: Pick<Ending, 'core' | 'last' | 'previous'>): boolean {
  const verbs = words.PARTICLE_VERBS[last];
  if (!verbs) return false;
  return verbs.has(previous) || (words.OBJECT_PRONOUNS.has(previous) && verbs.has(core.at(-3) ?? ''));
}
