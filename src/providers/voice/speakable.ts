/**
 * From text as written to text that an English voice can read: plain ASCII, word by word, so that what was spoken can
 * be told for each written word. Corrects spelling for the ear only; it never changes what was written.
 */

/** A written word with its punctuation, and what to say for it: empty if it is silent, undefined in another script. */
export type SpeakableWord = { readonly written: string; readonly spoken: string | undefined };

/** Three thousand letters in a row keep the engine busy for seconds; nobody can follow more than this by ear. */
export const MAX_WORD_CHARACTERS = 60;

/**
 * The part of a text that the offline voice cannot speak, or undefined if it can speak all of it: the first word in
 * another script or of more than MAX_WORD_CHARACTERS, or the whole text if it holds no word (which may be an empty
 * string, so compare with undefined).
 */
export function unspeakable(text: string): string | undefined {
  const words = speakableWords(text);
  const word = words.find(({ written, spoken }) => spoken === undefined || written.length > MAX_WORD_CHARACTERS);
  if (word) return word.written;
  return words.some(({ spoken }) => spoken !== undefined && isAudible(spoken)) ? undefined : text.trim();
}

/** The words of a text as written, split at white space. */
export function speakableWords(text: string): SpeakableWord[] {
  const words = text.split(/\s+/u).filter((word) => word !== '');
  return words.map((written) => ({ written, spoken: spokenForm(written) }));
}

/** Letters, digits, and the symbols that flite has names for. */
function isAudible(spoken: string): boolean {
  return /[A-Za-z0-9$%&+@#=/]/.test(spoken);
}

/** Sounds that the engine would spell out. */
const INTERJECTIONS = new Map([
  ['hm', 'hum'],
  ['hmm', 'hum'],
  ['mm', 'um'],
  ['mmm', 'um'],
  ['mhm', 'um hum'],
  ['mm-hm', 'um hum'],
  ['mm-hmm', 'um hum'],
  ['shh', 'shush'],
]);

/** Abbreviations that the engine would read as words; in capitals only. */
const ABBREVIATIONS = new Map([
  ['AI', 'A I'],
  ['API', 'A P I'],
  ['APIs', "A P I's"],
]);

/** Letters that Unicode does not take apart, and symbols that have an English name or an ASCII twin. */
const REPLACEMENTS = new Map([
  ...pairs('ßæÆœŒøØłŁđĐðÐþÞı', ['ss', 'ae', 'Ae', 'oe', 'Oe', 'o', 'O', 'l', 'L', 'd', 'D', 'd', 'D', 'th', 'Th', 'i']),
  ...pairs('‘’‚‛′ʼ', "'"),
  ...pairs('“”„«»″', '"'),
  ...pairs('‐‑‒−', '-'),
  ...pairs('—―', ' -- '),
  ...pairs('°×½¼¾™', [' degrees ', ' times ', ' one half ', ' one quarter ', ' three quarters ', '']),
]);

function pairs(characters: string, replacements: string | readonly string[]): [string, string][] {
  return Array.from(characters, (character, i) => [character, typeof replacements === 'string' ? replacements : (replacements[i] ?? '')]);
}

const CURRENCIES: Readonly<Record<string, string>> = { '€': 'euros', '£': 'pounds', '¥': 'yen', '₹': 'rupees' };

function spokenForm(written: string): string | undefined {
  const plain = asciiForm(written)?.slice(0, MAX_WORD_CHARACTERS);
  if (plain === undefined) return undefined;
  const [, before = '', core = '', after = ''] = /^([^A-Za-z0-9]*)(.*?)([^A-Za-z0-9]*)$/.exec(plain) ?? [];
  const pronunciation = ABBREVIATIONS.get(core) ?? INTERJECTIONS.get(core.toLowerCase());
  return pronunciation === undefined ? plain : `${before}${pronunciation}${after}`;
}

function asciiForm(written: string): string | undefined {
  const spelled = written
    .replace(/\P{ASCII}/gu, (character) => REPLACEMENTS.get(character) ?? character)
    // An amount is read before its currency, whichever way round it was written.
    .replace(/([€£¥₹])([0-9][0-9.,]*[0-9]|[0-9])/gu, (_, sign: string, amount: string) => `${amount} ${CURRENCIES[sign]} `)
    .replace(/[€£¥₹]/gu, (sign) => ` ${CURRENCIES[sign]} `)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    // A dash between figures is a range, any other is a pause.
    .replace(/(?<=[0-9])–(?=[0-9])/gu, '-')
    .replace(/–|--+/gu, ' -- ')
    // Marks of formatting are not for the ear.
    .replace(/[*_`~^|\\<>{}[\]]/g, ' ');
  if (/[\p{L}\p{N}]/u.test(spelled.replace(/\p{ASCII}/gu, ''))) return undefined;
  return spelled
    .replace(/[^\x20-\x7e]/gu, '')
    .replace(/ +/g, ' ')
    .trim();
}
