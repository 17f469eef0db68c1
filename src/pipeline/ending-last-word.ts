/**
 * Judges a turn by what its last word still needs: an article needs a noun, an auxiliary its verb, a conjunction
 * its clause, unless the sentence has already given it. Each rule answers for its class of words and leaves the rest.
 */
import type { Ending } from './ending.ts';
import { auxiliaryIsWhole } from './ending-auxiliary.ts';
import { isOpenVerb, isRelativeClause, isWhQuestion } from './ending-clauses.ts';
import { prepositionIsWhole } from './ending-preposition.ts';
import { pronounIsWhole } from './ending-pronoun.ts';
import * as words from './ending-words.ts';

/** False when the last word hangs, true when it looks as if it hung and does not, undefined when it says nothing. */
export function lastWordIsWhole(ending: Ending): boolean | undefined {
  for (const rule of RULES) {
    const verdict = rule(ending);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

type Rule = (ending: Ending) => boolean | undefined;

const RULES: readonly Rule[] = [
  determiner,
  comparison,
  coordinator,
  subordinator,
  prepositionIsWhole,
  pronounIsWhole,
  auxiliaryIsWhole,
  adverb,
  announcement,
  transitiveVerb,
];

function determiner({ last, previous, beforePrevious }: Ending): boolean | undefined {
  if (last === 'another') return previous === 'one';
  if (words.DETERMINERS.has(last)) return false;
  if (last === 'other' && (previous === 'each' || beforePrevious === 'or')) return true;
  if (!words.ATTRIBUTES.has(last) || !words.DETERMINERS.has(previous)) return undefined;
  // "on the third" is a date; "my third" waits for its noun.
  return words.ORDINALS.has(last) && previous === 'the';
}

function comparison({ last, previous }: Ending): boolean | undefined {
  if (last !== 'more' && last !== 'most') return undefined;
  return !isOpenVerb(previous) && previous !== 'the' && previous !== 'and';
}

function coordinator({ core, last, previous }: Ending): boolean | undefined {
  if (words.COORDINATORS.has(last)) return false;
  if (last === 'so') return words.BEFORE_FINAL_SO.has(previous);
  if (last !== 'then') return undefined;
  return !words.COORDINATORS.has(previous) && previous !== 'so' && !words.CLAUSE_OPENERS.has(core[0] ?? '');
}

function subordinator({ core, last, previous }: Ending): boolean | undefined {
  switch (last) {
    case 'that':
      if (core.length > 2 && words.BEFORE_OPEN_THAT.has(previous)) return false;
      // "the problem is that" opens a clause, "what is that" asks.
      return previous === 'is' || previous === 'was' ? isWhQuestion(core) : undefined;
    case 'though':
      return previous !== 'even';
    case 'before':
    case 'after':
      // As adverbs they close longer sentences: "i've never had that before".
      return core.length >= 4 && !words.COORDINATORS.has(previous);
    case 'once':
    case 'since':
      return words.BEFORE_FINAL_ONCE.has(previous) || core.length === 1;
    case 'when':
    case 'where':
    case 'who':
      return core.length === 1 || words.BEFORE_FINAL_WH.has(previous);
    default:
      return words.SUBORDINATORS.has(last) ? false : undefined;
  }
}

function adverb({ last, previous, mark }: Ending): boolean | undefined {
  if (words.HANGING_ADVERBS.has(last)) return false;
  if (!words.MID_CLAUSE_ADVERBS.has(last) || mark === 'stop') return undefined;
  const waits = isOpenVerb(previous) || words.SUBJECT_PRONOUNS.has(previous) || words.COORDINATORS.has(previous);
  return waits ? false : undefined;
}

function announcement({ core, last, previous, beforePrevious }: Ending): boolean | undefined {
  if (words.ANNOUNCING_VERBS.has(last)) return fronted(core);
  if (words.ANNOUNCING_PARTICIPLES.has(last) && isOpenVerb(previous)) return fronted(core);
  if ((last === 'kind' || last === 'sort') && (isOpenVerb(previous) || words.PRONOUNS.has(previous))) return false;
  // "a tool called" names something next; "she called" does not.
  if (last === 'called' && words.INDEFINITE.has(beforePrevious)) return false;
  if (last === 'called' && (words.INDEFINITE.has(previous) || words.PASSIVE_MAKERS.has(previous))) return fronted(core);
  if (words.OPINION_VERBS.has(last) && words.SPEAKERS.has(previous)) return fronted(core) || core.length > 4;
  return undefined;
}

function transitiveVerb({ core, last, previous }: Ending): boolean | undefined {
  if (last === 'me' && previous === 'let') return false;
  if (!words.TRANSITIVE_VERBS.has(last)) return undefined;
  // "it was made", "it got sent", "if you want", "a need".
  if (words.PASSIVE_MAKERS.has(previous) || words.DETERMINERS.has(previous)) return undefined;
  if (words.CLAUSE_OPENERS.has(core.at(-3) ?? '')) return undefined;
  return fronted(core);
}

/** The object of the last word stands in front: "what do you need", "that's the one i bought". */
function fronted(core: readonly string[]): boolean {
  return isWhQuestion(core) || isRelativeClause(core);
}
