/**
 * The log of the entry: one line per event on stderr, in the shape that Pipecat Cloud ties to a session, and where a
 * folder is given the same as JSON lines, written at once so that last words survive. Known secrets never get through.
 */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { WallClock } from '../../clock/wall-clock.ts';

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'NONE'] as const;
export type LogLevel = (typeof LEVELS)[number];
type LineLevel = Exclude<LogLevel, 'NONE'>;

/** Whatever a text holds of these is blotted out; a shorter value is no key, and blotting it out would spoil words. */
const SHORTEST_SECRET = 6;
/** Then it is set aside, and one that was set aside before is gone. */
const MOST_FILE_BYTES = 64 * 1024 * 1024;

export type EntryLogOptions = {
  readonly wall: WallClock;
  /** Where lines go: stderr. */
  readonly write: (text: string) => void;
  readonly level?: LogLevel;
  /** Holds bot.jsonl; undefined writes none. */
  readonly folder?: string | undefined;
  readonly mostFileBytes?: number;
};

export class EntryLog {
  /** The session that lines belong to from now on. */
  sessionId: string | null = null;
  readonly #options: EntryLogOptions;
  readonly #file: string | undefined;
  readonly #secrets = new Set<string>();
  #fileBytes = 0;

  constructor(options: EntryLogOptions) {
    this.#options = options;
    if (options.folder === undefined) return;
    this.#file = join(options.folder, 'bot.jsonl');
    try {
      mkdirSync(options.folder, { recursive: true });
      this.#fileBytes = statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
    } catch (error) {
      this.#file = undefined;
      this.warn('bottalk.log', `PCC_LOG_DIR cannot be written: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`);
    }
  }

  /** These will not be seen in any line from now on. */
  hide(...secrets: readonly (string | null | undefined)[]): void {
    for (const secret of secrets) if (secret && secret.length >= SHORTEST_SECRET) this.#secrets.add(secret);
  }

  debug(where: string, text: string): void {
    this.#line('DEBUG', where, text);
  }

  info(where: string, text: string): void {
    this.#line('INFO', where, text);
  }

  warn(where: string, text: string): void {
    this.#line('WARNING', where, text);
  }

  error(where: string, text: string): void {
    this.#line('ERROR', where, text);
  }

  /** What somebody else writes to stdout or stderr belongs into the file as well. Gives back what may stand on the stream. */
  stray(stream: 'stdout' | 'stderr', text: string): string {
    for (const line of text.split('\n')) if (line.trim() !== '') this.#append({ stream }, this.#clean(line));
    return this.#masked(text);
  }

  #line(level: LineLevel, where: string, text: string): void {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(this.#options.level ?? 'DEBUG')) return;
    const clean = this.#clean(text);
    const time = this.#now().replace('T', ' ').slice(0, -1);
    const line = `${time} | ${level.padEnd(8)} | ${where} | ${this.sessionId ?? 'NONE'} - ${clean}`;
    this.#options.write(`${line}\n`);
    this.#append({ stream: 'app', level }, line);
  }

  #append(about: { readonly stream: string; readonly level?: LineLevel }, line: string): void {
    if (this.#file === undefined) return;
    const { sessionId } = this;
    const json = `${JSON.stringify({ '@timestamp': this.#now(), ...about, ...(sessionId !== null && { session_id: sessionId }), line })}\n`;
    const bytes = Buffer.byteLength(json);
    try {
      if (this.#fileBytes + bytes > (this.#options.mostFileBytes ?? MOST_FILE_BYTES)) {
        renameSync(this.#file, `${this.#file}.1`);
        this.#fileBytes = 0;
      }
      appendFileSync(this.#file, json);
      this.#fileBytes += bytes;
    } catch {
      // A full disk must not end a session; the line stands on stderr.
    }
  }

  /** One line, without secrets. */
  #clean(text: string): string {
    return this.#masked(text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim());
  }

  #masked(text: string): string {
    let masked = text;
    for (const secret of this.#secrets) masked = masked.replaceAll(secret, '***');
    return masked;
  }

  #now(): string {
    return new Date(this.#options.wall.epochMs()).toISOString();
  }
}

/** As PIPECAT_LOG_LEVEL says; what it does not know counts as not given. */
export function logLevel(text: string | undefined): LogLevel {
  const wanted = text?.trim().toUpperCase();
  return LEVELS.find((level) => level === wanted) ?? 'DEBUG';
}
