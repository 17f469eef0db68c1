/** The conversation in a window of so many rows: the newest words, or the chosen turn in their midst. */
import { type ReactNode, useMemo } from 'react';
import { conversationLines, windowStart } from './conversation-lines.ts';
import type { Line } from './line.ts';
import type { Look } from './look.ts';
import { Rows } from './rows.tsx';
import { type RunFacts, summaryLines } from './summary-lines.ts';
import type { CallView } from './view-state.ts';

type Props = {
  view: CallView;
  /** Set once the call is over and its files are written: the summary follows the last turn. */
  facts: RunFacts | null;
  chosen: number | 'end';
  playheadMs: number | null;
  columns: number;
  height: number;
  wide: boolean;
  look: Look;
};

export function Conversation({ view, facts, chosen, playheadMs, columns, height, wide, look }: Props): ReactNode {
  const { lines, focus } = conversationLines(view, height, { columns, wide, look, chosen, playheadMs });
  const summary = useMemo((): readonly Line[] => (facts ? [[], ...summaryLines(view, facts, { columns, look })] : []), [view, facts, columns, look]);
  const all = [...lines, ...summary];
  const from = windowStart({ total: all.length, height, focus });
  return <Rows lines={all.slice(from, from + height)} columns={columns} height={height} look={look} />;
}
