/** Reads what a transcription server answers. Compatible servers send more than OpenAI does, and less. */
import type { HeardText, TimedWord } from '../../room/live-stt.ts';

/** Undefined for what is no transcription. Words without times are left out. */
export function readTranscription(answer: unknown): HeardText | undefined {
  const { text, words } = (typeof answer === 'object' && answer !== null ? answer : {}) as { readonly text?: unknown; readonly words?: unknown };
  if (typeof text !== 'string') return undefined;
  const timed = Array.isArray(words) ? words.flatMap(readWord) : [];
  return { kind: 'text', text: text.trim(), ...(timed.length > 0 && { words: timed }) };
}

/** Seconds on the wire. */
function readWord(entry: unknown): TimedWord[] {
  const { word, start, end } = (entry ?? {}) as { readonly word?: unknown; readonly start?: unknown; readonly end?: unknown };
  if (typeof word !== 'string' || typeof start !== 'number' || typeof end !== 'number' || !(start >= 0 && end >= start)) return [];
  return [{ text: word.trim(), startMs: start * 1000, endMs: end * 1000 }];
}
