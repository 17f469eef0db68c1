/** Scripts that leave no blanks between words, as what stands between the brackets of a regular expression with `u`. */
const NAMES = ['Han', 'Hiragana', 'Katakana', 'Thai', 'Lao', 'Khmer', 'Myanmar'];
/** The last one makes a vowel long in both kinds of kana, and so belongs to neither. */
export const BLANKLESS = `${NAMES.map((name) => `\\p{Script=${name}}`).join('')}ー`;
