/** The two lanes: who speaks now, and who spoke when, with talking over marked and the times below. */
import type { ReactNode } from 'react';
import { covers, overlaps, type Span } from '../metrics/spans.ts';
import { columnsOf, displayable, truncated } from '../base/display-text.ts';
import type { Hue, Line } from './line.ts';
import type { Look } from './look.ts';
import { Rows } from './rows.tsx';
import { stripRow, stripScale, stripSpanMs } from './timeline.ts';
import type { CallView, SeatView } from '../metrics/call-view.ts';

type Props = {
  view: CallView;
  /** Where the call is played back, or where the chosen turn begins; null points nowhere. */
  pointerMs: number | null;
  /** Set while the call is played back: the lanes then tell of that moment. */
  playheadMs: number | null;
  columns: number;
  scale: boolean;
  look: Look;
};

export function Lanes({ view, pointerMs, playheadMs, columns, scale, look }: Props): ReactNode {
  const names = Math.min(columns < 70 ? 8 : 16, Math.max(1, ...view.seats.map(({ agent }) => columnsOf(displayable(agent.name)))));
  const labelColumns = names + 5;
  const spans = view.seats.map(({ segments }) => segments.map(({ startMs, endMs }): Span => ({ startMs, endMs: endMs ?? view.callMs })));
  const both = overlaps(spans[0] ?? [], spans[1] ?? []);
  const strip = { spanMs: stripSpanMs(view.callMs, view.ended !== undefined), callMs: view.callMs, columns: columns - labelColumns - 1, glyphs: look.glyphs };
  const lines = view.seats.map((seat, i): Line => {
    const own = spans[i] ?? [];
    const hue: Hue & ('first' | 'second') = i === 0 ? 'first' : 'second';
    const doing = playheadMs === null ? seat.doing : covers(own, playheadMs) ? 'speaking' : 'listening';
    const name = truncated(displayable(seat.agent.name), names, look.glyphs.ellipsis);
    return [
      { text: ` ${markOf(doing, look)} `, hue, bold: true },
      { text: name + ' '.repeat(names - columnsOf(name) + 2), hue, bold: doing === 'speaking' },
      ...stripRow({ own, both, hue }, strip),
    ];
  });
  const times: Line = [{ text: ' '.repeat(labelColumns) }, ...stripScale(strip, pointerMs)];
  return <Rows lines={scale ? [...lines, times] : lines} columns={columns} height={scale ? 3 : 2} look={look} />;
}

function markOf(doing: SeatView['doing'], { glyphs }: Look): string {
  switch (doing) {
    case 'speaking':
      return glyphs.speaking;
    case 'thinking':
      return glyphs.thinking;
    case 'away':
      return glyphs.away;
    case 'listening':
      return ' ';
  }
}
