/**
 * Calls between two entries in a room of the stand-in for Daily: brains, voices and transcription are servers of this
 * process, and each session is asked for and answered as Pipecat Cloud does it. Tells how well each call went.
 */
import type { Lag } from '../src/clock/lag-watch.ts';
import { systemWallClock as wall } from '../src/clock/wall-clock.ts';
import { ToldReader } from '../src/cloud/told-reader.ts';
import type { NewEvent } from '../src/events/event.ts';
import { DailyRest } from '../src/providers/daily/rest.ts';
import { newRoom } from '../src/providers/daily/room.ts';
import { FakeDaily } from '../src/testing/daily/fake-daily.ts';
import type { ReceivedSound } from '../src/testing/daily/signals.ts';
import type { EntryProcess } from '../src/testing/entry-process.ts';
import { liveDialogue, type LiveWorld, openLiveWorld } from './live-world.ts';
import { RoomTranscriber } from './room-transcriber.ts';

/** The dialogue of the benchmark; its servers speak 20 characters a second. */
const DIALOGUE = 7;
const LOOK_EVERY_MS = 500;
const LONGEST_MS = 240_000;

/** One agent's side of a call. Times in milliseconds; null is unknown. */
export type SideFigures = {
  readonly agent: string;
  /** Of POST /bot. */
  readonly status: number;
  /** From that request until everybody in the room could see the agent. */
  readonly joinedAfterMs: number;
  readonly turns: number;
  readonly endedBy: string | null;
  /** As the peer's sound and its own were heard in this agent's seat. */
  readonly responseLatency: Average;
  /** Of its brain and its voice, on average. */
  readonly firstToken: number | null;
  readonly firstByte: number | null;
  /** How much of the peer's sound came too late to be played, as a share. */
  readonly concealed: number;
  /** How far this process was behind while it waited for an answer of the world, if it said so. */
  readonly lag: Lag | undefined;
  /** Warnings and errors of its log. */
  readonly complaints: readonly string[];
};

export type CallFigures = { readonly callSecs: number; readonly sides: readonly [SideFigures, SideFigures] };

export class EntryCalls {
  readonly #daily: FakeDaily;
  readonly #world: LiveWorld;
  #isOpen = true;

  static async open(): Promise<EntryCalls> {
    return new EntryCalls(await FakeDaily.start(), await openLiveWorld({ lines: liveDialogue(DIALOGUE).lines }));
  }

  private constructor(daily: FakeDaily, world: LiveWorld) {
    this.#daily = daily;
    this.#world = world;
  }

  /** What an entry needs to find this world. */
  get env(): Readonly<Record<string, string>> {
    return { ...(this.#world.secrets as Record<string, string>), DAILY_CALL_MACHINE_URL: this.#daily.callMachineFolder };
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#daily.close();
    await this.#world.close();
  }

  /** The first entry's agent greets and hangs up. `onTalking` is called when both are in the room. */
  async hold(entries: readonly [EntryProcess, EntryProcess], onTalking: () => void = () => undefined): Promise<CallFigures> {
    const { scenario } = liveDialogue(DIALOGUE).of;
    const rest = new DailyRest({ wall, apiKey: this.#daily.apiKey, baseUrl: this.#daily.restUrl });
    const own = await newRoom({ rest, wall });
    const { room } = this.#daily;
    await own.startTranscription();
    const transcriber = new RoomTranscriber(room);
    const readers = scenario.agents.map(({ name }) => told(name, (event) => transcriber.told(event)));
    const send = room.appMessage.bind(room);
    room.appMessage = (message) => {
      for (const reader of readers) reader.take(message.data);
      send(message);
    };
    const seats = entries.map((entry, order) => new Side({ entry, order, name: scenario.agents[order]?.name ?? '' }));
    const limit = new AbortController();
    const endLimit = wall.after(LONGEST_MS, () => limit.abort());
    let hasBegun = false;
    let begunMs = wall.nowMs();
    const stopLooking = wall.every(LOOK_EVERY_MS / 10, () => {
      const { names } = room;
      for (const seat of seats) seat.look(names, (name) => room.receivedBy(name));
      if (hasBegun || names.length < 2) return;
      hasBegun = true;
      begunMs = wall.nowMs();
      onTalking();
    });
    try {
      await Promise.all(
        seats.map(async (seat) => {
          const token = await own.tokenFor(seat.name);
          await seat.post({ room_url: own.url, token, scenario_agent: { scenario, order: seat.order, tell: 'events' } }, limit.signal);
        }),
      );
      const callSecs = (wall.nowMs() - begunMs) / 1000;
      const [first, second] = await Promise.all(seats.map((seat, i) => seat.figures(readers[i]?.lag())));
      return { callSecs, sides: [first as SideFigures, second as SideFigures] };
    } finally {
      stopLooking();
      endLimit();
      transcriber.close();
      await own.end();
    }
  }
}

/** One entry in one call. */
class Side {
  readonly name: string;
  readonly order: number;
  readonly #entry: EntryProcess;
  readonly #linesBefore: number;
  #postedMs = 0;
  #joinedMs: number | undefined;
  #received: ReceivedSound | undefined;
  #lookedMs = 0;
  #status = 0;

  constructor({ entry, order, name }: { readonly entry: EntryProcess; readonly order: number; readonly name: string }) {
    this.#entry = entry;
    this.order = order;
    this.name = name;
    this.#linesBefore = entry.lines.length;
  }

  async post(body: unknown, signal: AbortSignal): Promise<void> {
    this.#postedMs = wall.nowMs();
    const headers = { 'content-type': 'application/json', 'x-daily-session-id': `of-${this.name}` };
    const answer = await fetch(`${this.#entry.url}/bot`, { method: 'POST', headers, body: JSON.stringify(body), signal });
    this.#status = answer.status;
  }

  look(names: readonly string[], receivedBy: (name: string) => ReceivedSound | undefined): void {
    if (!names.includes(this.name)) return;
    const nowMs = wall.nowMs();
    this.#joinedMs ??= nowMs;
    if (nowMs - this.#lookedMs < LOOK_EVERY_MS) return;
    this.#lookedMs = nowMs;
    this.#received = receivedBy(this.name) ?? this.#received;
  }

  async figures(lag: Lag | undefined): Promise<SideFigures> {
    const { timeseries, kpis } = (await (await fetch(`${this.#entry.url}/metrics`)).json()) as SessionAnswer;
    const { samples, concealed } = this.#received ?? { samples: 0, concealed: 0 };
    return {
      agent: this.name,
      status: this.#status,
      joinedAfterMs: (this.#joinedMs ?? Number.NaN) - this.#postedMs,
      turns: kpis.turns,
      endedBy: kpis.ended_by,
      responseLatency: kpis.response_latency,
      firstToken: mean(timeseries.map(({ ttft }) => ttft)),
      firstByte: mean(timeseries.map(({ tts_ttfb: ttfb }) => ttfb)),
      concealed: concealed / Math.max(1, samples),
      lag,
      complaints: this.#entry.lines.slice(this.#linesBefore).filter((line) => /\| (?:WARNING|ERROR) /.test(line)),
    };
  }
}

type Average = { readonly avg: number | null; readonly p95: number | null };
type SessionAnswer = {
  readonly timeseries: readonly { readonly ttft: number | null; readonly tts_ttfb: number | null }[];
  readonly kpis: { readonly turns: number; readonly ended_by: string | null; readonly response_latency: Average };
};

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** What one agent tells the room of itself. */
function told(agent: string, onEvent: (event: NewEvent) => void): { readonly take: (data: unknown) => void; readonly lag: () => Lag | undefined } {
  let lag: Lag | undefined;
  const reader = new ToldReader({
    agent,
    nowMs: () => wall.nowMs(),
    onNews: (news) => {
      if (news.is !== 'event') return;
      if (news.event.type === 'timing.lagged') lag = news.event;
      onEvent(news.event);
    },
    onMissing: () => undefined,
    onLost: () => undefined,
  });
  return { take: (data) => void reader.take(data, agent), lag: () => lag };
}
