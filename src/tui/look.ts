/**
 * How things look on this terminal: which characters it can show and whether it wants colour. Everything reads the
 * same without colour; colour only repeats what a mark or a word already says.
 */
import type { Hue } from './line.ts';

export type Glyphs = {
  readonly ellipsis: string;
  readonly dash: string;
  readonly dot: string;
  readonly none: string;
  readonly rule: string;
  readonly selected: string;
  readonly speaking: string;
  readonly thinking: string;
  readonly away: string;
  readonly playing: string;
  readonly paused: string;
  readonly pointer: string;
  /** Speech in the whole, the first and the second half of a timeline cell. */
  readonly speech: readonly [whole: string, first: string, second: string];
  readonly overlap: string;
  readonly quiet: string;
  readonly arrows: string;
};

export type Look = { readonly glyphs: Glyphs; readonly colour: boolean };

const UNICODE: Glyphs = {
  ellipsis: '…',
  dash: '—',
  dot: '·',
  none: '–',
  rule: '─',
  selected: '›',
  speaking: '●',
  thinking: '○',
  away: '×',
  playing: '▶',
  paused: '‖',
  pointer: '▲',
  speech: ['█', '▌', '▐'],
  overlap: '▒',
  quiet: '─',
  arrows: '↑↓',
};

const ASCII: Glyphs = {
  ellipsis: '~',
  dash: '-',
  dot: '-',
  none: '-',
  rule: '-',
  selected: '>',
  speaking: '*',
  thinking: 'o',
  away: 'x',
  playing: '>',
  paused: '=',
  pointer: '^',
  speech: ['#', '#', '#'],
  overlap: '%',
  quiet: '-',
  arrows: 'up/down',
};

/** What the environment asks for: NO_COLOR, and plain ASCII where the locale or the terminal knows no more. */
export function lookFor(env: Readonly<Record<string, string | undefined>>): Look {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  // An unset locale says nothing: containers have none and yet hang on a terminal that shows Unicode.
  const unicode = env['TERM'] !== 'linux' && (locale === '' || /utf-?8/i.test(locale));
  return { glyphs: unicode ? UNICODE : ASCII, colour: !env['NO_COLOR'] };
}

/** Ink's name for a hue; undefined leaves the terminal's own colour. */
export function colourOf(look: Look, hue: Hue | undefined): string | undefined {
  return look.colour && hue ? COLOURS[hue] : undefined;
}

const COLOURS: Readonly<Record<Hue, string>> = {
  first: 'cyan',
  second: 'magenta',
  overlap: 'yellow',
  warning: 'yellow',
  bad: 'red',
  good: 'green',
};
