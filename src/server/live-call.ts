/**
 * One call of the server, from its making to its folder: told to a feed as it happens, heard by whoever listens, halted
 * and hurried by whoever watches. It never waits for any of them.
 */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { reasonOf, UsageError } from '../base/errors.ts';
import { Pace } from '../clock/pace.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import { rowsFor } from '../compose/money.ts';
import { recordRun, type RecordedRun, type RecordOptions } from '../compose/record-run.ts';
import type { Secrets } from '../compose/secrets.ts';
import { writeRunReport } from '../compose/write-report.ts';
import type { BottalkEvent } from '../events/event.ts';
import { ClosedRecords } from '../metrics/closed-records.ts';
import { EarlyChecks } from '../metrics/checks/early-checks.ts';
import type { LatencyRecord } from '../metrics/latency-record.ts';
import { doubted, recordingFaults } from '../metrics/recording-check.ts';
import { metricsOf } from '../metrics/run-metrics.ts';
import { AUDIO_FILE, clearOldRuns, newRunFolder, REPORT_FILE } from '../run/run-folder.ts';
import type { Case } from '../scenarios/scenario.ts';
import type { LiveEnding, LiveRun, ServerMessage, Speed } from '../web/parts/live-messages.ts';
import type { Feed } from './feed.ts';
import { listedAgent, listedExpectations } from './listed.ts';
import { SoundMessages } from './sound-messages.ts';

/** A call that can be held as it is. */
export type PreparedCall = {
  readonly of: Case;
  readonly mode: LiveRun['mode'];
  /** As the list of scenarios names it. */
  readonly scenario: string | null;
  readonly speed: Speed;
  readonly paused: boolean;
};

/** What calls of one server have in common. */
export type CallSurroundings = {
  readonly wall: WallClock;
  readonly version: string;
  readonly secrets: Secrets;
  readonly runsFolder: string;
  readonly cacheFolder: string;
  readonly modelFolder: string;
  /** Everything of the call that lasts. */
  readonly feed: Feed;
  /** What means something only now: sound, and how far call time has come. */
  readonly pass: (message: Uint8Array, options: { readonly binary: boolean }) => void;
  /** A record of a reply that is over, and the order of its agent: 0 goes first. */
  readonly onRecord: (record: LatencyRecord, order: number) => void;
  /** A call ends before it has cost more. */
  readonly budgetUsd: number | undefined;
  readonly onWarning: (text: string) => void;
  readonly patience?: RecordOptions['patience'];
};

export class LiveCall {
  readonly run: LiveRun;
  /** Resolves when its folder is written. */
  readonly over: Promise<LiveEnding>;
  /** Resolves with the address of a room of the world as soon as people can join it, and with undefined if it never came to that. */
  readonly opened: Promise<string | undefined>;
  readonly #surroundings: CallSurroundings;
  readonly #folder: string;
  readonly #pace: Pace;
  readonly #stop = new AbortController();
  #speed: Speed;

  /** Makes its folder and begins. Throws a UsageError if there can be none. `onBegin` is called before anything is told. */
  constructor(number: number, call: PreparedCall, surroundings: CallSurroundings, onBegin: (call: LiveCall) => void) {
    const { wall, runsFolder } = surroundings;
    const { scenario, seed } = call.of;
    const startedEpochMs = wall.epochMs();
    clearOldRuns(runsFolder);
    this.#folder = newRunFolder(runsFolder, { title: scenario.title, startedEpochMs });
    this.#surroundings = surroundings;
    this.#speed = call.speed;
    this.#pace = new Pace({ factor: factorOf(call.speed), paused: call.paused });
    const agents = scenario.agents.toSorted((a, b) => Number(b.goes_first) - Number(a.goes_first));
    this.run = {
      number,
      id: basename(this.#folder),
      title: scenario.title,
      mode: call.mode,
      scenario: call.scenario,
      seed,
      startedEpochMs,
      agents: agents.map((agent) => listedAgent(agent, agent.prompt)),
      expectations: listedExpectations(scenario),
      adjustable: call.mode === 'embedded',
    };
    onBegin(this);
    surroundings.feed.beginAnew();
    this.#tell({ kind: 'run', run: this.run });
    if (this.run.adjustable) this.#tellPace();
    const opened = Promise.withResolvers<string | undefined>();
    this.opened = opened.promise;
    this.over = this.#hold(call.of, opened.resolve).finally(() => opened.resolve(undefined));
  }

  get isOver(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Ends it in order. Resolves when its folder is written. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.over;
  }

  /** Nothing happens to a call that keeps real time, or that is over. */
  setSpeed(speed: Speed): void {
    this.#adjust(() => {
      this.#speed = speed;
      this.#pace.set(factorOf(speed));
    });
  }

  pause(): void {
    this.#adjust(() => this.#pace.pause());
  }

  resume(): void {
    this.#adjust(() => this.#pace.resume());
  }

  #adjust(change: () => void): void {
    if (!this.run.adjustable || this.isOver) return;
    change();
    this.#tellPace();
  }

  async #hold(of: Case, onOpened: (url: string) => void): Promise<LiveEnding> {
    const { run } = this;
    const { feed, pass, onRecord, secrets, wall, version, cacheFolder, modelFolder, onWarning, budgetUsd, patience } = this.#surroundings;
    const records = new ClosedRecords();
    const checks = new EarlyChecks(of.scenario.expect);
    const decided = new Set<number>();
    const event = (event: BottalkEvent): void => {
      feed.append({ kind: 'event', run: run.number, event } satisfies ServerMessage);
      const closed = records.event(event);
      if (closed) onRecord(closed.record, run.agents.findIndex(({ name }) => name === closed.record.agent_name));
      if (event.type === 'room.opened') onOpened(event.url);
      for (const check of checks.event(event, records.fold)) {
        decided.add(check.index);
        this.#tell({ kind: 'check', run: run.number, check });
      }
    };
    const sound = new SoundMessages({
      run: run.number,
      names: run.agents.map(({ name }) => name),
      onSound: (message) => pass(message, { binary: true }),
      onTime: (callMs) => {
        if (this.#speed !== 'max') pass(Buffer.from(JSON.stringify({ kind: 'time', run: run.number, callMs } satisfies ServerMessage)), { binary: false });
      },
    });
    let ending: LiveEnding;
    try {
      const recorded = await recordRun(of, {
        wall,
        version,
        cacheFolder,
        modelFolder,
        folder: this.#folder,
        secrets,
        prices: rowsFor(of.scenario, secrets),
        budgetUsd,
        signal: this.#stop.signal,
        sinks: [{ event }],
        onWarning,
        onSound: (name, frame, tick) => sound.hear(name, frame, tick),
        ...(run.adjustable && { pace: this.#pace }),
        patience,
      });
      await writeRunReport(this.#folder, recorded).catch((error: unknown) => onWarning(textOf(error)));
      ending = this.#endingOf(recorded);
    } catch (error) {
      ending = { endedBy: 'error', reason: reasonOf(error), verdict: 'errored', checks: [], failure: textOf(error), report: null, audio: null };
    }
    sound.finish();
    for (const check of ending.checks) if (!decided.has(check.index)) this.#tell({ kind: 'check', run: run.number, check });
    this.#stop.abort();
    this.#tell({ kind: 'ended', run: run.number, ...ending });
    return ending;
  }

  #endingOf({ fold, tracks, ending, failure }: RecordedRun): LiveEnding {
    const { verdict, checks } = doubted(metricsOf(fold), recordingFaults(fold, tracks));
    const addressOf = (file: string): string | null => (existsSync(join(this.#folder, file)) ? `/runs/${this.run.id}/${file}` : null);
    return {
      endedBy: ending.endedBy,
      reason: ending.reason ?? null,
      verdict: ending.endedBy === 'cancelled' ? 'cancelled' : verdict,
      checks,
      failure: failure === undefined ? null : textOf(failure),
      report: addressOf(REPORT_FILE),
      audio: addressOf(AUDIO_FILE),
    };
  }

  #tellPace(): void {
    this.#tell({ kind: 'pace', run: this.run.number, speed: this.#speed, paused: this.#pace.paused });
  }

  #tell(message: ServerMessage): void {
    this.#surroundings.feed.append(message);
  }
}

function factorOf(speed: Speed): number | undefined {
  return speed === 'max' ? undefined : speed;
}

/** A bug is told of as such, and not with whatever text it has. */
function textOf(error: unknown): string {
  return error instanceof UsageError ? error.message : reasonOf(error);
}
