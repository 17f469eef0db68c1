import { describe, expect, test } from 'vitest';
import { type Alignment, lengthMs, WordTiming } from './word-timing.ts';

/** Characters that follow each other at equal distances from 0. */
const evenly = (text: string, everyMs: number): Alignment => {
  const characters = [...text];
  return { characters, startsMs: characters.map((_character, i) => i * everyMs), endsMs: characters.map((_character, i) => (i + 1) * everyMs) };
};

const starts = (words: ReturnType<WordTiming['read']>): [string, number][] => words.map(({ text, startMs }) => [text, startMs]);

describe('the times of words', () => {
  test('come from those of their characters, and a word goes on where an alignment cut it off', () => {
    const timing = new WordTiming();
    const first = evenly('Hi there', 50);
    expect(timing.read(first, 0)).toEqual([{ text: 'Hi', startMs: 0, endMs: 100 }]);
    expect(lengthMs(first)).toBe(400);
    expect(timing.read(evenly('. Bye ', 40), 400)).toEqual([
      { text: 'there.', startMs: 150, endMs: 440 },
      { text: 'Bye', startMs: 480, endMs: 600 },
    ]);
    expect(timing.flush()).toEqual([]);
  });

  test('a word that nothing completes is kept until the end', () => {
    const timing = new WordTiming();
    expect(starts(timing.read(evenly('Hi there', 50), 0))).toEqual([['Hi', 0]]);
    expect(starts(timing.flush())).toEqual([['there', 150]]);
    expect(timing.flush()).toEqual([]);
  });

  test('an alignment whose lists differ in length gives no word and keeps the one that was cut off', () => {
    const timing = new WordTiming();
    timing.read(evenly('Hi there', 50), 0);
    const broken = { ...evenly(' and so on ', 50), startsMs: [0, 50] };
    expect(timing.read(broken, 400)).toEqual([]);
    expect(lengthMs(broken)).toBeUndefined();
    expect(starts(timing.read(evenly('. Bye', 40), 950))).toEqual([['there.', 150]]);
  });

  test('are parted by spaces only, however many, and never by other blanks', () => {
    const timing = new WordTiming();
    expect(starts(timing.read(evenly('  one\ntwo   three ', 10), 0))).toEqual([['one\ntwo', 20], ['three', 120]]);
  });

  test('an alignment without characters says nothing and takes no time', () => {
    const timing = new WordTiming();
    const nothing = evenly('', 50);
    expect(timing.read(nothing, 100)).toEqual([]);
    expect(lengthMs(nothing)).toBe(0);
  });
});
