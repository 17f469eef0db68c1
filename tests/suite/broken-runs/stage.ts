/**
 * Where broken runs are made: real cases through the real runner of test cases, with a fault planted into one part, and
 * with expectations that hold of whatever is there. What comes of each is for the test to judge.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemWallClock as wall } from '../../../src/clock/wall-clock.ts';
import { type Machinery, openMachinery } from '../../../src/compose/machinery.ts';
import type { TestCase } from '../../../src/compose/plan-tests.ts';
import type { RunOptions } from '../../../src/compose/run-case.ts';
import { runTestCase, type TestCaseOptions, type TestJob } from '../../../src/compose/run-test-case.ts';
import type { Secrets } from '../../../src/compose/secrets.ts';
import type { CaseResult } from '../../../src/metrics/case-result.ts';
import type { InvalidReason } from '../../../src/metrics/validity.ts';
import type { Verdict } from '../../../src/metrics/verdict.ts';
import { type ChatServer, type ChatTurn, openChatServer } from '../../../src/testing/chat-server.ts';
import { ElevenLabsServer } from '../../../src/testing/eleven-labs/eleven-labs-server.ts';
import { openTranscriptionServer, type TranscriptionAsked, type TranscriptionServer } from '../../../src/testing/transcription-server.ts';
import { BUSY, caseOf } from '../../../src/testing/whole-run.ts';
import { talk } from '../../live/live-run.ts';

export type Outcome = Pick<CaseResult, 'verdict' | 'invalid' | 'error' | 'checks'>;

export type BrokenRun = {
  readonly name: string;
  /** What it has to come to: why it is invalid (any one of its reasons), or what its error says. */
  readonly comesTo: InvalidReason['code'] | Extract<Verdict, 'cancelled'> | RegExp;
  readonly run: (stage: Stage) => Promise<Outcome>;
};

/** Whoever looks only at what is there finds that all of it holds, whatever is there. */
export const EXPECT = `expect:
  - turns <= 1000
  - interruptions <= 9
  - self_echo <= 0
  - duration <= 10m
`;

/** Ann greets, Ben asks, Ann says goodbye; all of it offline. */
export const CALL = `title: A short call
turn: { profile: responsive }
inactivity: 4s
agents:
  - { name: Ann, prompt: Greet., script: { lines: ["Hello, this is Ann speaking. How can I help you?", { say: "It is nine o'clock. You are welcome, goodbye.", end: true }] } }
  - { name: Ben, prompt: Ask for the time., script: { lines: ["Hi Ann, what is the time, please?"] } }
${EXPECT}`;

/** Two who have the world think and speak for them. */
export const LIVE_CALL = `title: Live
turn: { profile: responsive }
max_duration: 30s
inactivity: 4s
agents:
  - { name: Sarah, prompt: You are Sarah., voice: { elevenlabs: rachel }, llm: { provider: openai }, tts: { provider: elevenlabs } }
  - { name: Mike, prompt: You are Mike., voice: { elevenlabs: josh }, llm: { provider: openai }, tts: { provider: elevenlabs } }
${EXPECT}`;

/** The world's servers are quick here, and so is whoever waits for them. */
const QUICK: NonNullable<RunOptions['patience']> = {
  ...BUSY,
  llm: { attempts: 2, firstRetryWaitMs: 1, longestRetryWaitMs: 5, firstTokenMs: 3000, betweenChunksMs: 3000 },
  judge: { attempts: 2, firstRetryWaitMs: 1, firstTokenMs: 3000 },
  tts: { firstWaitMs: 1, stallMs: 400 },
  stt: { timeoutMs: 3000, attempts: 2, firstWaitMs: 1, longestWaitMs: 5 },
};

export type Machines = Partial<Machinery>;

export type Planted = Partial<Pick<RunOptions, 'link' | 'patience' | 'signal' | 'secrets' | 'prices'>> &
  Partial<Pick<TestCaseOptions, 'timeoutMs' | 'keep'>> &
  Partial<Pick<TestJob, 'folder' | 'budgetUsd'>> & {
    readonly scenario?: string;
    readonly machinery?: Machines;
    readonly cassette?: TestCase['cassette'];
  };

export class Stage {
  readonly root = mkdtempSync(join(tmpdir(), 'bottalk-broken-'));
  readonly machinery = openMachinery({ wall, cacheFolder: join(this.root, 'cache') });
  readonly chat: ChatServer;
  readonly voices: ElevenLabsServer;
  readonly ears: TranscriptionServer;
  onTurn: (turn: ChatTurn, count: number) => void = talk;
  onAsked: (asked: TranscriptionAsked, count: number) => void = (asked) => asked.hear('Well.');
  #runs = 0;
  #turns = 0;
  #asked = 0;

  static async open(): Promise<Stage> {
    const stage: Stage = new Stage(
      await openChatServer((turn) => stage.onTurn(turn, ++stage.#turns)),
      await ElevenLabsServer.start(),
      await openTranscriptionServer((asked) => stage.onAsked(asked, ++stage.#asked)),
    );
    return stage;
  }

  private constructor(chat: ChatServer, voices: ElevenLabsServer, ears: TranscriptionServer) {
    this.chat = chat;
    this.voices = voices;
    this.ears = ears;
  }

  get secrets(): Secrets {
    return { OPENAI_API_KEY: 'sk-loopback', OPENAI_BASE_URL: this.chat.baseUrl, ELEVENLABS_API_KEY: this.voices.apiKey, ELEVENLABS_BASE_URL: this.voices.baseUrl };
  }

  /** The world is as it should be again, and counts from 1. */
  reset(): void {
    Object.assign(this, { onTurn: talk, onAsked: (asked: TranscriptionAsked) => asked.hear('Well.') });
    Object.assign(this.voices, { plan: {}, deaf: false });
    this.voices.plans.length = 0;
    this.voices.refusals.length = 0;
    this.#turns = 0;
    this.#asked = 0;
  }

  /** A folder that does not exist yet. */
  newFolder(): string {
    return join(this.root, `run-${++this.#runs}`);
  }

  async run({ scenario = CALL, folder = this.newFolder(), machinery, cassette, budgetUsd, ...planted }: Planted = {}): Promise<CaseResult> {
    const planned: TestCase = { id: 'broken.yaml @1', of: caseOf(scenario), ...(cassette && { cassette }) };
    const options = {
      wall,
      version: 'test',
      keep: 'none',
      timeoutMs: 60_000,
      secrets: this.secrets,
      ...planted,
      machinery: { ...this.machinery, ...machinery },
      patience: { ...QUICK, ...planted.patience },
    } as const;
    return (await runTestCase({ planned, folder, ...(budgetUsd !== undefined && { budgetUsd }) }, options)).result;
  }

  /** A live call. */
  live(planted: Planted = {}): Promise<CaseResult> {
    return this.run({ scenario: LIVE_CALL, ...planted });
  }

  async close(): Promise<void> {
    await this.machinery.close();
    await Promise.all([this.chat.close(), this.voices.close(), this.ears.close()]);
    rmSync(this.root, { recursive: true, force: true });
  }
}
