/**
 * Cuts a stream of model text into sentences for the voice: after the mark that ends a sentence, once the next
 * character shows that it really ended one. "$29.95" and "3.5" stay whole, a run of marks counts as one.
 */

const ENDING_MARKS = '.!?;…。！？；．｡।؟۔';
const CLOSING_MARKS = '"\')]}”’»';
/** Marks of scripts that do not put a space after a sentence. */
const MARKS_WITHOUT_SPACE = '。！？；｡';
const ABBREVIATIONS = new Set(['mr', 'mrs', 'ms', 'dr', 'st', 'prof', 'sr', 'jr', 'vs', 'etc', 'e.g', 'i.e', 'no', 'inc', 'ltd', 'co', 'approx', 'a.m', 'p.m']);
/** Abbreviations that end a sentence when a capital follows. */
const MAY_END = new Set(['etc', 'inc', 'ltd', 'co', 'a.m', 'p.m', 'no', 'jr', 'sr']);

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

/** Where the first sentence of the text ends, or 0 while that cannot be known. */
function sentenceEnd(text: string): number {
  for (let i = 0; i < text.length; i++) {
    if (!ENDING_MARKS.includes(text[i] as string)) continue;
    let end = i + 1;
    while (end < text.length && (ENDING_MARKS + CLOSING_MARKS).includes(text[end] as string)) end += 1;
    if (MARKS_WITHOUT_SPACE.includes(text[end - 1] as string)) return end;
    const rest = text.slice(end);
    const next = rest.trimStart()[0];
    if (next === undefined) return 0;
    const spaced = rest !== rest.trimStart();
    if (spaced && !isAbbreviation(text.slice(0, i), text[i] as string, next)) return end;
    i = end - 1;
  }
  return 0;
}

function isAbbreviation(before: string, mark: string, next: string): boolean {
  if (mark !== '.') return false;
  const word = (/[\p{L}.]+$/u.exec(before)?.[0] ?? '').toLowerCase();
  const capitalFollows = next !== next.toLowerCase();
  if (word.length === 1 && word !== 'i') return !capitalFollows || /[A-Z]/.test(before.at(-1) ?? '');
  if (!ABBREVIATIONS.has(word)) return false;
  return !(MAY_END.has(word) && capitalFollows);
}
