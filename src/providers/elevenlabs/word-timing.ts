/**
 * From the times of characters to the times of words. Words are what stands between spaces; a word that is cut off at
 * the end of one alignment goes on in the next.
 */

/** Characters with the times at which each begins and ends, in milliseconds. */
export type Alignment = {
  readonly characters: readonly string[];
  readonly startsMs: readonly number[];
  readonly endsMs: readonly number[];
};

export type TimedWord = { readonly text: string; readonly startMs: number; readonly endMs: number };

export class WordTiming {
  #partial: TimedWord | undefined;

  /**
   * The words that these characters complete; `baseMs` is added to their times. An alignment whose lists differ in
   * length says nothing: it gives no word, and a word that is cut off before it stays so.
   */
  read(alignment: Alignment, baseMs: number): TimedWord[] {
    if (!isSound(alignment)) return [];
    const words: TimedWord[] = [];
    for (const [i, character] of alignment.characters.entries()) {
      if (character === ' ') {
        words.push(...this.flush());
        continue;
      }
      const startMs = baseMs + (alignment.startsMs[i] as number);
      const endMs = baseMs + (alignment.endsMs[i] as number);
      this.#partial = { text: (this.#partial?.text ?? '') + character, startMs: this.#partial?.startMs ?? startMs, endMs };
    }
    return words;
  }

  /** The word that was cut off, when nothing will complete it. */
  flush(): TimedWord[] {
    const word = this.#partial;
    this.#partial = undefined;
    return word ? [word] : [];
  }
}

/** How much sound an alignment spans, or undefined if it says nothing. */
export function lengthMs(alignment: Alignment): number | undefined {
  return isSound(alignment) ? (alignment.endsMs.at(-1) ?? 0) : undefined;
}

function isSound({ characters, startsMs, endsMs }: Alignment): boolean {
  return characters.length === startsMs.length && characters.length === endsMs.length;
}
