/**
 * Questions about the shape of the sentence that the lexical end-of-turn rules ask: is it a wh-question, did a
 * relative clause take the object to the front, does it only lead up to something?
 */
import type { Ending } from './ending.ts';
import {
  ANNOUNCING_NOUNS,
  AUXILIARIES,
  BARE_OPENERS,
  BE_FORMS,
  CLAUSE_HOLDERS,
  CLAUSE_OPENERS,
  COORDINATORS,
  DETERMINERS,
  FILLERS,
  LEAD_INS,
  MARKERS,
  OPEN_CONTRACTIONS,
  PRONOUNS,
  RELATIVE_HEADS,
  SUBJECT_PRONOUNS,
  WH_CONTRACTIONS,
  WH_WORDS,
} from './ending-words.ts';

/** Nothing was said yet but "well", "okay so" or "first of all". */
export function leadsIn({ words, core, last, mark }: Ending): boolean {
  if (LEAD_INS.includes(core.join(' '))) return true;
  return core.length === 0 && mark !== 'stop' && words.some((word) => BARE_OPENERS.has(word)) && OPENS.has(last);
}

/** "yeah well" holds the floor, "well yeah" gives it up. */
const OPENS: ReadonlySet<string> = new Set([...BARE_OPENERS, ...FILLERS]);

/** Even a question mark cannot end a sentence on an article or a conjunction. */
export function sentenceOnlyBegins({ last, words }: Ending): boolean {
  return words.length > 1 && (DETERMINERS.has(last) || COORDINATORS.has(last) || last === 'because');
}

/**
 * A sentence whose main clause is still to come: "if the price is right", "when i opened the box", "my main concern".
 * A full stop closes it; without one, only a second subject does.
 */
export function clauseIsOpen({ core, mark }: Ending): boolean {
  if (mark === 'stop') return false;
  const [first = '', second = ''] = core;
  // "when could you bring it" asks; and after so many words the main clause has most likely come, whatever its subject.
  if (CLAUSE_OPENERS.has(first) && !AUXILIARIES.has(second) && core.length >= 4 && core.length <= LONGEST_CLAUSE) {
    return subjects(core.slice(3)) === 0;
  }
  if (first === 'the' && /^(?:first|second|third|last|next|minute|moment)$/.test(second) && core.length >= 4) {
    // "the second time i called" says when; "the second time i called they hung up" says what.
    return subjects(core) === 1 && !core.some((word) => AUXILIARIES.has(word));
  }
  if (!DETERMINERS.has(first) || core.some(isOpenVerb)) return false;
  // "the woman i spoke to yesterday" is a subject; "the one i ordered" answers a question.
  if (core.length >= 5 && SUBJECT_PRONOUNS.has(core[2] as string)) return !RELATIVE_HEADS.has(second);
  return core.slice(0, 4).some((word) => ANNOUNCING_NOUNS.has(word));
}

const LONGEST_CLAUSE = 10;

/** "what are you looking", "which plan are you": a wh-word in front and the subject behind its auxiliary. */
export function isWhQuestion(core: readonly string[]): boolean {
  const at = core.findLastIndex((word) => WH_WORDS.has(word) || WH_CONTRACTIONS.has(word));
  const before = core[at - 1] ?? '';
  if (at < 0 || (at > 0 && !COORDINATORS.has(before) && !MARKERS.has(before))) return false;
  if (WH_CONTRACTIONS.has(core[at] as string)) return !asksForNoun(core.slice(at + 1));
  const auxiliaryAt = core.findIndex((word, i) => i > at && i <= at + 3 && AUXILIARIES.has(word));
  if (auxiliaryAt < 0 || PRONOUNS.has(core[auxiliaryAt - 1] as string)) return false;
  return !(BE_FORMS.has(core[auxiliaryAt] as string) && asksForNoun(core.slice(auxiliaryAt + 1)));
}

/**
 * "what is the difference": after "be" a noun phrase is what is asked for, not the subject. An infinitive in it can
 * still take the wh-word for its object: "what's the best number to reach you on".
 */
function asksForNoun(afterBe: readonly string[]): boolean {
  return DETERMINERS.has(afterBe[0] ?? '') && !afterBe.slice(0, -1).includes('to');
}

/** "that's all i can think", "the one i ordered", "nothing to worry": the end belongs to a word further up. */
export function isRelativeClause(core: readonly string[]): boolean {
  for (let at = core.length - 2; at >= 0; at--) {
    if (!RELATIVE_HEADS.has(core[at] as string)) continue;
    const next = core[at + 1] as string;
    const subject = PRONOUNS.has(next) || (OPEN_CONTRACTIONS.has(next) && !WH_CONTRACTIONS.has(next)) || next === 'to';
    // The holder stands close by: "that's [the only] thing i".
    if (subject && core.slice(Math.max(0, at - 3), at).some((word) => CLAUSE_HOLDERS.has(word))) return true;
  }
  return false;
}

/** Pronouns that can only be, or here most likely are, the subject of a clause. */
function subjects(words: readonly string[]): number {
  return words.filter((word, i) => {
    if (SUBJECT_PRONOUNS.has(word) || OPEN_CONTRACTIONS.has(word) || word === 'then') return true;
    // An "it" or "you" with something behind it: "if you break it you pay for it".
    return /^(?:it|you|that|this|there|please|just)$/.test(word) && i < words.length - 1;
  }).length;
}

/** An auxiliary or a contraction that waits for its verb or complement. */
export function isOpenVerb(word: string): boolean {
  return AUXILIARIES.has(word) || OPEN_CONTRACTIONS.has(word);
}
