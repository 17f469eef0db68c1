/**
 * `npm run bench`: how fast, how lean and how ready bottalk is on this machine, measured in one go. Medians of several
 * rounds; the range stands beside them, because shared machines are noisy. The figures in README come from here.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemWallClock as wall } from '../src/clock/wall-clock.ts';
import { trackFolder } from '../src/compose/cache-folders.ts';
import { type Machinery, openMachinery } from '../src/compose/machinery.ts';
import { runCase } from '../src/compose/run-case.ts';
import type { VadProvider } from '../src/pipeline/vad.ts';
import { SileroVad } from '../src/providers/silero/silero-vad.ts';
import { Recorder } from '../src/room/recorder.ts';
import type { Case } from '../src/scenarios/scenario.ts';
import { dailyRoundTrip } from './daily-round-trip.ts';
import { newDialogue } from './dialogue.ts';
import { figureLine, type Figure } from './figures.ts';
import { knownAnswers } from './known-answers-vad.ts';
import { liveOverhead, OVERHEAD_MEANS } from './live-overhead.ts';
import { LIVE_STACK_MEANS, liveStack } from './live-stack.ts';

const ROUNDS = 5;
const STARTS = 15;
const CLI = fileURLToPath(new URL('../dist/bin/bottalk.js', import.meta.url));
/** The machinery's modules are compiled and onnxruntime is loaded before anything is measured. */
const WARM_UP = 0;

type Timed = { readonly callSecs: number; readonly wallSecs: number; readonly cpuSecs: number };

const cacheFolder = mkdtempSync(join(tmpdir(), 'bottalk-bench-'));
try {
  const live = [...(await liveStack({ cacheFolder })), ...(await liveOverhead({ cacheFolder })), ...(await dailyRoundTrip())];
  const figures = [...(await speeds()), ...starts(), peakMemory(), ...live];
  const { model = 'unknown' } = cpus()[0] ?? {};
  console.log(`Node ${process.version}, ${cpus().length} cores of ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}-${process.arch}\n`);
  for (const figure of figures) console.log(figureLine(figure));
  for (const lines of [LIVE_STACK_MEANS, OVERHEAD_MEANS]) console.log(`\n${lines.join('\n')}`);
} finally {
  rmSync(cacheFolder, { recursive: true, force: true });
}

async function speeds(): Promise<Figure[]> {
  const fresh: number[] = [];
  const cached: number[] = [];
  const repeated: number[] = [];
  const vadLimit: number[] = [];
  const coreMs: number[] = [];
  for (let round = WARM_UP; round <= ROUNDS; round++) {
    const dialogue = newDialogue(round * 7 + 1);
    const results = {
      fresh: await inNewMachinery((machinery) => timedRun(dialogue, machinery)),
      cached: await withoutTracks((machinery) => timedRun(dialogue, machinery)),
      repeated: await inNewMachinery((machinery) => timedRun(dialogue, machinery)),
      vad: await inNewMachinery((machinery) => vadAlone(dialogue, machinery)),
      core: await inNewMachinery((machinery) => coreAlone(dialogue, machinery)),
    };
    if (round === WARM_UP) continue;
    fresh.push(results.fresh.callSecs / results.fresh.wallSecs);
    cached.push(results.cached.callSecs / results.cached.wallSecs);
    repeated.push(results.repeated.callSecs / results.repeated.wallSecs);
    vadLimit.push(results.vad);
    coreMs.push(results.core);
  }
  return [
    { what: 'new dialogue, nothing cached (two cores)', values: fresh, unit: 'x', aim: 'aim 60' },
    { what: 'speech cached, VAD live (one core)', values: cached, unit: 'x', aim: 'aim 120' },
    { what: 'limit: the VAD inferences of that dialogue alone', values: vadLimit, unit: 'x', aim: '' },
    { what: 'repeated dialogue, speech and VAD tracks cached (one core)', values: repeated, unit: 'x', aim: 'aim 800' },
    { what: 'CPU per call second without VAD and TTS', values: coreMs, unit: 'ms', aim: 'aim 1.2' },
  ];
}

async function timedRun(dialogue: Case, machinery: Machinery): Promise<Timed> {
  let callMs = 0;
  const cpuBefore = process.cpuUsage();
  const startedMs = wall.nowMs();
  await runCase(dialogue, { wall, machinery, recorder: new Recorder(), sinks: [{ event: ({ atMs }) => (callMs = atMs) }] });
  const wallMs = wall.nowMs() - startedMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { callSecs: callMs / 1000, wallSecs: wallMs / 1000, cpuSecs: (user + system) / 1e6 };
}

/** Call seconds per wall second if nothing but the model's inferences took time. */
async function vadAlone(dialogue: Case, machinery: Machinery): Promise<number> {
  let inferenceMs = 0;
  const silero = new SileroVad({ memo: false });
  const timed: VadProvider = {
    name: silero.name,
    open() {
      const stream = silero.open();
      return {
        confidence(window) {
          const startedMs = wall.nowMs();
          const answer = stream.confidence(window);
          inferenceMs += wall.nowMs() - startedMs;
          return answer;
        },
        reset: () => stream.reset(),
        close: () => stream.close(),
      };
    },
  };
  const { callSecs } = await timedRun(dialogue, { ...machinery, vad: timed });
  return (callSecs * 1000) / inferenceMs;
}

/** Milliseconds of CPU per call second, with all speech in memory and a VAD that only looks its answers up. */
async function coreAlone(dialogue: Case, machinery: Machinery): Promise<number> {
  const { first, again } = knownAnswers(machinery.vad);
  await timedRun(dialogue, { ...machinery, vad: first });
  const { cpuSecs, callSecs } = await timedRun(dialogue, { ...machinery, vad: again() });
  return (cpuSecs * 1000) / callSecs;
}

async function inNewMachinery<T>(work: (machinery: Machinery) => Promise<T>): Promise<T> {
  const machinery = openMachinery({ wall, cacheFolder });
  try {
    return await work(machinery);
  } finally {
    await machinery.close();
  }
}

async function withoutTracks<T>(work: (machinery: Machinery) => Promise<T>): Promise<T> {
  rmSync(trackFolder(cacheFolder), { recursive: true, force: true });
  return inNewMachinery(work);
}

/** How much longer `bottalk --help` takes than Node alone, the two in turn. */
function starts(): Figure[] {
  const bare: number[] = [];
  const help: number[] = [];
  for (let round = 0; round < STARTS; round++) {
    bare.push(timedStart(['-e', '0']));
    help.push(timedStart([CLI, '--help']));
  }
  return [
    { what: 'node -e 0', values: bare, unit: 'ms', aim: '' },
    { what: 'bottalk --help, beyond bare node', values: help.map((ms, i) => ms - (bare[i] as number)), unit: 'ms', aim: 'aim 120' },
  ];
}

function timedStart(args: readonly string[]): number {
  const startedMs = wall.nowMs();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} failed: ${stderr}`);
  return wall.nowMs() - startedMs;
}

/** The largest memory of a process that runs the longest shipped scenario with nothing cached. */
function peakMemory(): Figure {
  const folder = mkdtempSync(join(tmpdir(), 'bottalk-bench-'));
  const reporter = `process.on('exit', () => console.error('rss', process.resourceUsage().maxRSS))`;
  try {
    const { stderr, status } = spawnSync(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(reporter)}`, CLI, 'run', 'scenarios/sales.yaml', '--quiet', '--out', join(folder, 'run')],
      { encoding: 'utf8', env: { ...process.env, BOTTALK_CACHE_DIR: join(folder, 'cache') }, cwd: fileURLToPath(new URL('..', import.meta.url)) },
    );
    const kilobytes = Number(/^rss (\d+)$/m.exec(stderr)?.[1]);
    if (status !== 0 || !kilobytes) throw new Error(`the run failed: ${stderr}`);
    return { what: 'peak memory of bottalk run scenarios/sales.yaml', values: [kilobytes / 1024], unit: 'MB', aim: 'aim 300' };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
