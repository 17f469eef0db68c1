/**
 * The end-of-turn strategy `lexical`: is the turn complete, judging by its last words? Rules, not a model: the same
 * text always gets the same verdict, in microseconds. It reads English as transcribers write it, mostly lower case
 * without punctuation, and uses punctuation where there is some. It refuses to guess from sound.
 */
import { readEnding, withoutLast, type Ending } from './ending.ts';
import { numberIsWhole } from './ending-numbers.ts';
import { clauseIsOpen, leadsIn, sentenceOnlyBegins } from './ending-clauses.ts';
import { lastWordIsWhole } from './ending-last-word.ts';
import { FILLERS, SENTENCE_ADVERBS } from './ending-words.ts';
import type { SpotStrategy } from './end-of-turn.ts';

/** Complete as soon as the words are. */
export function lexicalEndOfTurn(): SpotStrategy {
  return {
    name: 'lexical',
    needsAudio: false,
    readsText: true,
    isComplete: ({ text }) => soundsComplete(text),
    close: () => {},
  };
}

/** True when the last words can end a turn. False for no words at all. English only: other text counts as complete. */
export function soundsComplete(text: string): boolean {
  return endsTurn(readEnding(text));
}

function endsTurn(ending: Ending): boolean {
  if (ending.last === '' || ending.mark === 'open') return false;
  if (ACKNOWLEDGEMENTS.has(`${ending.previous} ${ending.last}`.trim())) return true;
  if (FILLERS.has(ending.last) || leadsIn(ending)) return false;
  if (SENTENCE_ADVERBS.has(ending.last)) return endsTurn(withoutLast(ending, 1));
  if (`${ending.previous} ${ending.last}` === 'you know') return endsTurn(withoutLast(ending, 2));
  if (ending.mark === 'question' || ending.mark === 'exclamation') return !sentenceOnlyBegins(ending);
  return numberIsWhole(ending) ?? lastWordIsWhole(ending) ?? !clauseIsOpen(ending);
}

/** These would be fillers if they were not answers. */
const ACKNOWLEDGEMENTS: ReadonlySet<string> = new Set(['mm hmm', 'mm hm', 'uh huh', 'hm mm', 'uh uh']);
