/**
 * The sink that writes events.jsonl as the run goes, so that a run that is killed leaves what it had. A disk that
 * refuses does not disturb the run: it is told when the file is closed.
 */
import { closeSync, openSync, writeFileSync } from 'node:fs';
import type { BottalkEvent } from '../events/event.ts';
import { toJsonLine } from '../events/jsonl.ts';
import type { Sink } from '../events/log.ts';

/** Lines are written together: one write costs more than a hundred events. In real time there is time for each. */
const LINES_PER_WRITE = 256;

export class EventFile implements Sink {
  readonly #file: number;
  #lines: string[] = [];
  #linesPerWrite = LINES_PER_WRITE;
  #failure: { readonly error: unknown } | undefined;
  #closed = false;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  event(event: BottalkEvent): void {
    if (this.#failure) return;
    if (event.type === 'run.started' && event.clock === 'real') this.#linesPerWrite = 1;
    this.#lines.push(toJsonLine(event));
    if (this.#lines.length >= this.#linesPerWrite) this.#write();
  }

  /** Throws what the disk had against any line. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#write();
    closeSync(this.#file);
    if (this.#failure) throw this.#failure.error;
  }

  #write(): void {
    if (this.#failure) return;
    try {
      // All or an error: a disk that is nearly full takes a part of a plain write and says nothing.
      writeFileSync(this.#file, this.#lines.join(''));
    } catch (error) {
      this.#failure = { error };
    }
    this.#lines = [];
  }
}
