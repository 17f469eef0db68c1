/** The decision trace of one turn: each moment with its call time, its distance from the one before, and its place. */
import type { ReactNode } from 'react';
import { exactTime, seconds } from '../base/figure-text.ts';
import { seatHue } from './conversation-lines.ts';
import { displayable } from '../base/display-text.ts';
import { fitted, type Line, type Piece } from './line.ts';
import type { Look } from './look.ts';
import { Rows } from './rows.tsx';
import { type TraceStep, traceSteps } from './trace-steps.ts';
import type { TurnView } from '../metrics/call-view.ts';

/** What the bars at the right take; the words keep the rest. */
const BAR_COLUMNS = { narrow: 18, wide: 48 };

type Props = { turn: TurnView; scrollRows: number; columns: number; height: number; look: Look };

export function Trace({ turn, scrollRows, columns, height, look }: Props): ReactNode {
  const steps = traceSteps(turn);
  const all = steps.map((step) => stepLine(step, steps, columns, look));
  // The blank row below the heading goes first where rows are scarce.
  const heading = all.length + 2 <= height ? [headingOf(turn, look), []] : [headingOf(turn, look)];
  const room = height - heading.length;
  const last = Math.max(0, all.length - room);
  const from = Math.min(scrollRows, last);
  const below = all.length - from - room;
  const more: Line = [{ text: `   ${below + 1} more below: PgDn`, dim: true }];
  const shown = below > 0 ? [...all.slice(from, from + room - 1), more] : all.slice(from);
  return <Rows lines={[...heading, ...shown]} columns={columns} height={height} look={look} />;
}

function headingOf({ turn, seat, reply, stages }: TurnView, { glyphs }: Look): Line {
  const heard = stages.heardMs === null ? '' : `  ${glyphs.dot}  heard ${stages.heardMs < 0 ? 'over the peer by' : 'after'} ${seconds(Math.abs(stages.heardMs), '')}`;
  return [
    { text: ` turn ${turn.index + 1}  `, bold: true },
    { text: displayable(turn.agent), hue: seatHue(seat), bold: true },
    { text: `  ${glyphs.dot}  ${reply ? `how it came about` : 'not ours: only what the room heard'}${heard}`, dim: true },
  ];
}

function stepLine(step: TraceStep, steps: readonly TraceStep[], columns: number, look: Look): Line {
  const bar = columns < 70 ? 0 : columns < 120 ? BAR_COLUMNS.narrow : BAR_COLUMNS.wide;
  const delta = step.deltaMs === null ? '' : `+${Math.round(step.deltaMs)}`;
  const left: Line = [
    { text: ` ${exactTime(step.atMs).padStart(9)}`, dim: true },
    { text: `${delta.padStart(7)}  ` },
    { text: step.stage.padEnd(6), bold: true },
    { text: step.what, ...(step.hue ? { hue: step.hue } : {}) },
  ];
  return bar === 0 ? left : [...fitted(left, columns - bar - 2, look.glyphs.ellipsis), { text: ' ' }, ...barOf(step, steps, bar, look)];
}

/** The time that passed since the step before, drawn to the scale of the whole trace. */
function barOf(step: TraceStep, steps: readonly TraceStep[], columns: number, { glyphs }: Look): Piece[] {
  const fromMs = steps[0]?.atMs ?? 0;
  const spanMs = Math.max(1, (steps.at(-1)?.atMs ?? 0) - fromMs);
  const column = (atMs: number): number => Math.min(columns - 1, Math.floor(((atMs - fromMs) / spanMs) * columns));
  const end = column(step.atMs);
  const start = step.deltaMs === null ? end : column(step.atMs - step.deltaMs);
  return [
    { text: ' '.repeat(start) },
    { text: glyphs.quiet.repeat(end - start), dim: true },
    { text: glyphs.speech[1], bold: true },
  ];
}
