/** The whole screen, block under block, in exactly the rows that the terminal has. Draws what it is given. */
import { Box, useInput } from 'ink';
import { type ReactNode, useLayoutEffect, useMemo } from 'react';
import { Conversation } from './conversation.tsx';
import { Footer } from './footer.tsx';
import { Agents, Choices, Title } from './header.tsx';
import { keyOf } from './key.ts';
import { Keys } from './keys.tsx';
import { Lanes } from './lanes.tsx';
import { LatencyHeading, LatencyMedians, LatencyTable } from './latency-table.tsx';
import { type Layout, layoutFor, type Size } from './layout.ts';
import type { Line } from './line.ts';
import type { Look } from './look.ts';
import type { Key, PlayerState } from './player.ts';
import { Rows } from './rows.tsx';
import { type RunFacts, summaryLines } from './summary-lines.ts';
import { Trace } from './trace.tsx';
import type { CallView, TurnView } from '../metrics/call-view.ts';

export type AppProps = {
  readonly view: CallView;
  readonly size: Size;
  readonly look: Look;
  readonly player: PlayerState;
  /** Set once the call is over and its files are written. */
  readonly facts: RunFacts | null;
  readonly playheadMs: number | null;
  readonly speedFactor: number | null;
  readonly notice: string | null;
  /** Why the providers are those of the header. */
  readonly choices: readonly string[];
  readonly onKey: (key: Key) => void;
  /** The screen was taken down, whoever did it. */
  readonly onGone: () => void;
  /** False where the input is no terminal. */
  readonly keysWork: boolean;
};

export function App(props: AppProps): ReactNode {
  const { view, size, look, player, facts, playheadMs, onKey, onGone, keysWork } = props;
  useInput((input, key) => keyOf(input, key).forEach(onKey), { isActive: keysWork });
  // A layout effect ends with the tree itself, also when a signal takes the process down right after.
  useLayoutEffect(() => onGone, [onGone]);
  const { columns } = size;
  const summary = useMemo(() => (facts ? summaryLines(view, facts, { columns, look }) : []), [view, facts, columns, look]);
  const layout = layoutFor(size, { choiceRows: props.choices.length, cardRows: player.chosen === 'end' ? summary.length : 0 });
  const block = { view, columns, look };
  const turn = player.chosen === 'end' ? view.turns.at(-1) : view.turns[player.chosen];
  const pointerMs = playheadMs ?? (player.chosen === 'end' ? null : (turn?.turn.startMs ?? null));
  const footer = { player, over: facts !== null, playheadMs, speedFactor: props.speedFactor, notice: props.notice };
  return (
    <Box flexDirection="column" width={columns} height={layout.rows} overflow="hidden">
      {layout.header > 0 && <Title {...block} />}
      {layout.agents > 0 && <Agents {...block} />}
      {layout.choices > 0 && <Choices choices={props.choices} columns={columns} look={look} />}
      {layout.gapAbove > 0 && <Above wide={layout.wide && player.open === 'conversation'} columns={columns} look={look} />}
      <Middle {...props} layout={layout} summary={summary} turn={turn} />
      {layout.gapBelow > 0 && <Rows lines={[]} columns={columns} height={1} look={look} />}
      {layout.lanes > 0 && <Lanes {...block} pointerMs={pointerMs} playheadMs={playheadMs} scale={layout.scale > 0} />}
      {layout.footer > 0 && <Footer {...block} {...footer} />}
    </Box>
  );
}

/** The row above the conversation: blank, or what heads the figures beside it. */
function Above({ wide, columns, look }: { wide: boolean; columns: number; look: Look }): ReactNode {
  return wide ? <LatencyHeading columns={columns} look={look} /> : <Rows lines={[]} columns={columns} height={1} look={look} />;
}

type MiddleProps = AppProps & { layout: Layout; summary: readonly Line[]; turn: TurnView | undefined };

/** The conversation with its figures; a trace or the keys take the place of both. */
function Middle({ view, look, player, playheadMs, layout, summary, turn }: MiddleProps): ReactNode {
  const { columns, conversation, latency, wide } = layout;
  const whole = { columns, height: conversation + latency, look };
  if (player.open === 'keys') return <Keys {...whole} />;
  if (player.open === 'trace' && turn) return <Trace turn={turn} scrollRows={player.scrollRows} {...whole} />;
  const block = { view, columns, look };
  return (
    <>
      <Conversation {...block} summary={summary} chosen={player.chosen} playheadMs={playheadMs} height={conversation} wide={wide} />
      {latency > 0 && (wide ? <LatencyMedians {...block} /> : <LatencyTable {...block} turn={turn} />)}
    </>
  );
}
