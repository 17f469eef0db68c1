/** The top of the screen: what is run, with which seed, and what each agent is made of. */
import type { ReactNode } from 'react';
import { columnsOf, displayable, truncated } from '../base/display-text.ts';
import { seatHue } from './conversation-lines.ts';
import { justified, type Line, lineColumns, type Piece } from './line.ts';
import type { Look } from './look.ts';
import { Rows } from './rows.tsx';
import type { CallView, SeatView } from '../metrics/call-view.ts';

type Props = { view: CallView; columns: number; look: Look };

export function Title({ view, columns, look }: Props): ReactNode {
  const { started, roomUrl } = view;
  const left: Line = [{ text: ` ${titleOf(view)}`, bold: true }];
  const facts = started && columns >= 60 ? [`seed ${started.seed}`, `${started.room} room`] : [];
  const tail = (before: readonly Piece[], parts: readonly string[]): Line => [
    ...before,
    { text: parts.map((fact) => `${fact}  ${look.glyphs.dot}  `).join(''), dim: true },
    ...status(view, look),
    { text: ' ' },
  ];
  const right = roomUrl === null ? tail([], facts) : joinable(displayable(roomUrl), { tail, facts, columns, look });
  return <Rows lines={[justified(left, right, columns, look.glyphs.ellipsis)]} columns={columns} height={1} look={look} />;
}

/** Where people can join goes before all else that stands at this end, as long as the title keeps a few columns. */
function joinable(url: string, { tail, facts, columns, look }: JoinableOptions): Line {
  const address: Piece = { text: url, bold: true };
  const label: Piece = { text: 'join at ', dim: true };
  const dot: Piece = { text: `  ${look.glyphs.dot}  `, dim: true };
  const choices = [tail([label, address, dot], facts), tail([label, address, dot], []), [label, address, { text: ' ' }], [address, { text: ' ' }]];
  const fits = choices.find((line) => lineColumns(line) <= columns - LEAST_TITLE_COLUMNS);
  return fits ?? [{ ...address, text: truncated(url, columns - 2, look.glyphs.ellipsis) }];
}

type JoinableOptions = {
  readonly tail: (before: readonly Piece[], parts: readonly string[]) => Line;
  readonly facts: readonly string[];
  readonly columns: number;
  readonly look: Look;
};

const LEAST_TITLE_COLUMNS = 10;

function titleOf({ started }: CallView): string {
  const title = started?.scenario['title'];
  return typeof title === 'string' ? displayable(title) : 'bottalk';
}

function status({ started, ended }: CallView, look: Look): Piece[] {
  if (ended) return [{ text: ended.endedBy, bold: true, ...(ended.endedBy === 'error' ? { hue: 'bad' as const } : {}) }];
  if (!started) return [{ text: 'starting', dim: true }];
  return [{ text: `${look.glyphs.speaking} live`, hue: 'good' }];
}

/** Columns that a name may take from what the agent is made of. */
const LONGEST_NAME = 16;

/** One row per agent, its parts in columns under each other. */
export function Agents({ view, columns, look }: Props): ReactNode {
  const cells = view.seats.map(({ agent }) => partsOf(agent).map(({ label, value }) => ({ label, value: displayable(value) })));
  const widths = (cells[0] ?? []).map((_, i) => Math.max(...cells.map((parts) => columnsOf(parts[i]?.value ?? ''))));
  const names = Math.min(LONGEST_NAME, Math.max(0, ...view.seats.map(({ agent }) => columnsOf(displayable(agent.name)))));
  const lines = view.seats.map(({ agent }, seat): Line => {
    const name = truncated(displayable(agent.name), names, look.glyphs.ellipsis);
    const parts = (cells[seat] ?? []).flatMap(({ label, value }, i): Piece[] => [
      { text: `  ${label} `, dim: true },
      { text: value + ' '.repeat((widths[i] ?? 0) - columnsOf(value)) },
    ]);
    return [{ text: ` ${name}${' '.repeat(names - columnsOf(name))}`, hue: seatHue(seat), bold: true }, ...parts];
  });
  return <Rows lines={lines} columns={columns} height={2} look={look} />;
}

/** Why the parts are those that they are, a row each. */
export function Choices({ choices, columns, look }: { choices: readonly string[]; columns: number; look: Look }): ReactNode {
  const lines = choices.map((choice): Line => [{ text: ` live  ${truncated(displayable(choice), columns - 8, look.glyphs.ellipsis)}`, dim: true }]);
  return <Rows lines={lines} columns={columns} height={lines.length} look={look} />;
}

function partsOf(agent: SeatView['agent']): { label: string; value: string }[] {
  return [
    { label: 'brain', value: named(agent.llm, agent.llmModel) },
    { label: 'voice', value: named(agent.voice, agent.tts) },
    { label: 'VAD', value: agent.vad },
    { label: 'end of turn', value: agent.endOfTurn },
  ];
}

function named(name: string, more: string): string {
  return more === '' || more === name ? name : `${name} (${more})`;
}
