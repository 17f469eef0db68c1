/**
 * Whole runs with brains and voices of the world, against servers of this machine that speak their protocols: what the
 * user is shown of one, what it leaves in its folder, and that nothing of it holds a key.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { samplesToMs } from '../../src/audio/format.ts';
import { decodeWav } from '../../src/audio/wav.ts';
import { systemWallClock as wall } from '../../src/clock/wall-clock.ts';
import { recordRun } from '../../src/compose/record-run.ts';
import type { RunOptions } from '../../src/compose/run-case.ts';
import type { Secrets } from '../../src/compose/secrets.ts';
import type { BottalkEvent } from '../../src/events/event.ts';
import { toJsonLine } from '../../src/events/jsonl.ts';
import { RunFold } from '../../src/metrics/run-fold.ts';
import { type InvalidReason, invalidReasons } from '../../src/metrics/validity.ts';
import { plainConsole } from '../../src/report/plain-console.ts';
import { summaryText } from '../../src/report/summary.ts';
import type { Ending } from '../../src/run/conversation.ts';
import { type ChatServer, type ChatTurn, openChatServer } from '../../src/testing/chat-server.ts';
import { ElevenLabsServer } from '../../src/testing/eleven-labs/eleven-labs-server.ts';
import { sharedCache } from '../../src/testing/shared-cache.ts';
import { BUSY, caseOf } from '../../src/testing/whole-run.ts';

/** Two agents who know nothing but a prompt and have the world speak for them. */
export const LIVE_SCENARIO = `
title: Live
turn: { profile: responsive }
max_duration: 40s
agents:
  - { name: Sarah, prompt: You are Sarah., voice: { elevenlabs: rachel }, llm: { provider: openai }, tts: { provider: elevenlabs } }
  - { name: Mike, prompt: You are Mike., voice: { elevenlabs: josh }, llm: { provider: openai }, tts: { provider: elevenlabs } }
`;

/** Sarah greets and, once she was answered, says goodbye; Mike agrees to everything. */
export function talk(turn: ChatTurn): void {
  const { messages } = turn.body;
  if (messages[0]?.content?.startsWith('You are Mike')) return turn.answer('Sure, go ahead.');
  if (!messages.some(({ role }) => role === 'user')) return turn.answer('Hello, this is Sarah. Do you have a minute?');
  turn.begin().say('That is all. ').say('Thank you and goodbye.');
  turn.delta({ tool_calls: [{ index: 0, id: 'call-1', type: 'function', function: { name: 'end_conversation', arguments: '{}' } }] });
  turn.finish('tool_calls');
}

/** What the user gets of a run. */
export type Seen = {
  /** Undefined if the run threw. */
  readonly ending: Ending | undefined;
  readonly thrown: Error | undefined;
  readonly events: readonly BottalkEvent[];
  /** Lines of the plain console, and of the summary that comes after them. Addresses are HOST there. */
  readonly lines: readonly string[];
  readonly summary: string;
  readonly invalid: readonly InvalidReason[];
  /** The names of the files that it left, and what is wrong with them. */
  readonly files: readonly string[];
  readonly faults: readonly string[];
};

export type LiveRunOptions = Partial<Pick<RunOptions, 'patience' | 'signal' | 'secrets' | 'prices' | 'budgetUsd'>> & {
  readonly scenario?: string;
  readonly onEvent?: (event: BottalkEvent) => void;
};

export class LiveRuns {
  readonly #root = mkdtempSync(join(tmpdir(), 'bottalk-live-'));
  #count = 0;
  chat: ChatServer;
  voices: ElevenLabsServer;
  /** Answers the requests for text. */
  onTurn: (turn: ChatTurn, count: number) => void = talk;

  static async open(): Promise<LiveRuns> {
    const runs: LiveRuns = new LiveRuns(await openChatServer((turn) => runs.onTurn(turn, runs.chat.turns.length)), await ElevenLabsServer.start());
    return runs;
  }

  private constructor(chat: ChatServer, voices: ElevenLabsServer) {
    this.chat = chat;
    this.voices = voices;
  }

  get secrets(): Secrets {
    return {
      OPENAI_API_KEY: 'sk-loopback-key-of-the-brain',
      OPENAI_BASE_URL: this.chat.baseUrl,
      ELEVENLABS_API_KEY: this.voices.apiKey,
      ELEVENLABS_BASE_URL: this.voices.baseUrl,
    };
  }

  async run({ scenario = LIVE_SCENARIO, secrets = this.secrets, patience, onEvent = () => undefined, ...options }: LiveRunOptions = {}): Promise<Seen> {
    const folder = join(this.#root, String(++this.#count));
    const events: BottalkEvent[] = [];
    const fold = new RunFold();
    let output = '';
    let ending: Ending | undefined;
    let thrown: unknown;
    const shown = plainConsole({ write: (text) => (output += text), colour: false, columns: 250 });
    const sinks = [{ event: (event: BottalkEvent) => void events.push(event) }, fold, shown, { event: onEvent }];
    const onWarning = (text: string): void => void (output += `warning: ${text}\n`);
    try {
      const base = { wall, version: 'test', cacheFolder: sharedCache ?? join(this.#root, 'cache'), modelFolder: join(this.#root, 'models') };
      const run = { ...base, folder, sinks, secrets, onWarning, patience: { ...BUSY, ...patience }, ...options };
      ({ ending, failure: thrown } = await recordRun(caseOf(scenario), run));
    } catch (error) {
      thrown = error;
    }
    const summary = summaryText(fold, { colour: false });
    const written = existsSync(folder) ? readdirSync(folder).toSorted() : [];
    const texts = [output, summary, String(thrown), JSON.stringify(thrown ?? null), ...written.map((name) => readFileSync(join(folder, name), 'latin1'))];
    const query = URL.parse(secrets.OPENAI_BASE_URL ?? '')?.search.slice(1);
    const keys = [secrets.OPENAI_API_KEY, secrets.ELEVENLABS_API_KEY, query].filter((key): key is string => Boolean(key));
    const leaks = keys.some((key) => texts.some((text) => text.includes(key))) ? ['a key shows'] : [];
    const faults = [...leaks, ...(written.length > 0 ? folderFaults(folder, events) : [])];
    if (thrown !== undefined) ending = undefined;
    const lines = output.split('\n').map(plain);
    return { ending, thrown: thrown as Error | undefined, events, lines, summary, invalid: invalidReasons(fold), files: written, faults };
  }

  /** Opens the chat server again where it was. */
  async reopenChat(): Promise<void> {
    const port = Number(new URL(this.chat.baseUrl).port);
    this.chat = await openChatServer((turn) => this.onTurn(turn, this.chat.turns.length), { port });
  }

  async close(): Promise<void> {
    await this.chat.close();
    await this.voices.close();
    rmSync(this.#root, { recursive: true, force: true });
  }
}

/** A line without its time and with single blanks. */
function plain(line: string): string {
  return line.replaceAll(/127\.0\.0\.1:\d+/g, 'HOST').replace(/^ *[\d:.]+ {2}/, '').replace(/ {2,}/, ' ').trim();
}

/** What is missing of a run's folder. */
function folderFaults(folder: string, events: readonly BottalkEvent[]): string[] {
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const faults: string[] = [];
  if (text('events.jsonl') !== events.map(toJsonLine).join('')) faults.push('events.jsonl is not what happened');
  if (events.length > 0 && events.at(-1)?.type !== 'run.ended') faults.push('the log has no end');
  const spokeMs = Math.max(0, ...events.map((event) => (event.type === 'wire.speech_stopped' ? event.endMs : 0)));
  const soundMs = samplesToMs(decodeWav(readFileSync(join(folder, 'audio.wav')))?.tracks[0]?.length ?? 0);
  if (soundMs < spokeMs) faults.push(`audio.wav holds ${soundMs} ms of ${spokeMs}`);
  JSON.parse(text('metrics.json'));
  const about = JSON.parse(text('run.json')) as { readonly ended_by: string; readonly reason?: string };
  const last = events.at(-1);
  if (last?.type === 'run.ended' && (about.ended_by !== last.endedBy || about.reason !== last.reason)) faults.push('run.json does not say how it ended');
  return faults;
}
