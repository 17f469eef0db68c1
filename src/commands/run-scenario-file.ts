/** What `bottalk run` does: chooses how to show the run, wires Ctrl-C, and ends with an honest exit code. */
import { join } from 'node:path';
import { cacheFolder } from '../base/cache-folder.ts';
import { MismatchError, ProviderError, reasonOf, UsageError } from '../base/errors.ts';
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import { modelFolder } from '../compose/cache-folders.ts';
import { type ChooseOptions, loadChosenCase } from '../compose/choose-providers.ts';
import { playsAlone } from '../compose/replay.ts';
import { loadReplayedCase, type ReplayedCase } from '../compose/open-replay.ts';
import { chromiumHere } from '../compose/chromium-here.ts';
import { rowsFor } from '../compose/money.ts';
import { recordRun, type RecordedRun } from '../compose/record-run.ts';
import { readSecrets, type Secrets } from '../compose/secrets.ts';
import type { Sink } from '../events/log.ts';
import { doubted, recordingFaults } from '../metrics/recording-check.ts';
import type { RunFold } from '../metrics/run-fold.ts';
import { metricsOf, type RunMetrics } from '../metrics/run-metrics.ts';
import { jsonConsole } from '../report/json-console.ts';
import { plainConsole } from '../report/plain-console.ts';
import { summaryText } from '../report/summary.ts';
import { AUDIO_FILE } from '../run/run-folder.ts';
import { canShowScreen, loadScreen } from '../tui/load-screen.ts';
import type { Screen } from '../tui/screen.tsx';
import { EXIT, verdictExit } from './exit-codes.ts';
import { interruptSignal } from './interrupt.ts';
import type { OpenElsewhere } from '../compose/crew.ts';
import { leaveReport } from './leave-report.ts';
import { openLoudspeaker, paceOf } from './listen.ts';
import { wantsColour } from './print.ts';
import type { RunFlags } from './run-flags.ts';
import { untilUnread } from './unread-output.ts';
import { packageVersion } from '../base/version.ts';

/** How a run is shown: a sink while it lasts, what a reader may do when it is over, and how the terminal is given back. */
type Show = { readonly sink: Sink; finished(run: RecordedRun): Promise<void>; close(): Promise<void> };

const write = (text: string): void => void process.stdout.write(text);

export async function runScenarioFile(file: string, given: RunFlags): Promise<number> {
  // Agents in the cloud meet where all can come.
  const flags: RunFlags = given.cloud ? { ...given, room: 'daily' } : given;
  const secrets = readSecrets('.', process.env);
  const findChromium = (): string => chromiumHere(secrets, process.env);
  const { of, choices, replay } = await loadFlaggedCase(file, flags, { secrets, findChromium });
  const warnings = new Set<string>();
  const onWarning = (text: string): void => void warnings.add(text);
  const loudspeaker = openLoudspeaker(of.scenario, flags, { env: process.env, platform: process.platform, onWarning });
  const elsewhere = await agentsElsewhere(given, secrets);
  const interrupt = interruptSignal();
  const show = wantsScreen(flags) ? await screen(interrupt.press, choices, { later: elsewhere !== undefined }) : lines(flags, choices);
  const unread = untilUnread(interrupt);
  try {
    const run = await recordRun(of, {
      wall,
      version: packageVersion(),
      cacheFolder: cacheFolder(process.env),
      modelFolder: modelFolder(cacheFolder(process.env)),
      folder: flags.out,
      pace: paceOf(of.scenario, flags),
      ownProcesses: flags.processes ?? false,
      elsewhere,
      replay,
      // What agents in the cloud ask of the world, nobody here can take down.
      record: elsewhere ? false : flags.record,
      secrets,
      // A recording keeps the prices of its day.
      prices: playsAlone(replay) && flags.prices === undefined ? undefined : rowsFor(of.scenario, secrets, flags.prices),
      repriced: flags.prices !== undefined,
      budgetUsd: flags.budget,
      strict: flags.strict ?? false,
      signal: interrupt.signal,
      sinks: [show.sink],
      onWarning,
      onSound: loudspeaker && ((name, frame, tick) => loudspeaker.hear(name, frame, tick)),
    });
    const { fold } = run;
    if (run.ending.endedBy !== 'cancelled') await loudspeaker?.finish();
    // The run is safe; from here on a signal may end the process as it always does.
    interrupt.release();
    if (run.ending.endedBy !== 'cancelled' && fold.roster.started) await show.finished(run);
    await show.close();
    const faults = recordingFaults(fold, run.tracks);
    if (!flags.json) write(summaryText(fold, { colour: wantsColour(), wallMs: run.wallMs, folder: run.folder, replay, faults }));
    await leaveReport(run, flags, { say: flags.json ? () => {} : write, onWarning });
    unread.throwRefused();
    if (run.failure !== undefined && !isTold(run.failure, fold)) throw run.failure;
    if (flags.quiet || flags.json) for (const text of fold.warnings) warnings.add(text);
    return exitCode(run, doubted(metricsOf(fold), faults));
  } finally {
    loudspeaker?.stop();
    await show.close();
    interrupt.release();
    for (const text of warnings) process.stderr.write(`warning: ${text}\n`);
  }
}

async function loadFlaggedCase(file: string, flags: RunFlags, machine: Pick<ChooseOptions, 'secrets' | 'findChromium'>): Promise<ReplayedCase> {
  const { var: variables, seed, maxTurns, pace, cassette, cassetteMode: mode } = flags;
  const options = { ...machine, flags, variables, seed, maxTurns, pace };
  if (cassette !== undefined) return loadReplayedCase(file, { ...options, cassette, mode: mode ?? 'strict' });
  if (mode !== undefined) throw new UsageError('--cassette-mode says how a cassette is played, and none is given', 'add --cassette <run>');
  return { ...(await loadChosenCase(file, options)), replay: undefined };
}

function wantsScreen({ exit, json, quiet }: RunFlags): boolean {
  return canShowScreen(process.stdout, process.env) && process.stdin.isTTY && !process.env['CI'] && !exit && !json && !quiet;
}

async function agentsElsewhere({ cloud, agentName, room, quiet = false }: RunFlags, secrets: Secrets): Promise<OpenElsewhere | undefined> {
  if (cloud && room === 'embedded') throw new UsageError('agents in the cloud cannot meet in the embedded room', 'leave out --room, or --cloud');
  if (!cloud) {
    if (agentName !== undefined) throw new UsageError('--agent-name says whose sessions the agents are, and they are none', 'add --cloud');
    return undefined;
  }
  const { cloudAgents } = await import('./cloud-agents.ts');
  return cloudAgents({ secrets, agentName, quiet });
}

/** `later`: it is opened when there is something to show. */
async function screen(onInterrupt: () => void, choices: readonly string[], { later }: { readonly later: boolean }): Promise<Show> {
  const openScreen = await loadScreen();
  const open = (): Screen => openScreen({ stdin: process.stdin, stdout: process.stdout, wall, onInterrupt, env: process.env, choices });
  let opened = later ? undefined : open();
  return {
    sink: { event: (event) => (opened ??= open()).sink.event(event) },
    finished: async ({ folder, wallMs }) => opened?.finished({ folder, wallSeconds: wallMs / 1000, audioFile: join(folder, AUDIO_FILE) }),
    close: async () => opened?.close(),
  };
}

function lines({ json, quiet }: RunFlags, choices: readonly string[]): Show {
  const nothing: Sink = { event: () => {} };
  // Where there is no header to put them into, they stand beside the output and not in it.
  if (json || quiet) for (const text of choices) process.stderr.write(`live: ${text}\n`);
  const sink = json ? jsonConsole(write) : quiet ? nothing : plainConsole({ write, colour: wantsColour(), choices });
  return { sink, finished: async () => {}, close: async () => {} };
}

/** Whether the log says by which fault of the world it was ended: then it was shown as the run's end, and is not told twice. */
function isTold(failure: unknown, { ended }: RunFold): boolean {
  return (failure instanceof ProviderError || failure instanceof MismatchError) && ended?.endedBy === 'error' && ended.reason === reasonOf(failure);
}

function exitCode({ ending }: RecordedRun, { verdict }: RunMetrics): number {
  // The ending is the run's own: a log that was cut off has none.
  if (ending.endedBy === 'cancelled') return EXIT.cancelled;
  return verdictExit(verdict);
}
