/**
 * Whatever program of this machine can play sound, as a process that never outlives its use. Where it can be it is fed
 * through a pipe, so that it ends with us even if we are killed. What is played is up to others.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Writable } from 'node:stream';
import { programEnvironment } from '../base/program-environment.ts';

export type SoundCommand = { readonly command: string; readonly args: readonly string[]; readonly input: 'pipe' | 'file' };

/** ALSA, macOS, ffmpeg: the first that is installed plays. */
const PLAYERS: readonly SoundCommand[] = [
  { command: 'aplay', args: ['-q', '-'], input: 'pipe' },
  { command: 'afplay', args: [], input: 'file' },
  { command: 'ffplay', args: ['-nodisp', '-autoexit', '-loglevel', 'quiet', '-i', 'pipe:0'], input: 'pipe' },
];

/** `inputs`: afplay takes files only, which will not do where sound is played as it comes. */
export function findSoundCommand(searchPath: string, inputs: readonly SoundCommand['input'][] = ['pipe', 'file']): SoundCommand | undefined {
  const folders = searchPath.split(delimiter).filter(Boolean);
  return PLAYERS.find(({ command, input }) => inputs.includes(input) && folders.some((folder) => isExecutable(join(folder, command))));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export type SoundProcessOptions = {
  readonly player: SoundCommand;
  /** What is to be played, for a player that wants a file. */
  readonly file?: string;
  /** Called at most once: it could not be started, or ended as if something were wrong, and nobody had stopped it. */
  readonly onFailed: (message: string) => void;
};

export class SoundProcess {
  /** Settles when the process is gone, however it went. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #gone = Promise.withResolvers<void>();
  #stopped = false;

  constructor({ player: { command, args, input }, file, onFailed }: SoundProcessOptions) {
    const words = file === undefined ? args : [...args, file];
    // In a session of its own, so that Ctrl-C reaches bottalk only, which then decides what becomes of the sound.
    const stdin = input === 'pipe' ? 'pipe' : 'ignore';
    this.#child = spawn(command, words, { detached: true, env: programEnvironment(process.env), stdio: [stdin, 'ignore', 'ignore'] });
    this.ended = this.#gone.promise;
    const over = (failed: boolean): void => {
      if (failed && !this.#stopped) onFailed(`${command} could not play`);
      this.#stopped = true;
      this.#gone.resolve();
    };
    // A player that ends early closes its end of the pipe; its exit code says why.
    this.#child.stdin?.on('error', () => undefined);
    this.#child.on('error', () => over(true));
    this.#child.on('exit', (code) => over(code !== 0));
  }

  /** Where sound goes in, for a player that takes it through a pipe. */
  get input(): Writable | null {
    return this.#child.stdin;
  }

  stop(): void {
    this.#stopped = true;
    this.#child.kill('SIGKILL');
  }
}
