/** Whether somebody said goodbye. Used to tell that a call is over, never to end somebody's sentence. */

const WHEN = '(?:soon|later|then|there|around|tomorrow|tonight|next|again|on|at|in|this|(?:mon|tues|wednes|thurs|fri|satur|sun)day)';
const CLOSING = new RegExp(
  [
    '\\bgood ?bye\\b',
    '\\bbye\\b',
    '\\btake care\\b(?! of\\b)',
    '\\bhave a (?:good|great|nice|lovely|wonderful) (?:one|day|evening|night|afternoon|morning|weekend|trip)\\b',
    '\\b(?:talk|speak) to you (?:soon|later|then|tomorrow)\\b',
    // "I see you have two" and "did he see you on Monday" are no goodbyes.
    `(?<!\\b(?:i|we|they|you|can|could|did|to|he|she) )\\bsee you(?: ${WHEN}\\b|[.!,]|$)`,
  ].join('|'),
  'i',
);
/** A goodbye comes at the end: of so many words. */
const CLOSING_WORDS = 10;

export function isClosing(text: string): boolean {
  return CLOSING.test(text.trim().split(/\s+/).slice(-CLOSING_WORDS).join(' '));
}
