/** Events as lines of JSON: what events.jsonl holds and what a replay reads. */
import { UsageError } from '../base/errors.ts';
import { type BottalkEvent, EVENT_SCHEMA } from './event.ts';

export function toJsonLine(event: BottalkEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/** Reads a saved log. A line cut off at the very end is left out, for a killed run stops in mid-line. */
export function parseEventLog(text: string, file: string): BottalkEvent[] {
  const lines = text.split('\n');
  const events: BottalkEvent[] = [];
  const complete = text.endsWith('\n') ? lines.length - 1 : lines.length;
  for (let i = 0; i < complete; i++) {
    const parsed = parseLine(lines[i] as string);
    if (parsed === undefined && i === lines.length - 1) break;
    if (parsed?.seq !== i) {
      throw new UsageError({ message: 'not an event, or out of order', place: { file, line: i + 1, column: 1 }, hint: 'is this an events.jsonl written by bottalk?' });
    }
    events.push(parsed);
  }
  const first = events[0];
  if (first?.type !== 'run.started') throw new UsageError(`${file}: no run.started event at its beginning`, 'is this an events.jsonl written by bottalk?');
  if (first.schema !== EVENT_SCHEMA) throw new UsageError(`${file}: written in event schema ${String(first.schema)}, this bottalk reads ${EVENT_SCHEMA}`);
  return events;
}

function parseLine(line: string): BottalkEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'type' in value && 'seq' in value ? (value as BottalkEvent) : undefined;
  } catch {
    return undefined;
  }
}
