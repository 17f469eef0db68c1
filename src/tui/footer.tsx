/** The last row: how far the call is, how fast it went, and the keys that help now. */
import type { ReactNode } from 'react';
import { clockTime, speed } from '../base/figure-text.ts';
import { justified, type Line, type Piece } from './line.ts';
import type { Look } from './look.ts';
import type { PlayerState } from './player.ts';
import { Rows } from './rows.tsx';
import type { CallView } from '../metrics/call-view.ts';

type Props = {
  view: CallView;
  player: PlayerState;
  over: boolean;
  playheadMs: number | null;
  /** Call time by wall time; null for a call of which that is not known. */
  speedFactor: number | null;
  /** Said once instead of the keys: that there is no sound, that the call is being ended. */
  notice: string | null;
  columns: number;
  look: Look;
};

export function Footer(props: Props): ReactNode {
  const { columns, look } = props;
  return <Rows lines={[justified(progress(props), hints(props), columns, look.glyphs.ellipsis)]} columns={columns} height={1} look={look} />;
}

function progress({ view, playheadMs, player, speedFactor, columns, look }: Props): Line {
  const { glyphs } = look;
  if (playheadMs !== null) {
    const mark = player.playback === 'paused' ? glyphs.paused : glyphs.playing;
    return [{ text: ` ${mark} `, bold: true }, { text: `${clockTime(playheadMs)} / ${clockTime(view.callMs)}` }];
  }
  const maxTurns = view.started?.scenario['max_turns'];
  const turns = `turn ${view.spokenTurns}${typeof maxTurns === 'number' ? `/${maxTurns}` : ''}`;
  const parts = [clockTime(view.callMs), turns, ...(speedFactor === null ? [] : [`${speed(speedFactor)}${columns < 100 ? '' : ' real time'}`])];
  return [{ text: ` ${parts.join(`  ${glyphs.dot}  `)}` }];
}

function hints({ player, over, notice, columns, look }: Props): Piece[] {
  if (notice !== null) return [{ text: `${notice} `, hue: 'warning' }];
  return [{ text: `${hintsFor(player, over, columns, look).join('  ')} `, dim: true }];
}

function hintsFor({ playback, open }: PlayerState, over: boolean, columns: number, { glyphs }: Look): string[] {
  if (playback === 'playing') return ['space pause', 'esc stop'];
  if (playback === 'paused') return ['space go on', 'esc stop'];
  if (open !== 'conversation') return ['esc close', ...(over ? ['q quit'] : [])];
  if (!over) return ['? keys', 'ctrl-c end the call'];
  return columns < 70 ? ['r play', '? keys', 'q quit'] : [`${glyphs.arrows} turn`, 'enter trace', 'r play', '? keys', 'q quit'];
}
