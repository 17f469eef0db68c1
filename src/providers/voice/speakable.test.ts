import { describe, expect, test } from 'vitest';
import { MAX_WORD_CHARACTERS, speakableWords, unspeakable } from './speakable.ts';

const spoken = (text: string): string[] => speakableWords(text).map((word) => word.spoken ?? 'CANNOT');

describe('what the offline voice cannot speak', () => {
  test.each([
    ['Guten Tag, Привет!', 'Привет!'],
    ['안녕하세요', '안녕하세요'],
    ['We open at ٣.', '٣.'],
    ['', ''],
    ['  \n ', ''],
    ['...', '...'],
    [' — … ', '— …'],
    ['😀 👍', '😀 👍'],
    [`a ${'x'.repeat(MAX_WORD_CHARACTERS + 1)} b`, 'x'.repeat(MAX_WORD_CHARACTERS + 1)],
  ])('%j: %j', (text, part) => expect(unspeakable(text)).toBe(part));

  test.each(['Hello.', "That’s “naïve” — isn’t it?", 'Ærøskøbing, Łódź, São Paulo', '5', '€20', '👍 great', '½', '№ ５', 'x'.repeat(MAX_WORD_CHARACTERS)])(
    'nothing in %j',
    (text) => expect(unspeakable(text)).toBeUndefined(),
  );
});

describe('what is said for what is written', () => {
  test.each([
    ['“It’s  fine,”\nshe said…', ['"It\'s', 'fine,"', 'she', 'said...']],
    ['Café Łódź', ['Cafe', 'Lodz']],
    ['wait—what', ['wait -- what']],
    ['wait – what', ['wait', '--', 'what']],
    ['9–5', ['9-5']],
    ['€20 20€ (£1,500.50)', ['20 euros', '20 euros', '(1,500.50 pounds )']],
    ['$29.95', ['$29.95']],
    ['**really** `x_y`', ['really', 'x y']],
    ['Great! 😀', ['Great!', '']],
    ['“Mm-hmm,” hmm. MHM', ['"um hum,"', 'hum.', 'um hum']],
    ['AI ai Ai', ['A I', 'ai', 'Ai']],
    ['constructor', ['constructor']],
    ['да', ['CANNOT']],
    ['y'.repeat(1000), ['y'.repeat(MAX_WORD_CHARACTERS)]],
  ])('%j', (text, words) => expect(spoken(text)).toEqual(words));

  test('the written words are kept as they are', () => {
    expect(speakableWords(' “Café” —  ok ').map((word) => word.written)).toEqual(['“Café”', '—', 'ok']);
  });

  test('a very long word is no burden', () => {
    expect(spoken(`a${'-'.repeat(100_000)}b`)[0]?.length).toBeLessThanOrEqual(MAX_WORD_CHARACTERS);
  });
});
