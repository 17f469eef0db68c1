import { expect, it } from 'vitest';
import { isClosing } from './closing-phrase.ts';

it.each([
  'Thanks Mike, and goodbye.',
  'Okay. Bye!',
  'Good bye then',
  'I hope that helps. Take care!',
  'Have a nice day, Mike.',
  'Great, see you on Thursday.',
  'See you.',
  'See you, Mike',
  'Talk to you soon!',
  "We'll see you there.",
])('"%s" is a goodbye', (text) => {
  expect(isClosing(text)).toBe(true);
});

it.each([
  '',
  'We take care of everything.',
  'I see you have two of them.',
  'Did he see you on Monday?',
  'Why does it take so long?',
  'It is nice to see you.',
  'Let us talk about the price then.',
  'He said goodbye to them, and now there are eleven vans left in all of the city.',
  'Have a look at the day after.',
])('"%s" is none', (text) => {
  expect(isClosing(text)).toBe(false);
});
