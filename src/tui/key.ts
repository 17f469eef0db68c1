/** What was pressed, in the player's words. Text that arrives in one piece counts as so many keys. */
import type { Key as InkKey } from 'ink';
import type { Key } from './player.ts';

export function keyOf(input: string, key: InkKey): Key[] {
  if (key.ctrl) return [input === 'c' ? 'interrupt' : 'other'];
  const named = NAMED.find(([name]) => key[name]);
  if (named) return [named[1]];
  return [...input].map((letter) => LETTERS[letter] ?? 'other');
}

const NAMED: readonly [keyof InkKey & ('upArrow' | 'downArrow' | 'pageUp' | 'pageDown' | 'home' | 'end' | 'return' | 'escape'), Key][] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['pageUp', 'page_up'],
  ['pageDown', 'page_down'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
];

const LETTERS: Readonly<Record<string, Key>> = {
  k: 'up',
  j: 'down',
  g: 'home',
  G: 'end',
  ' ': 'space',
  r: 'play',
  '?': 'help',
  q: 'quit',
  '\x03': 'interrupt',
};
