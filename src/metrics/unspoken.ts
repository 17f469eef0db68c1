/**
 * Words that an agent is said to have spoken while nothing of it was on the wire: a voice that sends half the sound, or
 * silence in its place, labels all words alike. Whoever goes by the words alone would believe what nobody heard.
 */
import type { HeardWord } from '../events/event.ts';
import { takesFloor, type Utterance } from './conversation.ts';
import type { RunFold } from './run-fold.ts';
import type { WireSegment } from './wire-speech.ts';
import { wordsOf } from './word-error.ts';

/** Words in a row of which nothing was heard. */
export type Unspoken = { readonly speaker: string; readonly words: readonly HeardWord[] };

/** Fewer in a row may be labelled a little beside their sound. */
const FEWEST_WORDS = 3;
/** No word is shorter; what lay beyond the end of the sound was labelled there. */
const SHORTEST_WORD_MS = 10;
/** A word may be placed so far beside its sound: by a voice that guesses and, in the world, by a network. */
const MISPLACED_MS = { virtual: 150, real: 1500 } as const;

/** The first such stretch of each agent that was heard at all, in the order of the roster. */
export function unspoken(fold: RunFold): readonly Unspoken[] {
  const slackMs = MISPLACED_MS[fold.roster.started?.clock ?? 'virtual'];
  return fold.roster.agents.flatMap(({ name }): Unspoken[] => {
    const segments = fold.wire.of(name);
    if (segments.length === 0) return [];
    const own = fold.utterances.filter(({ agent, kind }) => agent === name && takesFloor(kind));
    const [words] = own.flatMap((utterance) => silentStretches(utterance, segments, slackMs));
    return words ? [{ speaker: name, words }] : [];
  });
}

function silentStretches({ words }: Utterance, segments: readonly WireSegment[], slackMs: number): HeardWord[][] {
  const stretches: HeardWord[][] = [[]];
  // What is written and never said, such as a dash, has no sound to miss.
  for (const word of words.filter(({ text }) => wordsOf(text).length > 0)) {
    if (isHeard(word, segments, slackMs)) stretches.push([]);
    else stretches.at(-1)?.push(word);
  }
  return stretches.filter(({ length }) => length >= FEWEST_WORDS);
}

function isHeard({ startMs, endMs }: HeardWord, segments: readonly WireSegment[], slackMs: number): boolean {
  const middleMs = (startMs + endMs) / 2;
  if (endMs - startMs < SHORTEST_WORD_MS) return false;
  return segments.some((segment) => segment.startMs - slackMs <= middleMs && middleMs <= (segment.endMs ?? Infinity) + slackMs);
}
