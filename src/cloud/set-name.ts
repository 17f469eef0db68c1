/** What Pipecat Cloud takes as the name of a secret set, or of an image pull secret. */

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** For messages. */
export const SET_NAME_WORDS = '3 to 63 lower-case letters and digits, with hyphens and dots inside';

export function isSetName(text: string): boolean {
  return NAME.test(text) && text.length >= 3 && text.length <= 63;
}
