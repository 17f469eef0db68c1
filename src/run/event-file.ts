/** The sink that writes events.jsonl as the run goes, so that a run that is killed leaves what it had. */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { BottalkEvent } from '../events/event.ts';
import { toJsonLine } from '../events/jsonl.ts';
import type { Sink } from '../events/log.ts';

/** Lines are written together: one write costs more than a hundred events. */
const LINES_PER_WRITE = 256;

export class EventFile implements Sink {
  readonly #file: number;
  #lines: string[] = [];
  #closed = false;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  event(event: BottalkEvent): void {
    this.#lines.push(toJsonLine(event));
    if (this.#lines.length >= LINES_PER_WRITE) this.#write();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#write();
    closeSync(this.#file);
  }

  #write(): void {
    writeSync(this.#file, this.#lines.join(''));
    this.#lines = [];
  }
}
