/**
 * The sound of a recorded call through whatever player the machine has. The player is fed through a pipe where it
 * can be, so that it ends with us even if we are killed; it is never left running on purpose either.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { SAMPLE_RATE_HZ } from '../audio/format.ts';
import { decodeWav, encodeWav } from '../audio/wav.ts';

export type SoundCommand = { readonly command: string; readonly args: readonly string[]; readonly input: 'pipe' | 'file' };

/** ALSA, macOS, ffmpeg: the first that is installed plays. */
const PLAYERS: readonly SoundCommand[] = [
  { command: 'aplay', args: ['-q', '-'], input: 'pipe' },
  { command: 'afplay', args: [], input: 'file' },
  { command: 'ffplay', args: ['-nodisp', '-autoexit', '-loglevel', 'quiet', '-i', 'pipe:0'], input: 'pipe' },
];

export function findSoundCommand(searchPath: string): SoundCommand | undefined {
  const folders = searchPath.split(delimiter).filter(Boolean);
  return PLAYERS.find(({ command }) => folders.some((folder) => isExecutable(join(folder, command))));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Each voice is mostly in its own ear but in both, so that one earpiece or loudspeaker is enough. */
const NEAR_GAIN = 0.85;
const FAR_GAIN = 0.5;

export class Sound {
  readonly #audioFile: string;
  readonly #player: SoundCommand;
  readonly #onFailed: (message: string) => void;
  #mix: readonly [Int16Array, Int16Array] | undefined;
  #child: ChildProcess | undefined;
  #folder: string | undefined;

  /** `onFailed` is told at most once per start why nothing is heard. */
  constructor(options: { audioFile: string; player: SoundCommand; onFailed: (message: string) => void }) {
    this.#audioFile = options.audioFile;
    this.#player = options.player;
    this.#onFailed = options.onFailed;
  }

  start(fromMs: number): void {
    this.stop();
    try {
      this.#mix ??= listeningMix(this.#audioFile);
    } catch {
      this.#onFailed('the recording cannot be read');
      return;
    }
    const from = Math.round((Math.max(0, fromMs) * SAMPLE_RATE_HZ) / 1000);
    this.#spawn(encodeWav(this.#mix.map((track) => track.subarray(from))));
  }

  stop(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }

  #spawn(wav: Uint8Array): void {
    const { command, args, input } = this.#player;
    const file = input === 'file' ? [this.#writeFile(wav)] : [];
    const child = spawn(command, [...args, ...file], { stdio: [input === 'pipe' ? 'pipe' : 'ignore', 'ignore', 'ignore'] });
    this.#child = child;
    // A player that ends early closes its end of the pipe; its exit code says why.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(wav);
    child.on('error', () => this.#failed(child));
    child.on('exit', (code) => (code === 0 ? undefined : this.#failed(child)));
  }

  #failed(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#onFailed(`${this.#player.command} could not play`);
  }

  #writeFile(wav: Uint8Array): string {
    this.#folder = mkdtempSync(join(tmpdir(), 'bottalk-play-'));
    const file = join(this.#folder, 'call.wav');
    writeFileSync(file, wav);
    return file;
  }
}

/** Left and right for listening, from a recording that has one agent on each side. Throws if there is none. */
function listeningMix(audioFile: string): [Int16Array, Int16Array] {
  const wav = decodeWav(readFileSync(audioFile));
  const [first, second = wav?.tracks[0]] = wav?.tracks ?? [];
  if (!wav || !first || !second || wav.sampleRateHz !== SAMPLE_RATE_HZ) throw new Error(`${audioFile} is no recording of a call`);
  const side = (near: Int16Array, far: Int16Array): Int16Array =>
    near.map((sample, i) => Math.max(-32768, Math.min(32767, Math.round(NEAR_GAIN * sample + FAR_GAIN * (far[i] ?? 0)))));
  return [side(first, second), side(second, first)];
}
