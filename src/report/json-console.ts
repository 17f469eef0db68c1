/** The console of programs: each event as a line of JSON, exactly as in events.jsonl, and nothing else. */
import { toJsonLine } from '../events/jsonl.ts';
import type { Sink } from '../events/log.ts';

export function jsonConsole(write: (text: string) => void): Sink {
  return { event: (event) => write(toJsonLine(event)) };
}
