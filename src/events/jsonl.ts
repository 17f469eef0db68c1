/** Events as lines of JSON: what events.jsonl holds and what a replay reads. */
import { type Mistake, UsageError } from '../base/errors.ts';
import { type BottalkEvent, EVENT_SCHEMA } from './event.ts';

export function toJsonLine(event: BottalkEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/**
 * Reads a saved log; `file` names it in messages. A line cut off at the very end is left out, for a killed run stops
 * in mid-line. Throws a UsageError for whatever else is no complete, ordered log of this event schema.
 */
export function parseEventLog(text: string, file: string): BottalkEvent[] {
  const events: BottalkEvent[] = [];
  const lines = text.split('\n');
  for (const [i, line] of lines.entries()) {
    const event = parseLine(line);
    // After the last line break comes nothing, or a line that was cut off.
    if (!event && i > 0 && i === lines.length - 1) break;
    const mistake = event ? findMistake(event, events.at(-1)) : NO_EVENT;
    if (mistake) throw new UsageError({ ...mistake, place: { file, line: i + 1, column: 1 } });
    if (event) events.push(event);
  }
  return events;
}

const HINT = 'is this an events.jsonl written by bottalk?';
const NO_EVENT: Mistake = { message: 'not an event', hint: HINT };

function findMistake(event: BottalkEvent, previous: BottalkEvent | undefined): Mistake | undefined {
  if (!previous && event.type !== 'run.started') return { message: 'no run.started event at the beginning', hint: HINT };
  if (event.type === 'run.started' && event.schema !== EVENT_SCHEMA) {
    const message = `written in event schema ${JSON.stringify(event.schema)}, but this bottalk reads ${EVENT_SCHEMA}`;
    return { message, hint: 'use the version of bottalk that wrote it' };
  }
  const seq = previous ? previous.seq + 1 : 0;
  if (event.seq !== seq) return { message: `event ${event.seq} where event ${seq} belongs`, hint: 'lines are missing or out of order' };
  if (previous && event.atMs < previous.atMs) return { message: `event ${seq} lies before the one above it in time`, hint: HINT };
  return undefined;
}

function parseLine(line: string): BottalkEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('type' in value && 'seq' in value && 'atMs' in value)) return undefined;
    const { type, seq, atMs } = value;
    return typeof type === 'string' && typeof seq === 'number' && typeof atMs === 'number' ? (value as BottalkEvent) : undefined;
  } catch {
    return undefined;
  }
}
