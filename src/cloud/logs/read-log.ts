/**
 * An agent's log, each line once: what is there, and what comes while somebody follows. Pipecat Cloud gives pages of a log
 * that goes on growing and lines of one instant in any order, so a stretch is read again and what is known is left out.
 */
import { ProviderError } from '../../base/errors.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { LogLine, LogPage } from '../api/agent-answers.ts';
import type { LogQuery } from '../api/agents.ts';
import type { PipecatCloud } from '../api/pipecat-cloud.ts';

export type LogWish = {
  readonly agent: string;
  readonly sessionId?: string | undefined;
  /** Nothing older, in milliseconds since the epoch. */
  readonly sinceMs?: number | undefined;
};

export type FollowOptions = {
  readonly cloud: PipecatCloud;
  readonly wall: WallClock;
  readonly signal: AbortSignal;
  readonly onLines: (lines: readonly LogLine[]) => void;
  readonly onTrouble: (line: string) => void;
  readonly pollMs?: number;
};

const PAGE_LINES = 100;
const POLL_MS = 2_000;
/** How late a line may come to the log behind others that are younger. */
const LATENESS_MS = 30_000;
/** A log that grows at its old end while it is read is read again, but not for ever. */
const READINGS = 3;
const MOST_FAILED_IN_A_ROW = 5;

/** The newest lines, the oldest of them first. */
export async function newestLines(cloud: PipecatCloud, wish: LogWish, limit: number, signal: AbortSignal): Promise<readonly LogLine[]> {
  const lines: LogLine[] = [];
  while (lines.length < limit) {
    const wanted = Math.min(PAGE_LINES, limit - lines.length);
    const page = await cloud.agents.logs(wish.agent, { ...queryOf(wish), order: 'desc', limit: wanted, offset: lines.length }, signal);
    lines.push(...page.logs);
    if (isLast(page, { fresh: page.logs.length, read: lines.length })) break;
  }
  return lines.toReversed().filter((line) => isYoungEnough(line, wish));
}

/**
 * Gives every line that comes after those that are known, until the signal aborts; then it resolves. Lines of one poll come
 * in their order. Rejects with a ProviderError when Pipecat Cloud cannot be asked five times in a row, or refuses.
 */
export async function followLog(wish: LogWish, known: readonly LogLine[], options: FollowOptions): Promise<void> {
  const { cloud, wall, signal, onLines, onTrouble, pollMs = POLL_MS } = options;
  const told = new ToldLines(known);
  // What came before the first look is no news; what comes late after it is.
  const beganMs = Math.max(wish.sinceMs ?? 0, ...(known.length > 0 ? [atMs(known[0])] : wish.sinceMs === undefined ? [wall.epochMs() - LATENESS_MS] : []));
  for (let failed = 0; !signal.aborted; ) {
    try {
      const fromMs = Math.max(beganMs, told.newestMs - LATENESS_MS);
      const fresh = told.without(await stretch(cloud, { ...wish, sinceMs: fromMs }, signal));
      failed = 0;
      if (fresh.length > 0) onLines(fresh);
      told.forgetBefore(fromMs);
      await wall.sleep(pollMs, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ProviderError) || !error.retryable || ++failed >= MOST_FAILED_IN_A_ROW) throw error;
      onTrouble(`${error.message}; going on`);
    }
  }
}

/** Everything from a moment on, the oldest first. Read again where the log grew anywhere but at its end meanwhile. */
async function stretch(cloud: PipecatCloud, wish: LogWish, signal: AbortSignal): Promise<readonly LogLine[]> {
  for (let reading = 1; ; reading++) {
    const lines: LogLine[] = [];
    let grew = false;
    for (;;) {
      // One line of the page before comes again, to see whether the pages still fit together.
      const offset = Math.max(0, lines.length - 1);
      const page = await cloud.agents.logs(wish.agent, { ...queryOf(wish), order: 'asc', limit: PAGE_LINES, offset }, signal);
      const last = lines.at(-1);
      grew ||= last !== undefined && page.logs[0] !== undefined && keyOf(page.logs[0]) !== keyOf(last);
      const fresh = page.logs.slice(lines.length - offset);
      lines.push(...fresh);
      if (isLast(page, { fresh: fresh.length, read: lines.length })) break;
    }
    if (!grew || reading === READINGS) return lines.filter((line) => isYoungEnough(line, wish));
  }
}

/** Whether a page is the last. That it holds fewer lines than were asked for says nothing: a server may give less at once. */
function isLast({ total }: LogPage, { fresh, read }: { readonly fresh: number; readonly read: number }): boolean {
  return fresh === 0 || (total?.relation === 'eq' && read >= total.value);
}

/** Which lines were told, as often as they were: the same text may well be written twice in one instant. */
class ToldLines {
  newestMs = 0;
  readonly #told = new Map<string, { count: number; readonly atMs: number }>();

  constructor(lines: readonly LogLine[]) {
    this.#add(lines);
  }

  /** What of these was not told yet; it counts as told from now on. */
  without(lines: readonly LogLine[]): readonly LogLine[] {
    const seen = new Map<string, number>();
    const fresh = lines.filter((line) => {
      const key = keyOf(line);
      const count = (seen.get(key) ?? 0) + 1;
      seen.set(key, count);
      return count > (this.#told.get(key)?.count ?? 0);
    });
    this.#add(fresh);
    return fresh;
  }

  forgetBefore(ms: number): void {
    for (const [key, { atMs: toldMs }] of this.#told) if (toldMs < ms) this.#told.delete(key);
  }

  #add(lines: readonly LogLine[]): void {
    for (const line of lines) {
      const key = keyOf(line);
      const known = this.#told.get(key);
      if (known) known.count += 1;
      else this.#told.set(key, { count: 1, atMs: atMs(line) });
      this.newestMs = Math.max(this.newestMs, atMs(line));
    }
  }
}

function queryOf({ sessionId, sinceMs }: LogWish): LogQuery {
  // The interface knows whole seconds only.
  return { ...(sessionId === undefined ? {} : { sessionId }), ...(sinceMs === undefined ? {} : { startTime: Math.floor(sinceMs / 1000) }) };
}

function isYoungEnough(line: LogLine, { sinceMs }: LogWish): boolean {
  return sinceMs === undefined || atMs(line) >= sinceMs;
}

/** A line whose moment cannot be read counts as the oldest of all. */
function atMs(line: LogLine | undefined): number {
  const ms = Date.parse(line?.timestamp ?? '');
  return Number.isNaN(ms) ? 0 : ms;
}

function keyOf({ timestamp, deploymentId, log }: LogLine): string {
  return `${timestamp} ${deploymentId ?? ''} ${log}`;
}
