/** Judges a turn that ends on an auxiliary: "we can't" goes on, "no we can't" and "that's all we have" do not. */
import type { Ending } from './ending.ts';
import { isOpenVerb, isRelativeClause, isWhQuestion } from './ending-clauses.ts';
import * as words from './ending-words.ts';

/** False when its verb or complement is missing, true when the sentence has given it. */
export function auxiliaryIsWhole(ending: Ending): boolean | undefined {
  const { core, words: all, last, previous, beforePrevious, mark } = ending;
  if (words.OPEN_CONTRACTIONS.has(last)) return false;
  if (!words.AUXILIARIES.has(last) && last !== 'not') return undefined;
  if ((mark === 'stop' && core.length <= 3) || isShortAnswer(all)) return true;
  if (last === 'not') return !isOpenVerb(previous) && !words.PRONOUNS.has(previous);
  // "the way it used to be", "i have a lot to do"; but "it's going to be".
  if (previous === 'to') return last !== 'be' || words.BEFORE_FINAL_TO_BE.has(beforePrevious);
  if (words.MAIN_VERB_AUXILIARIES.has(last) && (isWhQuestion(core) || isRelativeClause(core))) return true;
  if (!words.PRONOUNS.has(previous) || words.NEGATED.has(last)) return false;
  if (words.COMPARING.has(core.at(-3) ?? '')) return core.length > 3;
  return embedsQuestion(core) || isRelativeClause(core);
}

/** "yes it is", "no i really don't", "no it's not", "i do": a pronoun and its auxiliary answer what was asked. */
function isShortAnswer(all: readonly string[]): boolean {
  const last = all.at(-1) ?? '';
  const before = all.at(-2) ?? '';
  if (last === 'not' && words.OPEN_CONTRACTIONS.has(before)) return all.length > 2 && opensAnswer(all.slice(0, -2));
  const isNot = last === 'not' && words.AUXILIARIES.has(before);
  const between = isNot || words.MID_CLAUSE_ADVERBS.has(before) || before === 'just';
  const subjectAt = all.length - (between ? 3 : 2);
  if (!words.PRONOUNS.has(all[subjectAt] ?? '') || !opensAnswer(all.slice(0, subjectAt))) return false;
  return subjectAt > 0 || between || words.NEGATED.has(last) || words.ANSWERS_ALONE.has(last);
}

function opensAnswer(before: readonly string[]): boolean {
  if (words.COORDINATORS.has(before.at(-1) ?? '')) return false;
  return before.every((word) => words.ANSWER_OPENERS.has(word) || words.FILLERS.has(word));
}

/** "do you know where it is", "tell me how much that was": a wh-word with a short clause of its own, not in front. */
function embedsQuestion(core: readonly string[]): boolean {
  const at = core.findLastIndex((word) => words.WH_WORDS.has(word) || word.endsWith('ever'));
  const length = core.length - at;
  return at > 0 && length >= 3 && length <= 4;
}
