/**
 * Cuts a stream of model text into sentences for the voice: after the mark that ends a sentence, once the next
 * character shows that it really ended one. "$29.95" and "3.5" stay whole, a run of marks counts as one. How the
 * text is cut never depends on the pieces in which it comes.
 */

const ENDING_MARKS = '.!?;…。！？；．｡।؟۔';
const CLOSING_MARKS = '"\')]}”’»」』）';
/** Marks of scripts that do not put a space after a sentence. */
const MARKS_WITHOUT_SPACE = '。！？；｡';
/** What follows these is a name or a number, never a new sentence. */
const TITLES = 'mr mrs ms dr st prof mt sgt lt capt gen rev hon vs approx e.g i.e fig vol cf';
/** Abbreviations that end a sentence when a capital follows. */
const MAY_END =
  'etc inc ltd co corp a.m p.m no jr sr ph.d dept ext tel est apt ave blvd rd al min max sec jan feb aug sept oct nov dec';
const MAY_END_SENTENCE: ReadonlySet<string> = new Set(MAY_END.split(' '));
const ABBREVIATIONS: ReadonlySet<string> = new Set([...TITLES.split(' '), ...MAY_END_SENTENCE]);

export class SentenceSplitter {
  #buffer = '';

  /** Takes more text and gives back the sentences that are complete now. */
  push(text: string): string[] {
    this.#buffer += text;
    const sentences: string[] = [];
    for (let end = sentenceEnd(this.#buffer); end > 0; end = sentenceEnd(this.#buffer)) {
      const sentence = this.#buffer.slice(0, end).trim();
      if (sentence) sentences.push(sentence);
      this.#buffer = this.#buffer.slice(end);
    }
    return sentences;
  }

  /** Gives back what is left when no text will follow. */
  flush(): string[] {
    const rest = this.#buffer.trim();
    this.#buffer = '';
    return rest ? [rest] : [];
  }
}

/** The sentences of a text that is complete. */
export function sentencesOf(text: string): string[] {
  const splitter = new SentenceSplitter();
  return [...splitter.push(text), ...splitter.flush()];
}

/** Where the first sentence of the text ends, or 0 while that cannot be known. */
function sentenceEnd(text: string): number {
  for (let i = 0; i < text.length; i++) {
    if (!ENDING_MARKS.includes(text[i] as string)) continue;
    let end = i + 1;
    while (end < text.length && (ENDING_MARKS + CLOSING_MARKS).includes(text[end] as string)) end += 1;
    const rest = text.slice(end).trimStart();
    const next = rest[0];
    // The run of marks may go on, and a word may follow that belongs to it.
    if (next === undefined) return 0;
    if (MARKS_WITHOUT_SPACE.includes(text[i] as string)) return end;
    const spaced = rest.length < text.length - end;
    if (spaced && !goesOn(text.slice(0, i), text.slice(i, end), next)) return end;
    i = end - 1;
  }
  return 0;
}

/** Whether the sentence goes on after these marks, judging by what stands before and by the next character. */
function goesOn(before: string, marks: string, next: string): boolean {
  const capitalFollows = next !== next.toLowerCase();
  if (/^(\.{2,}|…)/.test(marks)) return next !== next.toUpperCase();
  if (!marks.startsWith('.')) return false;
  // "1. First of all": the number of an item, not a sentence.
  if (/^\s*\d{1,2}$/.test(before)) return true;
  const word = /[\p{L}.]+$/u.exec(before)?.[0] ?? '';
  if (/^(\p{Lu}\.)*\p{Lu}$/u.test(word) && word !== 'I') return true;
  if (!ABBREVIATIONS.has(word.toLowerCase())) return false;
  return !(MAY_END_SENTENCE.has(word.toLowerCase()) && capitalFollows);
}
