import { describe, expect, it } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { SentenceSplitter, sentencesOf } from './sentence-splitter.ts';

function split(...pieces: readonly string[]): { readonly now: string[]; readonly rest: string[] } {
  const splitter = new SentenceSplitter();
  return { now: pieces.flatMap((piece) => splitter.push(piece)), rest: splitter.flush() };
}

describe('as a stream', () => {
  it.each([
    [['Hi. ', 'Next one! Ok'], ['Hi.', 'Next one!'], ['Ok']],
    [['It costs $29', '.95 now. Yes'], ['It costs $29.95 now.'], ['Yes']],
    [['Really?! Yes'], ['Really?!'], ['Yes']],
    [['你好。今天'], ['你好。'], ['今天']],
    [['Hi.'], [], ['Hi.']],
    [['', ' \n'], [], []],
  ])('%j', (pieces, now, rest) => {
    expect(split(...pieces)).toEqual({ now, rest });
  });
});

describe('what ends a sentence', () => {
  it.each([
    ['a run of marks is one mark', 'Stop!!! Now?! Yes', ['Stop!!!', 'Now?!', 'Yes']],
    ['closing quotes and brackets belong to it', 'He said "stop." (Really.) “Why?” Well', ['He said "stop."', '(Really.)', '“Why?”', 'Well']],
    ['an ellipsis ends one if a capital follows', 'Well... Then we go on', ['Well...', 'Then we go on']],
    ['a semicolon does', 'Not now; maybe later', ['Not now;', 'maybe later']],
    ['so does a letter that is no name', 'Take option c. Then vitamin C and I. K', ['Take option c.', 'Then vitamin C and I.', 'K']],
    ['marks of other scripts do', 'क्या। हाँ', ['क्या।', 'हाँ']],
    ['no space is needed in some', '好！真的？“是。”对', ['好！', '真的？', '“是。”', '对']],
    ['an abbreviation may', 'We open at 9 a.m. Come early. Acme Inc. We sell etc. No. Go', ['We open at 9 a.m.', 'Come early.', 'Acme Inc.', 'We sell etc.', 'No.', 'Go']],
  ])('%s', (_title, text, sentences) => {
    expect(sentencesOf(text)).toEqual(sentences);
  });
});

describe('what does not', () => {
  it.each([
    'Dr. Smith and Mrs. Jones live on St. Mary street',
    'It takes 3.5 to 4.25 hours and costs $1,029.95 or so',
    'We open at 9 a.m. and close at 5 p.m. on weekdays',
    'See room No. 5 on the left, e.g. with approx. 30 people, i.e. all of us',
    'J. R. Tolkien moved to the U.S. Army base',
    'Mail me at jo.doe@mail.example.com or look at www.example.com/a.b?c=d.e for more',
    'Wait... what',
    'Well… maybe',
    '1. First of all',
    'Version 2.0.1 of node.js',
  ])('%s', (text) => {
    expect(sentencesOf(text)).toEqual([text]);
  });

  it('a line break alone', () => {
    expect(sentencesOf('One line\nand the next\n\n')).toEqual(['One line\nand the next']);
  });
});

it('cuts the same sentences however the text comes in', () => {
  const text = 'Hi Mr. Fox! It costs $29.95... or 30.5?! "Really?" he said. Mail a.b@c.de; 你好。”今天！ Wait… No. 5 is 1. in the U.S. Ok. 1. Yes';
  const whole = sentencesOf(text);
  for (let at = 0; at <= text.length; at++) {
    const { now, rest } = split(text.slice(0, at), text.slice(at));
    expect([...now, ...rest]).toEqual(whole);
  }
  for (let seed = 0; seed < 100; seed++) {
    const random = seededRandom(seed);
    const pieces: string[] = [];
    for (let at = 0; at < text.length; ) pieces.push(text.slice(at, (at += 1 + random.int(6))));
    const { now, rest } = split(...pieces);
    expect([...now, ...rest]).toEqual(whole);
  }
  const { now, rest } = split(...text.split(''));
  expect([...now, ...rest]).toEqual(whole);
});

it('loses nothing but the space between sentences', () => {
  const random = seededRandom('splitter');
  const alphabet = ['a', 'B', '7', ' ', ' ', '.', '.', '!', '?', '…', '"', ')', '。', '\n', 'Dr', 'e.g'];
  for (let n = 0; n < 500; n++) {
    const text = Array.from({ length: 1 + random.int(30) }, () => random.pick(alphabet)).join('');
    expect(sentencesOf(text).join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
  }
});
