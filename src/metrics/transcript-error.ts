/** How well the room's transcription heard one speaker: its final texts against the words that were played. */
import type { HeardWord } from '../events/event.ts';
import type { Utterance } from './conversation.ts';
import type { Span } from './spans.ts';
import { type WordError, wordError } from './word-error.ts';

/** A final text comes so long after the words at the latest; a call that ends sooner never gets it. */
const FINAL_TEXT_MS = 2000;

/**
 * Words of the last moments for which no final text could come any more are no errors: the call ended first. `own`
 * holds the utterances of one speaker by start, `finals` the transcripts of that speaker.
 */
export function transcriptError(own: readonly Utterance[], finals: readonly (Span & { readonly text: string })[], callEndMs: number): WordError {
  const heardUntilMs = finals.at(-1)?.endMs ?? 0;
  const tooLate = ({ startMs, endMs }: HeardWord): boolean => (startMs + endMs) / 2 > heardUntilMs;
  const spoken = own.flatMap(({ words, text, endMs }) =>
    words.length > 0 && endMs !== null && endMs > callEndMs - FINAL_TEXT_MS ? words.filter((word) => !tooLate(word)).map((word) => word.text) : [text],
  );
  return wordError(spoken.join(' '), finals.map(({ text }) => text).join(' '));
}
