/**
 * Whole runs for tests, through the composition root. The runs of a test file share one machinery, and all files one
 * cache, so that each sentence is synthesised once; what a run leaves is given as values and as the bytes of its files.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeWav } from '../audio/wav.ts';
import { systemWallClock } from '../clock/wall-clock.ts';
import { loadCase } from '../compose/load-case.ts';
import { type Machinery, openMachinery } from '../compose/machinery.ts';
import { runCase, type RunOptions } from '../compose/run-case.ts';
import { tracksOf } from '../compose/tracks.ts';
import type { BottalkEvent, EventOf, EventType } from '../events/event.ts';
import { toJsonLine } from '../events/jsonl.ts';
import { foldAll } from '../metrics/run-fold.ts';
import { metricsJson } from '../report/json-report.ts';
import { Recorder } from '../room/recorder.ts';
import type { Ending } from '../run/conversation.ts';
import { parseScenario, type ScenarioOptions } from '../scenarios/load.ts';
import type { Case } from '../scenarios/scenario.ts';
import { sharedCache } from './shared-cache.ts';

const ROOT = join(import.meta.dirname, '../..');
export const SHIPPED = ['sales', 'support', 'discovery', 'quickstart', 'interruptions'] as const;

export function shippedFile(name: string): string {
  return join(ROOT, 'scenarios', `${name}.yaml`);
}

/** A shipped scenario, ready to run. */
export function shipped(name: (typeof SHIPPED)[number], seed: number): Promise<Case> {
  return loadCase(shippedFile(name), { seed });
}

/** A case from YAML text; agents without a voice get clara and ross. */
export function caseOf(text: string, options: Pick<ScenarioOptions, 'seed' | 'variables' | 'maxTurns'> = {}): Case {
  return parseScenario(text, 'test.yaml', { ...options, defaultVoices: ['clara', 'ross'] });
}

export type WholeRun = {
  /** Undefined if the run threw. */
  readonly ending: Ending | undefined;
  readonly thrown: unknown;
  readonly events: readonly BottalkEvent[];
  /** Left: who goes first. */
  readonly tracks: readonly [Int16Array, Int16Array];
  /** As events.jsonl, audio.wav and metrics.json hold them. */
  readonly files: { readonly events: string; readonly audio: Uint8Array; readonly metrics: string };
};

export type WholeRunOptions = Partial<Pick<RunOptions, 'pace' | 'signal' | 'processes' | 'elsewhere' | 'link' | 'secrets' | 'patience' | 'prices' | 'budgetUsd' | 'recording' | 'replay'>> & {
  /** Instead of the shared machinery. */
  readonly machinery?: Machinery;
  readonly onEvent?: (event: BottalkEvent) => void;
};

/** A machine that runs many tests at once keeps nobody waiting on purpose. */
export const BUSY = { lagMs: Number.MAX_SAFE_INTEGER } as const;

/** Runs cases on one machinery; close it after the last. */
export class WholeRuns {
  readonly folder = mkdtempSync(join(tmpdir(), 'bottalk-runs-'));
  readonly machinery: Machinery;

  constructor() {
    this.machinery = openMachinery({ wall: systemWallClock, cacheFolder: this.cacheFolder });
  }

  /** Shared with whoever else is told of it. */
  get cacheFolder(): string {
    return sharedCache ?? join(this.folder, 'cache');
  }

  async run(of: Case, { machinery = this.machinery, onEvent, patience, ...options }: WholeRunOptions = {}): Promise<WholeRun> {
    const events: BottalkEvent[] = [];
    const recorder = new Recorder();
    const sinks = [{ event: (event: BottalkEvent) => void events.push(event) }, ...(onEvent ? [{ event: onEvent }] : [])];
    let ending: Ending | undefined;
    let thrown: unknown;
    try {
      const outcome = await runCase(of, { wall: systemWallClock, machinery, recorder, sinks, patience: { ...BUSY, ...patience }, ...options });
      ending = outcome.ending;
      if (outcome.sinkErrors.length > 0) thrown = outcome.sinkErrors[0];
    } catch (error) {
      thrown = error;
    }
    const tracks = tracksOf(of.scenario, recorder);
    const files = { events: events.map(toJsonLine).join(''), audio: encodeWav(tracks), metrics: metricsJson(foldAll(events)) };
    return { ending, thrown, events, tracks, files };
  }

  async close(): Promise<void> {
    await this.machinery.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The events of one type, in order. */
export function eventsOf<T extends EventType>(events: readonly BottalkEvent[], type: T): readonly EventOf<T>[] {
  return events.filter((event): event is EventOf<T> => event.type === type);
}
