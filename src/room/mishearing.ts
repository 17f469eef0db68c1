/** How the embedded transcription gets words wrong, for `transcription.word_error_rate`: by seed, never by clock. */
import type { Random } from '../base/random.ts';

/** Words that are confused with each other on the phone; anything else is misheard as a short common word. */
const CONFUSIONS: ReadonlyMap<string, readonly string[]> = new Map(Object.entries({
  two: ['to', 'too'],
  to: ['two', 'do'],
  four: ['for', 'more'],
  for: ['four', 'or'],
  their: ['there', 'the'],
  there: ['their', 'where'],
  can: ["can't", 'and'],
  "can't": ['can', 'want'],
  fifteen: ['fifty'],
  fifty: ['fifteen'],
  our: ['are', 'hour'],
  right: ['write', 'light'],
  know: ['no', 'now'],
  no: ['know', 'so'],
  hear: ['here', 'year'],
  here: ['hear', 'her'],
  we: ['he', 'me'],
  you: ['who', 'new'],
}));
const COMMON_WORDS = ['a', 'the', 'and', 'it', 'that', 'in', 'is', 'so', 'then', 'an'] as const;
/** Of all errors, the share that are words left out; the rest are words swapped. */
const DROPPED_SHARE = 0.4;

/** The word as it was heard: itself, another word, or the empty text when it was missed. */
export function mishear(word: string, errorRate: number, random: Random): string {
  if (errorRate === 0 || !random.chance(errorRate)) return word;
  if (random.chance(DROPPED_SHARE)) return '';
  const candidates = (CONFUSIONS.get(word) ?? COMMON_WORDS).filter((candidate) => candidate !== word);
  return random.pick(candidates);
}
