/**
 * bottalk as a library: load a scenario, run it, read what happened.
 *
 *     import { expectRun, loadScenario, runScenario } from 'bottalk';
 *     const run = await runScenario(await loadScenario('scenarios/sales.yaml', { seed: 7 }));
 *     expectRun(run).toHold('response_latency p50 <= 1200ms for Sarah', { contains: 'refund', by: 'Sarah' });
 */
import { cacheFolder as defaultCacheFolder } from './base/cache-folder.ts';
import { UsageError } from './base/errors.ts';
import { packageVersion } from './base/version.ts';
import { writeWhole } from './base/write-whole.ts';
import { systemWallClock } from './clock/wall-clock.ts';
import { modelFolder } from './compose/cache-folders.ts';
import { openMachinery } from './compose/machinery.ts';
import { openCassette } from './compose/open-cassette.ts';
import { runCase } from './compose/run-case.ts';
import { readSecrets } from './compose/secrets.ts';
import { tracksOf } from './compose/tracks.ts';
import type { BottalkEvent, EndedBy } from './events/event.ts';
import { foldAll } from './metrics/run-fold.ts';
import { type RunMetrics, runMetrics } from './metrics/run-metrics.ts';
import { endedWell } from './metrics/validity.ts';
import { cassetteText } from './providers/cassette/cassette-text.ts';
import { type CassetteMode, Playback } from './providers/cassette/playback.ts';
import { Recording } from './providers/cassette/recording.ts';
import { Recorder } from './room/recorder.ts';
import type { Case } from './scenarios/scenario.ts';

export { MismatchError, ProviderError, UsageError } from './base/errors.ts';
export { type ExpectedRun, expectRun } from './compose/expect-run.ts';
export { type CaseOptions, loadCase as loadScenario } from './compose/load-case.ts';
export type { BottalkEvent, EndedBy, EventOf, EventType } from './events/event.ts';
export type { CassetteMode } from './providers/cassette/playback.ts';
export type { RunMetrics } from './metrics/run-metrics.ts';
export type { Expectation } from './scenarios/expect-schema.ts';
export type { ProviderNames, ProviderWishes } from './scenarios/provider-wishes.ts';
export type { Case, Scenario } from './scenarios/scenario.ts';

if (Number(process.versions.node.split('.')[0]) < 24) throw new UsageError(`bottalk needs Node 24 or newer, this is ${process.version}`);

export type RunScenarioOptions = {
  /** Call seconds per wall second; as fast as possible if not given. Changes no byte of the result. */
  readonly pace?: number;
  /** Where speech and VAD tracks are kept; null keeps nothing. Default: the cache of the command line. */
  readonly cacheFolder?: string | null;
  /** SmartTurn asked for and not there is a UsageError, not a warning. */
  readonly strict?: boolean;
  /** Where keys and addresses of providers come from, before `.env.local` in the working folder. Default: process.env. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /**
   * A recorded call that is played instead of asking the world: a file, or the folder of a run. The case has to have the
   * providers, variables and turns that were recorded: `loadScenario(file, { providers, variables, maxTurns })`.
   */
  readonly cassette?: string;
  /** Default: strict. What is new in a refreshed cassette is added to its file if the call ended well. */
  readonly cassetteMode?: CassetteMode;
  /** The file that all traffic with the world is recorded to, also when the run fails. */
  readonly record?: string;
  /** Ends the call as `cancelled`. */
  readonly signal?: AbortSignal;
  /** Shown every event as it happens. */
  readonly onEvent?: (event: BottalkEvent) => void;
};

export type ScenarioRun = {
  readonly endedBy: EndedBy;
  /** Everything that happened, in order. */
  readonly events: readonly BottalkEvent[];
  /** What metrics.json holds. */
  readonly metrics: RunMetrics;
  /** 16 kHz mono, what each agent said; the one that went first comes first. */
  readonly tracks: readonly [Int16Array, Int16Array];
};

/**
 * Runs one case to its end. Throws a UsageError for what the caller can fix, a ProviderError when the world failed and
 * a MismatchError when a cassette does not hold what was asked.
 */
export async function runScenario(of: Case, options: RunScenarioOptions = {}): Promise<ScenarioRun> {
  const { pace, strict, signal, onEvent, cassette, cassetteMode = 'strict', record, env = process.env } = options;
  const secrets = readSecrets('.', env);
  const opened = cassette === undefined ? undefined : await openCassette(cassette);
  const replay = opened && new Playback(opened.cassette, cassetteMode);
  const recording = record !== undefined || cassetteMode === 'refresh' ? new Recording({ version: packageVersion() }) : undefined;
  const cache = options.cacheFolder === undefined ? defaultCacheFolder(process.env) : (options.cacheFolder ?? undefined);
  const machinery = openMachinery({ wall: systemWallClock, cacheFolder: cache, modelFolder: cache === undefined ? undefined : modelFolder(cache) });
  const events: BottalkEvent[] = [];
  const recorder = new Recorder();
  try {
    const { ending, sinkErrors } = await runCase(of, {
      wall: systemWallClock,
      machinery,
      recorder,
      pace,
      signal,
      secrets,
      strict: strict ?? false,
      replay,
      recording,
      sinks: [{ event: (event) => void events.push(event) }, ...(onEvent ? [{ event: onEvent }] : [])],
    });
    // What the caller's own onEvent threw is the caller's to see.
    if (sinkErrors.length > 0) throw sinkErrors[0];
    const recorded = recording?.cassette();
    if (recorded && opened && replay?.grown && endedWell(foldAll(events))) writeWhole(opened.file, cassetteText(replay.refreshed(recorded)));
    return { endedBy: ending.endedBy, events, metrics: runMetrics(events), tracks: tracksOf(of.scenario, recorder) };
  } finally {
    await machinery.close();
    const recorded = recording?.cassette();
    if (recorded && record !== undefined) writeWhole(record, cassetteText(recorded));
  }
}
