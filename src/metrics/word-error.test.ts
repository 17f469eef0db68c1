import { describe, expect, it } from 'vitest';
import { wordError, wordsOf } from './word-error.ts';

describe('wordError', () => {
  it('sets case, punctuation and hyphens aside', () => {
    expect(wordError("Hello, I'm Sarah - the follow-up costs $29.95!", 'hello i’m sarah the follow up costs 2995')).toEqual({
      rate: 0,
      words: 8,
      substitutions: 0,
      deletions: 0,
      insertions: 0,
    });
  });

  it('counts swapped, lost and added words', () => {
    expect(wordError('one two three four five six', 'one too three five six seven')).toEqual({ rate: 0.5, words: 6, substitutions: 1, deletions: 1, insertions: 1 });
  });

  it('can exceed one, and is unknown when nothing was said', () => {
    expect(wordError('yes', 'no no no').rate).toBe(3);
    expect(wordError('', 'hello')).toMatchObject({ rate: null, insertions: 1 });
    expect(wordError('all of it', '')).toMatchObject({ rate: 1, deletions: 3 });
  });
});

describe('wordsOf', () => {
  it('takes characters for words where a script leaves no blanks between these', () => {
    expect(wordsOf('我要退款，请。Kaffee、コーヒー 2杯')).toEqual(['我', '要', '退', '款', '请', 'kaffee', 'コ', 'ー', 'ヒ', 'ー', '2', '杯']);
    expect(wordsOf('ขอบคุณ')).toEqual(['ข', 'อ', 'บ', 'คุ', 'ณ']);
    expect(wordError('我要退款', '我要 退货')).toMatchObject({ rate: 0.25, words: 4, substitutions: 1 });
  });

  it('keeps inner apostrophes and letters of any script', () => {
    expect(wordsOf("'Tis Zoë’s -- “naïve” café")).toEqual(['tis', "zoë's", 'naïve', 'café']);
  });

  it('tells words apart by the vowel signs of their script, and not by accents and points that may be missing', () => {
    expect(wordsOf('की का')).toEqual(['की', 'का']);
    expect(wordsOf('กี่ กี้')).toEqual(['กี่', 'กี้']);
    expect(wordsOf('مُحَمَّد שָׁלוֹם İstanbul')).toEqual(wordsOf('محمد שלום istanbul'));
  });
});
