/**
 * The conversation as lines: turns with their figures, asides between them, words that are only just being heard,
 * and where each turn stands, so that a window can be laid around the chosen one.
 */
import { clockTime, seconds } from '../base/figure-text.ts';
import type { UtteranceKind } from '../events/event.ts';
import { columnsOf, displayable, truncated } from '../base/display-text.ts';
import { LATENCY_COLUMNS, latencyFigures } from './latency-columns.ts';
import { fitted, type Hue, type Line, type Piece, wrapped } from './line.ts';
import type { Look } from './look.ts';
import type { CallView, ItemView, SaidView, TurnView } from '../metrics/call-view.ts';

export type ConversationLines = {
  readonly lines: readonly Line[];
  /** The rows of the chosen turn among them; null at the end. */
  readonly focus: { readonly from: number; readonly to: number } | null;
};

type Options = {
  readonly columns: number;
  readonly wide: boolean;
  readonly look: Look;
  readonly chosen: number | 'end';
  /** While the call is played back: how far it was heard. */
  readonly playheadMs: number | null;
};

/** The longest name that stands unabridged, by the width of the screen. */
function nameColumns(view: CallView, columns: number): number {
  const longest = Math.max(...view.seats.map(({ agent }) => columnsOf(displayable(agent.name))), 1);
  return Math.min(longest, columns < 70 ? 6 : columns < 120 ? 10 : 16);
}

/** What the gap before a turn takes beside its words on a narrow screen. */
const GAP_COLUMNS = 9;

export const seatHue = (seat: number): Hue => (seat === 0 ? 'first' : 'second');

/**
 * The lines around the chosen turn, or up to the end: at least so many on either side as the window is high, unless
 * the conversation ends there. A long call is wrapped fifteen times a second, so no more of it than that.
 */
export function conversationLines(view: CallView, height: number, options: Options): ConversationLines {
  const itemOptions = { ...options, names: nameColumns(view, options.columns), view };
  const chosen = view.items.findIndex((item) => item.kind === 'turn' && item.turn.turn.index === options.chosen);
  const before: Line[][] = [];
  const last = chosen < 0 ? view.items.length : chosen;
  for (let i = last - 1, rows = 0; i >= 0 && rows < height; i--) {
    const lines = itemLines(view.items[i] as ItemView, itemOptions);
    before.unshift(lines);
    rows += lines.length;
  }
  const above = before.flat();
  if (chosen < 0) return { lines: above, focus: null };
  const lines = [...above, ...itemLines(view.items[chosen] as ItemView, itemOptions)];
  const focus = { from: above.length, to: lines.length };
  for (let i = chosen + 1; i < view.items.length && lines.length < focus.to + height; i++) lines.push(...itemLines(view.items[i] as ItemView, itemOptions));
  return { lines, focus };
}

type ItemOptions = Options & { readonly names: number; readonly view: CallView };

function itemLines(item: ItemView, options: ItemOptions): Line[] {
  const { columns, wide, look, names, playheadMs } = options;
  const margin = wide ? LATENCY_COLUMNS : GAP_COLUMNS;
  const said = item.kind === 'turn' ? item.turn.said : [item.said];
  const startMs = (said[0] as SaidView).utterance.startMs;
  const ahead = playheadMs !== null && startMs > playheadMs;
  const gutter = item.kind === 'turn' ? turnGutter(item.turn, options, ahead) : [{ text: ' '.repeat(12) }];
  const gutterColumns = 12 + (item.kind === 'turn' ? names + 2 : 0);
  const words = item.kind === 'turn' ? said.flatMap((one) => [...spoken(one, options), { text: ' ' }]) : aside(item.said, options);
  const body = wrapped(words, Math.max(10, columns - gutterColumns - margin - 1));
  const end = item.kind === 'turn' ? turnMargin(item.turn, options, ahead) : [];
  return body.map((text, row) =>
    row === 0
      ? [...gutter, ...fitted(text, columns - gutterColumns - margin, look.glyphs.ellipsis), ...end]
      : [{ text: ' '.repeat(gutterColumns) }, ...text],
  );
}

/** Marker 2, number 3, time 5, and blanks: 12 columns, then the name. */
function turnGutter({ turn, seat }: TurnView, { look, chosen, names }: ItemOptions, ahead: boolean): Piece[] {
  const isChosen = chosen === turn.index;
  const name = truncated(displayable(turn.agent), names, look.glyphs.ellipsis);
  return [
    { text: `${isChosen ? look.glyphs.selected : ' '}${String(turn.index + 1).padStart(3)}  `, dim: !isChosen, bold: isChosen },
    { text: `${clockTime(turn.startMs).padStart(4)}  `, dim: true },
    { text: name + ' '.repeat(names - columnsOf(name) + 2), hue: seatHue(seat), bold: isChosen, dim: ahead },
  ];
}

function turnMargin({ stages }: TurnView, { wide, look }: ItemOptions, ahead: boolean): Piece[] {
  if (wide) return latencyFigures(stages, look.glyphs);
  const { heardMs } = stages;
  const text = heardMs === null ? '' : seconds(heardMs, '');
  return [heardMs !== null && heardMs < 0 && !ahead ? { text: `${text.padStart(GAP_COLUMNS - 1)} `, hue: 'overlap' } : { text: `${text.padStart(GAP_COLUMNS - 1)} `, dim: true }];
}

/** What was heard of one utterance, and what of it was never heard. */
function spoken({ utterance, live }: SaidView, { look, playheadMs }: Pick<Options, 'look' | 'playheadMs'>): Piece[] {
  if (live) {
    if (live.settled === '' && live.interim === '') return [{ text: look.glyphs.ellipsis, dim: true }];
    return [{ text: displayable(live.settled) }, { text: ' ' }, { text: displayable(live.interim), dim: true }];
  }
  const heard =
    utterance.words.length > 0
      ? utterance.words.flatMap((word) => [heardWord(displayable(word.text), word, playheadMs), { text: ' ' }])
      : [heardWord(displayable(utterance.text), { startMs: utterance.startMs, endMs: utterance.startMs }, playheadMs)];
  if (!utterance.cut) return heard;
  const unheard = displayable(utterance.intended.split(/\s+/).slice(utterance.words.length).join(' '));
  const cut: Piece[] = [{ text: look.glyphs.dash, hue: 'overlap' }];
  return [...trimmed(heard), ...cut, ...(unheard === '' ? [] : [{ text: ` [${unheard}]`, dim: true }])];
}

/** Without the blank after the last word. */
function trimmed(pieces: readonly Piece[]): readonly Piece[] {
  return pieces.at(-1)?.text === ' ' ? pieces.slice(0, -1) : pieces;
}

function heardWord(text: string, { startMs, endMs }: { startMs: number; endMs: number }, playheadMs: number | null): Piece {
  if (playheadMs === null || endMs <= playheadMs) return { text };
  return startMs <= playheadMs ? { text, bold: true, inverse: true } : { text, dim: true };
}

/** Speech that took no floor, in brackets. */
const ASIDE_LABEL: Readonly<Record<UtteranceKind, string>> = {
  reply: ', talked over',
  barge_in: ', talked over',
  backchannel: '',
  tic: '',
  aside: ', aside',
};

function aside(said: SaidView, options: Options): Piece[] {
  const { agent, kind } = said.utterance;
  const name = truncated(displayable(agent), 20, options.look.glyphs.ellipsis);
  return [
    { text: `(${name}${ASIDE_LABEL[kind]}: `, hue: seatHue(said.seat), dim: true },
    ...trimmed(spoken(said, options)).map((piece) => (piece.inverse || piece.hue ? piece : { ...piece, dim: true })),
    { text: ')', hue: seatHue(said.seat), dim: true },
  ];
}

/** The rows to show of `total`: around the chosen ones, or the last. */
export function windowStart({ total, height, focus }: { total: number; height: number; focus: { from: number; to: number } | null }): number {
  const last = Math.max(0, total - height);
  if (!focus) return last;
  const centred = focus.from - Math.floor((height - (focus.to - focus.from)) / 2);
  return Math.max(0, Math.min(last, Math.min(centred, focus.from)));
}
