/** Text as a streaming transcription writes it: lower case, no punctuation. Numbers and abbreviations stay whole. */

/** The words of what was written between two blanks: mostly one, none for a mark alone, two for "and/or". */
export function plainWords(written: string): readonly string[] {
  return written
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/(?<=\d),(?=\d{3})/g, '')
    // "p.m.", "U.S."
    .replace(/(?<![\p{L}\p{N}])(?:\p{L}\.)+/gu, (letters) => letters.replaceAll('.', ''))
    // A point or a colon between figures belongs to the number; every other mark parts words.
    .replace(/(?<!\d)[.:]|[.:](?!\d)|[^\p{L}\p{N}\p{M}'.:-]/gu, ' ')
    .split(/\s+/)
    .map((word) => word.replace(/^['-]+|['-]+$/g, ''))
    .filter((word) => word !== '');
}
