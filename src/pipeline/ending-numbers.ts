/** Judges a turn that ends in the middle of a number read out digit by digit, or of a spelled address. */
import type { Ending } from './ending.ts';
import { DIGIT_WORDS, SPELLING_JOINTS, TENS } from './ending-words.ts';

/** How many digits are enough, by what was talked about. The first that is named decides. */
type Kind = { readonly named?: RegExp; readonly enough: (digits: number) => boolean };

const KINDS: readonly (Kind & { readonly named: RegExp })[] = [
  // US ZIP codes have 5 digits, or 9 with the extension.
  { named: /\b(?:zip|postcode|postal)\b/, enough: (digits) => digits === 5 || digits === 9 },
  { named: /\b(?:ends? (?:in|with)|last four|expir\w+|pin)\b/, enough: (digits) => digits >= 4 },
  // Payment cards: 15 digits (American Express) or 16.
  { named: /\bcard number\b/, enough: (digits) => digits >= 15 },
  {
    named: /\b(?:order|account|reference|confirmation|invoice|case|ticket|tracking|serial|policy|member|customer)\b/,
    enough: (digits) => digits >= 4,
  },
  // North American numbers: 7 local, 10 national, 11 with the country code; others are longer.
  {
    named: /\b(?:number|phone|cell|mobile|(?:reach|call|text) me)\b/,
    enough: (digits) => digits === 7 || digits >= 10,
  },
];

/** Nothing was named: four digits (a year, the end of a card), five (ZIP), seven or ten (telephone) can be whole. */
const ANY_NUMBER: Kind = { enough: (digits: number) => [4, 5, 7].includes(digits) || digits >= 10 };

/** False when digits or a domain must follow, true when a number is whole, undefined when there is no number. */
export function numberIsWhole(ending: Ending): boolean | undefined {
  if (SPELLING_JOINTS.has(ending.last)) return false;
  if (/ at \w+$/.test(ending.context) && /\be ?mail\b/.test(ending.context)) return false;
  // A toll-free prefix: "one eight hundred".
  if (/(?:^| )one eight (?:hundred|zero zero|oh oh)$/.test(ending.context)) return false;
  const { digits, before } = trailingDigits(ending.words);
  const kind = KINDS.find(({ named }) => named.test(ending.context)) ?? ANY_NUMBER;
  const written = /\d/.test(ending.last);
  // A small number is mostly an amount, an hour or "the blue one".
  if (digits === 0 || (written && (digits <= 2 || kind === ANY_NUMBER))) return undefined;
  if (digits === 1 && (kind === ANY_NUMBER || !/^(?:is|it's)$/.test(before))) return undefined;
  return kind.enough(digits);
}

/**
 * Digits spoken one by one ("four one oh") or written, counted back from the end, and the word before them.
 * None after "twenty" and the like: those are amounts.
 */
function trailingDigits(words: readonly string[]): { digits: number; before: string } {
  let digits = 0;
  for (let i = words.length - 1; i >= 0; i--) {
    const word = words[i] as string;
    const repeats = words[i - 1] === 'double' ? 2 : words[i - 1] === 'triple' ? 3 : 1;
    if (DIGIT_WORDS.has(word)) digits += repeats;
    else if (/^\d+$/.test(word)) digits += word.length;
    else if (word !== 'double' && word !== 'triple') {
      return TENS.has(word) || word === 'hundred' ? { digits: 0, before: word } : { digits, before: word };
    }
  }
  return { digits, before: '' };
}
