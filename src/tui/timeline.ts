/**
 * Call time as a strip of cells, one row per speaker. While a call runs, the strip covers a round span that doubles
 * when it is full, so that what is drawn stays where it is; at the end it covers exactly the call.
 */
import { clockTime } from '../base/figure-text.ts';
import type { Span } from '../metrics/spans.ts';
import type { Piece } from './line.ts';
import type { Glyphs } from './look.ts';

/** What a new call begins with on the strip. */
const SHORTEST_SPAN_MS = 30_000;

/** Shorter overlaps are breath and rounding; they would only speckle the strip. */
const SHORTEST_OVERLAP_MS = 40;

export function stripSpanMs(callMs: number, ended: boolean): number {
  if (ended && callMs > 0) return callMs;
  let spanMs = SHORTEST_SPAN_MS;
  while (spanMs < callMs) spanMs *= 2;
  return spanMs;
}

type Strip = { readonly spanMs: number; readonly callMs: number; readonly columns: number; readonly glyphs: Glyphs };

type Speech = { readonly own: readonly Span[]; /** Where both spoke. */ readonly both: readonly Span[]; readonly hue: 'first' | 'second' };

/** One speaker's row. */
export function stripRow({ own, both, hue }: Speech, strip: Strip): Piece[] {
  const cellMs = strip.spanMs / strip.columns;
  const pieces: Piece[] = [];
  for (let column = 0; column < strip.columns; column++) {
    const startMs = column * cellMs;
    const piece = cell({ startMs, endMs: startMs + cellMs }, { own, both, hue, strip });
    const last = pieces.at(-1);
    if (last && last.hue === piece.hue && last.dim === piece.dim) pieces[pieces.length - 1] = { ...last, text: last.text + piece.text };
    else pieces.push(piece);
  }
  return pieces;
}

function cell(span: Span, { own, both, hue, strip }: Speech & { readonly strip: Strip }): Piece {
  const { glyphs } = strip;
  const cellMs = span.endMs - span.startMs;
  const middleMs = span.startMs + cellMs / 2;
  if (coveredMs(both, span) >= Math.min(SHORTEST_OVERLAP_MS, cellMs / 2)) return { text: glyphs.overlap, hue: 'overlap' };
  const half = cellMs / 4;
  const first = coveredMs(own, { startMs: span.startMs, endMs: middleMs }) >= half;
  const second = coveredMs(own, { startMs: middleMs, endMs: span.endMs }) >= half;
  if (first || second) return { text: glyphs.speech[first ? (second ? 0 : 1) : 2], hue };
  return span.startMs < strip.callMs ? { text: glyphs.quiet, dim: true } : { text: ' ' };
}

/** How much of the span is covered by spans that do not overlap each other. */
function coveredMs(spans: readonly Span[], { startMs, endMs }: Span): number {
  return spans.reduce((sum, span) => sum + Math.max(0, Math.min(endMs, span.endMs) - Math.max(startMs, span.startMs)), 0);
}

const STEPS_SECONDS = [5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];

/** Columns that a label and the gap to the next one need. */
const LABEL_COLUMNS = 10;

/** The times below the strip, with the pointer (playhead or chosen turn) in their midst. */
export function stripScale(strip: Omit<Strip, 'callMs'>, pointerMs: number | null): Piece[] {
  const { spanMs, columns, glyphs } = strip;
  const stepMs = 1000 * (STEPS_SECONDS.find((seconds) => (seconds * 1000 * columns) / spanMs >= LABEL_COLUMNS) ?? 7200);
  const cells = Array.from({ length: columns }, () => ' ');
  for (let atMs = 0; atMs < spanMs; atMs += stepMs) {
    const column = Math.round((atMs / spanMs) * columns);
    const label = clockTime(atMs);
    if (column + label.length <= columns) [...label].forEach((letter, i) => (cells[column + i] = letter));
  }
  if (pointerMs === null) return [{ text: cells.join(''), dim: true }];
  const column = Math.max(0, Math.min(columns - 1, Math.floor((pointerMs / spanMs) * columns)));
  return [
    { text: cells.slice(0, column).join(''), dim: true },
    { text: glyphs.pointer, bold: true },
    { text: cells.slice(column + 1).join(''), dim: true },
  ];
}
