/** The sound of a recorded call through whatever player the machine has, from any moment on. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SAMPLE_RATE_HZ } from '../audio/format.ts';
import { decodeWav, encodeWav } from '../audio/wav.ts';
import { listeningMix } from './listening-mix.ts';
import { type SoundCommand, SoundProcess } from './sound-player.ts';

export class Sound {
  readonly #audioFile: string;
  readonly #player: SoundCommand;
  readonly #onFailed: (message: string) => void;
  #mix: readonly [Int16Array, Int16Array] | undefined;
  #process: SoundProcess | undefined;
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
      this.#mix ??= readMix(this.#audioFile);
    } catch {
      this.#onFailed('the recording cannot be read');
      return;
    }
    const from = Math.round((Math.max(0, fromMs) * SAMPLE_RATE_HZ) / 1000);
    const wav = encodeWav(this.#mix.map((track) => track.subarray(from)));
    const file = this.#player.input === 'file' ? { file: this.#writeFile(wav) } : {};
    this.#process = new SoundProcess({ player: this.#player, ...file, onFailed: this.#onFailed });
    this.#process.input?.end(wav);
  }

  stop(): void {
    this.#process?.stop();
    this.#process = undefined;
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }

  #writeFile(wav: Uint8Array): string {
    this.#folder = mkdtempSync(join(tmpdir(), 'bottalk-play-'));
    const file = join(this.#folder, 'call.wav');
    writeFileSync(file, wav);
    return file;
  }
}

/** From a recording that has one agent on each side. Throws if there is none. */
function readMix(audioFile: string): [Int16Array, Int16Array] {
  const wav = decodeWav(readFileSync(audioFile));
  const [first, second = wav?.tracks[0]] = wav?.tracks ?? [];
  if (!wav || !first || !second || wav.sampleRateHz !== SAMPLE_RATE_HZ) throw new Error(`${audioFile} is no recording of a call`);
  return listeningMix(first, second);
}
