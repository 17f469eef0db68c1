/**
 * The console of pipes and CI: one plain line per event that matters to a reader, written as it comes. Never moves
 * the cursor and never waits. The closing summary is its caller's to write, who knows where the files went.
 */
import { columnsOf } from '../base/display-text.ts';
import type { Sink } from '../events/log.ts';
import { RunFold } from '../metrics/run-fold.ts';
import { callTime } from './figures.ts';
import { painter, type Style } from './paint.ts';
import { eventLine, type PlainLine } from './plain-line.ts';
import { oneLine, padEnd, padStart, shorten, wrap } from './text-columns.ts';

export type PlainConsoleOptions = {
  readonly write: (text: string) => void;
  readonly colour: boolean;
  /** Lines are broken to this width; 80 if not given. */
  readonly columns?: number;
  /** Why the providers are those of the header, a line each. */
  readonly choices?: readonly string[];
};

export function plainConsole({ write, colour, columns = 80, choices = [] }: PlainConsoleOptions): Sink {
  const fold = new RunFold();
  const open = new Map<string, number>();
  let waiting: PlainLine[] = [];
  return {
    event(event) {
      fold.event(event);
      if (event.type === 'utterance.started') open.set(event.utteranceId, event.atMs);
      if (event.type === 'utterance.stopped') open.delete(event.utteranceId);
      waiting.push(...eventLine(event, fold));
      if (event.type === 'run.started') waiting.push(...choices.map((text) => ({ name: 'live', text, style: 'dim' as const })));
      // What is said is shown by when it began, and known when it ends: a line waits for whoever began before it.
      const settledMs = event.type === 'run.ended' ? Number.POSITIVE_INFINITY : Math.min(event.atMs, ...open.values());
      const settled = waiting.filter(({ atMs = 0 }) => atMs <= settledMs).sort((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0));
      waiting = waiting.filter(({ atMs = 0 }) => atMs > settledMs);
      for (const line of settled) write(laidOut(line, fold, { colour, columns }));
      if (event.type === 'run.ended') write('\n');
    },
  };
}

/** Time, name and margin; words get the rest. */
const TIME_COLUMNS = 8;
/** `warning` stands where names stand. */
const SHORTEST_NAME = 7;
const LONGEST_NAME = 12;
const MARGIN_COLUMNS = 9;

function laidOut({ atMs, name, text, margin, style }: PlainLine, { roster }: RunFold, options: { colour: boolean; columns: number }): string {
  const paint = painter(options.colour);
  const agents = roster.agents.map((agent) => oneLine(agent.name));
  const names = Math.min(LONGEST_NAME, Math.max(SHORTEST_NAME, ...agents.map(columnsOf)));
  const left = TIME_COLUMNS + 2 + names + 2;
  const [first = '', ...rest] = wrap(text, Math.max(20, options.columns - left - (margin === undefined ? 0 : MARGIN_COLUMNS)));
  const time = paint('dim', padStart(atMs === undefined ? '' : callTime(atMs), TIME_COLUMNS));
  const who = paint(nameStyle(agents.indexOf(name)), padEnd(shorten(name, names), names));
  const edge = !margin ? '' : ' '.repeat(Math.max(1, options.columns - left - columnsOf(first) - columnsOf(margin))) + paint('dim', margin);
  const styled = (words: string): string => (style ? paint(style, words) : words);
  return [`${time}  ${who}  ${styled(first)}${edge}`, ...rest.map((words) => ' '.repeat(left) + styled(words))].map((row) => `${row}\n`).join('');
}

function nameStyle(seat: number): Style {
  return seat === 0 ? 'cyan' : seat === 1 ? 'magenta' : 'dim';
}
