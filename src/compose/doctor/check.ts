/** One line of what the doctor found. */

export type Check = {
  readonly group: 'machine' | 'keys' | 'online';
  readonly name: string;
  /** `set`: it is there, and was not tried. */
  readonly state: 'works' | 'set' | 'missing' | 'broken';
  /** Whether an offline run is impossible without it. */
  readonly needed: boolean;
  /** What was found, or what is wrong. Holds no key. */
  readonly detail: string;
  /** What to do about it: a command, or a sentence. */
  readonly advice?: string | undefined;
};

/** Whether offline runs work, and whatever was tried online did. */
export function isFine(checks: readonly Check[]): boolean {
  return checks.every(({ state, needed, group }) => (!needed && group !== 'online') || state === 'works');
}
