/** How well the room's transcription heard one speaker: its final texts against the words that were played. */
import type { HeardWord } from '../events/event.ts';
import type { Utterance } from './conversation.ts';
import type { Span } from './spans.ts';
import { wilsonInterval } from './statistics/rates.ts';
import { type WordError, wordError } from './word-error.ts';

/** A final text comes so long after the words at the latest; a call that ends sooner never gets it. */
export const FINAL_TEXT_MS = 2000;

export type Heard = {
  /** The transcripts of the speaker, in the order in which they were sent. */
  readonly finals: readonly (Span & { readonly text: string })[];
  /** Speech whose text nobody waited for. */
  readonly givenUp?: readonly Span[];
  readonly callEndMs: number;
};

/**
 * Words for which no final text could come any more are no errors: the call ended first, or the speaker had left. `own`
 * holds the utterances of one speaker by start.
 */
export function transcriptError(own: readonly Utterance[], { finals, givenUp = [], callEndMs }: Heard): WordError {
  const heardUntilMs = finals.at(-1)?.endMs ?? 0;
  const middleMs = ({ startMs, endMs }: HeardWord): number => (startMs + endMs) / 2;
  const spoken = own.flatMap(({ words, text, endMs }) => {
    const atTheEnd = endMs !== null && endMs > callEndMs - FINAL_TEXT_MS;
    const counts = (word: HeardWord): boolean =>
      !(atTheEnd && middleMs(word) > heardUntilMs) && !givenUp.some((span) => middleMs(word) >= span.startMs && middleMs(word) <= span.endMs);
    return words.length === 0 ? [text] : words.filter(counts).map((word) => word.text);
  });
  return wordError(spoken.join(' '), finals.map(({ text }) => text).join(' '));
}

/** With more words of another kind than of its own a transcript is another text. */
const GARBLED_RATE = 0.5;
/** From so many words on the rate speaks for itself; of fewer, half may be wrong by chance. */
const MANY_WORDS = 50;
const FEWEST_WORDS = 10;

/** Whether more than half of the words were heard wrongly, and not by chance. */
export function isGarbled({ rate, words, substitutions, deletions, insertions }: WordError): boolean {
  if (rate === null || rate <= GARBLED_RATE || words < FEWEST_WORDS) return false;
  const wrong = Math.min(words, substitutions + deletions + insertions);
  return words >= MANY_WORDS || wilsonInterval(wrong, words)[0] > GARBLED_RATE;
}
