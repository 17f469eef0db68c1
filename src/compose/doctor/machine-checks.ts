/** What the doctor looks at on this machine. Loads and tries the real parts; leaves nothing behind and asks nobody. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { Deadline } from '../../base/deadline.ts';
import { ProviderError, UsageError } from '../../base/errors.ts';
import { programEnvironment } from '../../base/program-environment.ts';
import { SAMPLE_RATE_HZ } from '../../audio/format.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import { VAD_WINDOW_SAMPLES } from '../../pipeline/vad.ts';
import { CONTEXT_SAMPLES, judge, STATE_NUMBERS } from '../../providers/silero/silero-model.ts';
import { Synthesiser } from '../../providers/voice/synthesiser.ts';
import { VOICES } from '../../providers/voice/voices.ts';
import { findSoundCommand } from '../../tui/sound-player.ts';
import { chromiumHere } from '../chromium-here.ts';
import { modelFolder } from '../cache-folders.ts';
import { listModels, openSmartTurn } from '../models.ts';
import { RUNS_ROOT } from '../record-run.ts';
import type { Secrets } from '../secrets.ts';
import type { Check } from './check.ts';

export type MachineOptions = {
  readonly wall: WallClock;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly secrets: Secrets;
  readonly cacheFolder: string;
  /** Where runs/ is, or would be. */
  readonly folder: string;
  readonly nodeVersion: string;
};

export async function checkMachine(options: MachineOptions): Promise<readonly Check[]> {
  const { nodeVersion, cacheFolder, folder, env } = options;
  return [
    checkNode(nodeVersion),
    checkVoiceActivity(),
    await checkVoice(options),
    checkSmartTurn(modelFolder(cacheFolder)),
    checkFolder({ name: 'cache', path: cacheFolder, needed: false, advice: 'runs go on without it, slower; BOTTALK_CACHE_DIR names another folder' }),
    checkFolder({ name: 'runs', path: join(folder, RUNS_ROOT), needed: true, advice: 'run bottalk where you may write, or with --out' }),
    await checkChromium(options),
    checkPlayer(env),
  ];
}

const OLDEST_NODE = 24;

function checkNode(version: string): Check {
  const works = Number(version.split('.')[0]) >= OLDEST_NODE;
  return machine('Node', { state: works ? 'works' : 'broken', needed: true, detail: version, advice: works ? undefined : `install Node ${OLDEST_NODE} or newer` });
}

function checkVoiceActivity(): Check {
  const name = 'voice activity';
  try {
    const { probability } = judge(new Float32Array(CONTEXT_SAMPLES + VAD_WINDOW_SAMPLES), new Float32Array(STATE_NUMBERS));
    const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
    if (probability < 0.5) return machine(name, { state: 'works', needed: true, detail: `Silero VAD on onnxruntime ${version}` });
    return machine(name, { state: 'broken', needed: true, detail: 'Silero VAD takes silence for speech', advice: REINSTALL });
  } catch (error) {
    return machine(name, { state: 'broken', needed: true, ...explained(error, REINSTALL) });
  }
}

async function checkVoice({ wall }: MachineOptions): Promise<Check> {
  const name = 'offline voice';
  const [voice] = VOICES;
  const synthesiser = new Synthesiser({ wall });
  try {
    const { samples } = await synthesiser.say({ voice: voice?.name ?? '', text: 'Ready.' });
    return machine(name, { state: 'works', needed: true, detail: `flite says "Ready." in ${(samples.length / SAMPLE_RATE_HZ).toFixed(1)} s` });
  } catch (error) {
    return machine(name, { state: 'broken', needed: true, ...explained(error, REINSTALL) });
  } finally {
    await synthesiser.close();
  }
}

const REINSTALL = 'install the dependencies again: npm install';

function checkSmartTurn(folder: string): Check {
  const name = 'Smart Turn';
  const advice = 'bottalk models pull smart-turn';
  try {
    const listed = listModels(folder).find(({ model }) => model.name === 'smart-turn');
    if (!listed || listed.state.kind === 'absent') return machine(name, { state: 'missing', detail: 'the last words decide when a turn is over', advice });
    if (listed.state.kind === 'damaged') return machine(name, { state: 'broken', detail: `${listed.path} is damaged`, advice });
    openSmartTurn(folder)?.close();
    return machine(name, { state: 'works', detail: listed.path });
  } catch (error) {
    return machine(name, { state: 'broken', ...explained(error, advice) });
  }
}

function checkFolder({ name, path, needed, advice }: { name: string; path: string; needed: boolean; advice: string }): Check {
  const absolute = resolve(path);
  try {
    const existing = nearestThere(absolute);
    rmdirSync(mkdtempSync(join(existing, '.bottalk-doctor-')));
    return machine(name, { state: 'works', needed, detail: absolute });
  } catch (error) {
    return machine(name, { state: 'broken', needed, detail: `${absolute} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`, advice });
  }
}

/** The folder itself, or the one in which it would be made. */
function nearestThere(path: string): string {
  return statSync(path, { throwIfNoEntry: false }) || dirname(path) === path ? path : nearestThere(dirname(path));
}

const VERSION_MS = 10_000;

async function checkChromium({ wall, env, secrets }: MachineOptions): Promise<Check> {
  const name = 'Chromium';
  let path: string;
  try {
    path = chromiumHere(secrets, env);
  } catch (error) {
    return machine(name, { state: secrets.BOTTALK_CHROMIUM === undefined ? 'missing' : 'broken', ...explained(error) });
  }
  using deadline = new Deadline({ wall, ms: VERSION_MS });
  try {
    const version = await new Promise<string>((told, failed) =>
      execFile(path, ['--version'], { env: programEnvironment(env), signal: deadline.signal, killSignal: 'SIGKILL' }, (error, output) =>
        error ? failed(error) : told(output),
      ),
    );
    return machine(name, { state: 'works', detail: `${version.trim().split('\n').at(-1)?.slice(0, 80)}, ${path}` });
  } catch (error) {
    const why = deadline.passed ? `within ${VERSION_MS / 1000} s` : `(${String((error as { code?: unknown }).code ?? 'it was ended')})`;
    return machine(name, { state: 'broken', detail: `${path} does not tell its version ${why}`, advice: 'install it again, or name another with BOTTALK_CHROMIUM' });
  }
}

function checkPlayer({ PATH }: MachineOptions['env']): Check {
  const player = findSoundCommand(PATH ?? '');
  if (player) return machine('sound', { state: 'works', detail: player.command });
  return machine('sound', { state: 'missing', detail: 'aplay, afplay and ffplay are not here; calls cannot be listened to', advice: 'install alsa-utils (aplay) or ffmpeg (ffplay)' });
}

function explained(error: unknown, advice?: string): Pick<Check, 'detail' | 'advice'> {
  if (error instanceof UsageError) {
    const [mistake] = error.mistakes;
    return { detail: mistake?.message ?? error.message, advice: mistake?.hint ?? advice };
  }
  if (error instanceof ProviderError) return { detail: error.message.split('\n', 1)[0] ?? '', advice };
  throw error;
}

function machine(name: string, found: Omit<Check, 'group' | 'name' | 'needed'> & { readonly needed?: boolean }): Check {
  return { group: 'machine', name, needed: false, ...found };
}
