/** Whether somebody said goodbye. Used to tell that a call is over, never to end somebody's sentence. */

const CLOSING = /\b(good ?bye|bye(?:[ -]bye)?|take care|have a (?:good|great|nice|lovely) (?:one|day|evening|night|afternoon|weekend)|talk (?:to you )?(?:soon|later|then)|see you(?: soon| later| then)?|so long)\b/i;
/** A goodbye comes at the end: of so many words. */
const CLOSING_WORDS = 10;

export function isClosing(text: string): boolean {
  return CLOSING.test(text.trim().split(/\s+/).slice(-CLOSING_WORDS).join(' '));
}
