/** The conversation in a window of so many rows: the newest words, or the chosen turn in their midst. */
import type { ReactNode } from 'react';
import { conversationLines, windowStart } from './conversation-lines.ts';
import type { Line } from './line.ts';
import type { Look } from './look.ts';
import { Rows } from './rows.tsx';
import type { CallView } from '../metrics/call-view.ts';

type Props = {
  view: CallView;
  /** Follows the last turn once the call is over and its files are written; empty before. */
  summary: readonly Line[];
  chosen: number | 'end';
  playheadMs: number | null;
  columns: number;
  height: number;
  wide: boolean;
  look: Look;
};

export function Conversation({ view, summary, chosen, playheadMs, columns, height, wide, look }: Props): ReactNode {
  const { lines, focus } = conversationLines(view, height, { columns, wide, look, chosen, playheadMs });
  const card = summary.length > 0 ? [[], ...shortened(summary, height, look)] : [];
  const all = [...lines, ...card];
  const from = windowStart({ total: all.length, height, focus });
  return <Rows lines={all.slice(from, from + height)} columns={columns} height={height} look={look} />;
}

/** How the call ended stands first, so what does not fit is left out at the other end. */
function shortened(summary: readonly Line[], height: number, { glyphs }: Look): readonly Line[] {
  if (summary.length <= height) return summary;
  const shown = summary.slice(0, Math.max(1, height - 1));
  return [...shown, [{ text: ` ${glyphs.ellipsis} ${summary.length - shown.length} more lines in a taller window`, dim: true }]].slice(0, height);
}
