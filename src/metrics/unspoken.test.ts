/** Words that a voice told of, with their sound, beside it and without it. */
import { expect, test } from 'vitest';
import { LogBuilder } from '../testing/log-builder.ts';
import type { BottalkEvent, HeardWord } from '../events/event.ts';
import { foldAll } from './run-fold.ts';
import { unspoken } from './unspoken.ts';
import { invalidReasons } from './validity.ts';

const LABELS = ['Hi', 'Sarah,', 'what', 'is', 'the', 'time?'];

/** Mike is heard for 600 ms from 3 s on, and his words are where they are said to be. */
function call(words: readonly HeardWord[]): BottalkEvent[] {
  const events = new LogBuilder()
    .says('Sarah', { fromMs: 0, toMs: 2000, text: 'Hello, this is Sarah.' })
    .says('Mike', { fromMs: 3000, toMs: 3600, text: LABELS.join(' ') })
    .says('Sarah', { fromMs: 6000, toMs: 7000, text: 'It is nine. Goodbye.' })
    .at(9000, { type: 'run.ended', endedBy: 'end_conversation', agent: 'Sarah' })
    .build();
  return events.map((event) => (event.type === 'utterance.stopped' && event.agent === 'Mike' ? { ...event, words } : event));
}
const labelled = (wordMs: number): HeardWord[] => LABELS.map((text, i) => ({ text, startMs: 3000 + i * wordMs, endMs: 3000 + (i + 1) * wordMs }));
const found = (words: readonly HeardWord[]): string[] => unspoken(foldAll(call(words))).map(({ speaker, words: silent }) => `${speaker}: ${silent.map(({ text }) => text).join(' ')}`);

test('where the words are, there is sound', () => {
  expect(found(labelled(100))).toEqual([]);
  // A label or two beside the sound is no fault of the voice.
  expect(found(labelled(140))).toEqual([]);
});

test('a voice that falls silent in mid-sentence and goes on labelling words is found out', () => {
  expect(found(labelled(300))).toEqual(['Mike: is the time?']);
  expect(invalidReasons(foldAll(call(labelled(300))))).toEqual([
    { code: 'unspoken', agent: 'Mike', text: 'nothing was heard of what Mike\'s voice says it spoke at 3.9 s: "is the time?"' },
  ]);
});

test('and so is one that ends too early, whose last words all lie at its end', () => {
  expect(found(labelled(200).map((word) => ({ ...word, startMs: Math.min(3600, word.startMs), endMs: Math.min(3600, word.endMs) })))).toEqual(['Mike: is the time?']);
});

test('what is written and never said has no sound to miss', () => {
  const dashes = ['-', '--', '...', '*'].map((text) => ({ text, startMs: 3600, endMs: 3600 }));
  expect(found([...labelled(100), ...dashes])).toEqual([]);
});
