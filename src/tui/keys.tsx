/** The page that `?` opens: every key, in the words of the task it does. */
import type { ReactNode } from 'react';
import type { Line } from './line.ts';
import type { Look } from './look.ts';
import { Rows } from './rows.tsx';

export function Keys({ columns, height, look }: { columns: number; height: number; look: Look }): ReactNode {
  const keys: readonly [string, string][] = [
    [`${look.glyphs.arrows}  j k`, 'move by turn'],
    ['PgUp PgDn', 'move by five turns; scroll an open trace'],
    ['Home End', 'first turn; the end, with the summary'],
    ['Enter', "open and close the turn's decision trace"],
    ['r', 'play from that turn at real speed; at the end, from the start'],
    ['Space', 'pause and go on; any other key stops'],
    ['Esc', 'close, stop'],
    ['?', 'this page'],
    ['q  Ctrl-C', 'leave; while the call runs: end it and keep what was recorded'],
  ];
  const lines: Line[] = [[{ text: ' keys', bold: true }], [], ...keys.map(([key, does]): Line => [{ text: ` ${key.padEnd(12)}`, bold: true }, { text: does }])];
  return <Rows lines={lines} columns={columns} height={height} look={look} />;
}
