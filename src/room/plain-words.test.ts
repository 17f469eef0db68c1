import { expect, it } from 'vitest';
import { plainWords } from './plain-words.ts';

it.each([
  ['Hello,', 'hello'],
  ["Can't!", "can't"],
  ['can’t', "can't"],
  ["'Cause", 'cause'],
  ['Mm-hm.', 'mm-hm'],
  ['—', ''],
  ['well—no', 'well no'],
  ['wait...what?!', 'wait what'],
  ['and/or', 'and or'],
  ['(maybe)', 'maybe'],
  ['p.m.', 'pm'],
  ['U.S.-based', 'us-based'],
  ['No.', 'no'],
  ['3:30,', '3:30'],
  ['$29.95.', '29.95'],
  ['1,250', '1250'],
  ['50%', '50'],
  ['café', 'café'],
  ['constructor', 'constructor'],
])('%s is transcribed as "%s"', (written, heard) => {
  expect(plainWords(written).join(' ')).toBe(heard);
});
