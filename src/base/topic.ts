/** What a scenario that a model writes may be about: the command, the server and its page take the same. */
export const TOPIC_CHARACTERS = { least: 5, most: 500 } as const;

/** Blanks around it count for nothing. */
export function isTopic(text: string): boolean {
  const { length } = text.trim();
  return length >= TOPIC_CHARACTERS.least && length <= TOPIC_CHARACTERS.most;
}
