/**
 * A terminal in memory, for tests of the screen: it understands the few sequences that Ink writes and keeps what a
 * person would see. Anything it does not know fails the test instead of being skipped.
 */
import { PassThrough, Writable } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';

export class FakeTerminal {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  /** Rows that were pushed out at the top: a screen that fits pushes none. */
  scrolledRows = 0;
  cursorVisible = true;
  alternate = false;
  rawMode = false;
  /** Frames that changed something, as far as synchronised updates tell. */
  updates = 0;
  #columns: number;
  #rows: number;
  #cells: string[][];
  #row = 0;
  #column = 0;
  #watchers: (() => void)[] = [];
  readonly #keys = new PassThrough();

  constructor({ columns, rows }: { columns: number; rows: number }) {
    this.#columns = columns;
    this.#rows = rows;
    this.#cells = blank(columns, rows);
    this.stdin = Object.assign(this.#keys, {
      isTTY: true,
      ref: () => this.stdin,
      unref: () => this.stdin,
      setRawMode: (raw: boolean) => {
        this.rawMode = raw;
        return this.stdin;
      },
    }) as unknown as ReadStream;
    const output = new Writable({
      decodeStrings: false,
      write: (text: string, _encoding, done) => {
        this.#write(text);
        done();
        for (const watcher of this.#watchers) watcher();
      },
    });
    this.stdout = Object.assign(output, { isTTY: true, columns, rows }) as unknown as WriteStream;
  }

  /** What is on the screen, row by row, without the blanks at the end. */
  get frame(): string[] {
    return this.#cells.map((row) => row.join('').trimEnd());
  }

  /** Presses keys, as bytes. */
  type(text: string): void {
    this.#keys.write(text);
  }

  resize(columns: number, rows: number): void {
    this.#cells = blank(columns, rows).map((row, y) => row.map((_, x) => this.#cells[y]?.[x] ?? ' '));
    this.#columns = columns;
    this.#rows = rows;
    this.#row = Math.min(this.#row, rows - 1);
    this.#column = Math.min(this.#column, columns - 1);
    Object.assign(this.stdout, { columns, rows });
    this.stdout.emit('resize');
  }

  /** Waits until what is shown is as wanted; a test whose wish is never granted runs into its own time limit. */
  async until(wanted: (frame: string[]) => boolean): Promise<string[]> {
    while (!wanted(this.frame)) {
      await new Promise<void>((resolve) => {
        this.#watchers.push(resolve);
      });
    }
    return this.frame;
  }

  #write(text: string): void {
    const tokens = text.matchAll(/\x1b\[([?>]?)([\d;]*)([A-Za-z])|\x1b(.)|([\s\S])/gu);
    for (const [sequence, prefix, numbers = '', command, escaped, letter] of tokens) {
      if (escaped !== undefined) throw new Error(`a sequence this terminal does not know: ${JSON.stringify(sequence)}`);
      if (letter === undefined) this.#control(`${prefix}${command}`, numbers.split(';').map(Number), sequence);
      else if (letter === '\n') this.#newLine();
      else if (letter === '\r') this.#column = 0;
      else this.#put(letter);
    }
  }

  #control(command: string, [first = 0, second = 0]: number[], sequence: string): void {
    switch (command) {
      case 'm':
        return;
      case 'A':
        this.#row = Math.max(0, this.#row - (first || 1));
        return;
      case 'B':
        this.#row = Math.min(this.#rows - 1, this.#row + (first || 1));
        return;
      case 'C':
        this.#column = Math.min(this.#columns - 1, this.#column + (first || 1));
        return;
      case 'E':
        this.#row = Math.min(this.#rows - 1, this.#row + (first || 1));
        this.#column = 0;
        return;
      case 'G':
        this.#column = (first || 1) - 1;
        return;
      case 'H':
        this.#row = (first || 1) - 1;
        this.#column = (second || 1) - 1;
        return;
      case 'J':
        this.#erase(this.#row, first === 2 ? 0 : this.#column);
        for (let row = first === 2 ? 0 : this.#row + 1; row < this.#rows; row++) this.#erase(row, 0);
        return;
      case 'K':
        this.#erase(this.#row, first === 2 ? 0 : this.#column);
        return;
      case '?h':
      case '?l':
        this.#mode(first, command === '?h');
        return;
      default:
        throw new Error(`a sequence this terminal does not know: ${JSON.stringify(sequence)}`);
    }
  }

  #mode(mode: number, on: boolean): void {
    if (mode === 25) this.cursorVisible = on;
    else if (mode === 1049) {
      this.alternate = on;
      this.#cells = blank(this.#columns, this.#rows);
      this.#row = this.#column = 0;
    } else if (mode === 2026 && !on) this.updates += 1;
  }

  #put(letter: string): void {
    if (/^\p{M}$/u.test(letter)) return;
    const columns = WIDE.test(letter) ? 2 : 1;
    // A terminal waits at the right edge: only what comes after the last column wraps.
    if (this.#column + columns > this.#columns) {
      this.#newLine();
    }
    const row = this.#cells[this.#row] as string[];
    row[this.#column] = letter;
    if (columns === 2) row[this.#column + 1] = '';
    this.#column += columns;
  }

  #newLine(): void {
    this.#column = 0;
    if (this.#row < this.#rows - 1) {
      this.#row += 1;
      return;
    }
    this.scrolledRows += 1;
    this.#cells.shift();
    this.#cells.push(blank(this.#columns, 1)[0] as string[]);
  }

  #erase(row: number, from: number): void {
    this.#cells[row]?.fill(' ', from);
  }
}

const WIDE = /^[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uff01-\uff60\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}]$/u;

function blank(columns: number, rows: number): string[][] {
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => ' '));
}
