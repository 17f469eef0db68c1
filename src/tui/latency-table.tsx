/** Latency by stage: the heading, the chosen turn and each agent's running medians, in milliseconds. */
import type { ReactNode } from 'react';
import { seatHue } from './conversation-lines.ts';
import { displayable } from '../base/display-text.ts';
import { LATENCY_COLUMNS, latencyFigures, latencyHeadings } from './latency-columns.ts';
import { justified, type Line } from './line.ts';
import type { Look } from './look.ts';
import { Rows } from './rows.tsx';
import type { CallView, TurnView } from '../metrics/call-view.ts';

type Props = { view: CallView; columns: number; look: Look };

/** Below the conversation of a narrow screen. */
export function LatencyTable({ view, turn, columns, look }: Props & { turn: TurnView | undefined }): ReactNode {
  const lines = [
    headingOf(columns, look),
    turn ? turnLine(turn, columns, look) : [],
    ...medianLines(view, columns, look),
  ];
  return <Rows lines={lines} columns={columns} height={4} look={look} />;
}

/** Above the conversation of a wide screen, whose turns carry their own figures. */
export function LatencyHeading({ columns, look }: Omit<Props, 'view'>): ReactNode {
  return <Rows lines={[headingOf(columns, look)]} columns={columns} height={1} look={look} />;
}

/** The rule sets the figures apart from what is above them. */
function headingOf(columns: number, { glyphs }: Look): Line {
  const label = ' latency, ms ';
  const rule = glyphs.rule.repeat(Math.max(0, columns - label.length - LATENCY_COLUMNS - 1));
  return justified([{ text: label + rule, dim: true }], latencyHeadings(), columns, glyphs.ellipsis);
}

/** Below the conversation of a wide screen. */
export function LatencyMedians({ view, columns, look }: Props): ReactNode {
  return <Rows lines={[[], ...medianLines(view, columns, look)]} columns={columns} height={3} look={look} />;
}

function turnLine({ turn, seat, stages }: TurnView, columns: number, look: Look): Line {
  const label: Line = [{ text: ` turn ${turn.index + 1}  ` }, { text: displayable(turn.agent), hue: seatHue(seat) }];
  return justified(label, latencyFigures(stages, look.glyphs), columns, look.glyphs.ellipsis);
}

function medianLines({ seats }: CallView, columns: number, look: Look): Line[] {
  return seats.map(({ agent, medians }, seat) => {
    const label: Line = [{ text: ' median  ', dim: true }, { text: displayable(agent.name), hue: seatHue(seat) }];
    return justified(label, latencyFigures(medians, look.glyphs), columns, look.glyphs.ellipsis);
  });
}
