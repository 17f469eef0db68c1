/** Where the playing of a recorded call stands, by the wall clock, and its sound if there is any. */
import type { WallClock } from '../clock/wall-clock.ts';
import type { Sound } from './sound.ts';

export class Playback {
  readonly #wall: WallClock;
  readonly #sound: Sound | undefined;
  /** Call time minus wall time while it runs. */
  #offsetMs = 0;
  #pausedMs: number | null = null;
  #running = false;

  constructor({ wall, sound }: { wall: WallClock; sound: Sound | undefined }) {
    this.#wall = wall;
    this.#sound = sound;
  }

  play(fromMs: number): void {
    this.#sound?.start(fromMs);
    this.#offsetMs = fromMs - this.#wall.nowMs();
    this.#pausedMs = null;
    this.#running = true;
  }

  pause(): void {
    this.#pausedMs = this.positionMs;
    this.#sound?.stop();
  }

  resume(): void {
    if (this.#pausedMs !== null) this.play(this.#pausedMs);
  }

  stop(): void {
    this.#running = false;
    this.#pausedMs = null;
    this.#sound?.stop();
  }

  /** Call milliseconds; null while nothing is played. */
  get positionMs(): number | null {
    if (!this.#running) return null;
    return this.#pausedMs ?? this.#wall.nowMs() + this.#offsetMs;
  }
}
