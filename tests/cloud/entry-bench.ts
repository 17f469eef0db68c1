/** The entry in this process, on a wall clock that stands still, with sessions whose course a test decides. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EntryLog } from '../../src/cloud/entry/entry-log.ts';
import { type Entry, openEntry } from '../../src/cloud/entry/entry.ts';
import { entrySettings } from '../../src/cloud/entry/entry-settings.ts';
import type { SessionEnd, SessionTies } from '../../src/cloud/entry/session-slot.ts';
import type { Ending } from '../../src/run/conversation.ts';
import { ManualWallClock } from '../../src/testing/manual-wall-clock.ts';

type Headers = Readonly<Record<string, string>>;

export type BenchSession = { readonly ties: SessionTies; readonly end: (end?: SessionEnd) => void };

export class EntryBench {
  readonly wall = new ManualWallClock();
  readonly folder = mkdtempSync(join(tmpdir(), 'bottalk-entry-'));
  readonly sessions: BenchSession[] = [];
  /** What each session was stopped for. */
  readonly stops: Ending[] = [];
  lines = '';
  isOver = false;
  /** A session that is told to stop ends by itself. */
  obeys = true;
  #entry: Entry | undefined;
  #begun: (() => void) | undefined;

  static async open(env: Readonly<Record<string, string>> = {}): Promise<EntryBench> {
    const bench = new EntryBench();
    const { wall, folder } = bench;
    const settings = entrySettings({ PORT: '0', ...env });
    const log = new EntryLog({ wall, write: (text) => void (bench.lines += text), level: settings.level, folder });
    const hold = (ties: SessionTies): Promise<SessionEnd> => bench.#hold(ties);
    bench.#entry = await openEntry({ wall, settings, log, host: '127.0.0.1', hold, warmUp: async () => undefined, sidecarFolder: folder });
    void bench.entry.over.then(() => (bench.isOver = true));
    return bench;
  }

  get entry(): Entry {
    if (!this.#entry) throw new Error('it is not open');
    return this.#entry;
  }

  get url(): string {
    return `http://127.0.0.1:${this.entry.port}`;
  }

  get jsonLines(): readonly Readonly<Record<string, string>>[] {
    return readFileSync(join(this.folder, 'bot.jsonl'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, string>);
  }

  get(path: string, method = 'GET'): Promise<Response> {
    return fetch(`${this.url}${path}`, { method });
  }

  post(body: unknown = ORDER, headers: Headers = {}): Promise<Response> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return fetch(`${this.url}/bot`, { method: 'POST', body: text, headers: { 'content-type': 'application/json', ...headers } });
  }

  /** Posts, and resolves when the session has begun. */
  async begin(body: unknown = ORDER, headers: Headers = {}): Promise<BenchSession & { readonly answer: Promise<Response> }> {
    const begun = new Promise<void>((resolve) => (this.#begun = resolve));
    const answer = this.post(body, headers);
    await Promise.race([begun, answer.catch(() => undefined)]);
    const session = this.sessions.at(-1);
    if (!session) throw new Error(`no session began: ${await (await answer).text()}`);
    return { ...session, answer };
  }

  async close(): Promise<void> {
    this.obeys = true;
    for (const { end } of this.sessions) end();
    this.entry.drain();
    await this.entry.over;
    rmSync(this.folder, { recursive: true, force: true });
  }

  #hold(ties: SessionTies): Promise<SessionEnd> {
    const over = Promise.withResolvers<SessionEnd>();
    const end = (how: SessionEnd = { held: true }): void => over.resolve(how);
    ties.signal.addEventListener('abort', () => {
      this.stops.push(ties.signal.reason as Ending);
      if (this.obeys) end();
    });
    this.sessions.push({ ties, end });
    this.#begun?.();
    return over.promise;
  }
}

/** What bottalk's Python agents are sent. */
export const ORDER = { room_url: 'https://bottalk-test.daily.co/room', token: 'a-token-for-the-room', name: 'Sarah', goes_first: true, known_agents: ['Sarah', 'Mike'], max_turns: 3 };
