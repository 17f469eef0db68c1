/**
 * A call heard while it runs, through a player that is fed as the sound comes. It never holds the call up: what a slow
 * player has no time for is left out, silence first. A player that dies is told of once, and the call goes on unheard.
 */
import type { AudioFrame } from '../audio/frame.ts';
import { FRAME_MS, FRAME_SAMPLES } from '../audio/format.ts';
import { encodeEndlessWavHeader } from '../audio/wav.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import { listeningMix } from './listening-mix.ts';
import { type SoundCommand, SoundProcess } from './sound-player.ts';

export type LoudspeakerOptions = {
  readonly player: SoundCommand;
  readonly wall: WallClock;
  /** Whose voice is mostly in the left and in the right ear, by name; anybody else's is in both. */
  readonly left: string;
  readonly right: string;
  /** Called at most once: from now on nothing is heard. */
  readonly onFailed: (message: string) => void;
};

/** Frames of one moment come so far apart: in Daily rooms each voice has its own way to us. */
const WINDOW_TICKS = 10;
/** A longer pause is not played: nothing was recorded, so nothing was fed while it lasted. */
const LONGEST_GAP_TICKS = 50;
/** How far behind the call the player may be before silence, and before anything, is left out. */
const SILENCE_GOES_AFTER_MS = 1_500;
const ALL_GOES_AFTER_MS = 4_000;
/** The same in bytes (64 a millisecond) that a player does not take. */
const MOST_WAITING_BYTES = 256_000;
/** After the call a player has what it was given to play, and may take so much longer. */
const END_MS = 2_000;

type Moment = readonly [left: Int16Array, right: Int16Array];

export class Loudspeaker {
  readonly #options: LoudspeakerOptions;
  readonly #moments = new Map<number, Moment>();
  #nextTick: number | undefined;
  #process: SoundProcess | undefined;
  /** When the player will have played what it was given, if it is as fast as the wall. */
  #playedOutWallMs = 0;
  #over = false;

  constructor(options: LoudspeakerOptions) {
    this.#options = options;
  }

  /** Takes the frame that `name` sent at tick `tick` of the call. */
  hear(name: string, frame: AudioFrame, tick: number): void {
    if (this.#over) return;
    this.#nextTick ??= tick;
    if (tick > this.#nextTick + WINDOW_TICKS + LONGEST_GAP_TICKS) {
      this.#playUntil(Math.max(this.#nextTick, ...this.#moments.keys()) + 1);
      this.#nextTick = tick;
    }
    this.#playUntil(tick - WINDOW_TICKS + 1);
    // What comes later than that is not heard.
    if (tick < this.#nextTick) return;
    const moment = this.#moments.get(tick) ?? [new Int16Array(FRAME_SAMPLES), new Int16Array(FRAME_SAMPLES)];
    this.#moments.set(tick, moment);
    if (frame.silent) return;
    if (name !== this.#options.right) add(moment[0], frame.samples);
    if (name !== this.#options.left) add(moment[1], frame.samples);
  }

  /** The call is over: what was given is played to its end. Resolves when it was, or when the player takes too long. */
  async finish(): Promise<void> {
    if (!this.#over && this.#moments.size > 0) this.#playUntil(Math.max(...this.#moments.keys()) + 1);
    this.#over = true;
    if (!this.#process) return;
    this.#process.input?.end();
    const { wall } = this.#options;
    const cancel = wall.after(Math.max(0, this.#playedOutWallMs - wall.nowMs()) + END_MS, () => this.stop());
    await this.#process.ended;
    cancel();
  }

  /** Ends the player at once. Safe to call twice. */
  stop(): void {
    this.#over = true;
    this.#process?.stop();
  }

  /** What the player has not taken yet. */
  get waitingBytes(): number {
    return this.#process?.input?.writableLength ?? 0;
  }

  #playUntil(tick: number): void {
    for (let next = this.#nextTick ?? tick; next < tick; next += 1) {
      this.#play(this.#moments.get(next));
      this.#moments.delete(next);
      this.#nextTick = next + 1;
    }
  }

  #play(moment: Moment | undefined): void {
    const nowMs = this.#options.wall.nowMs();
    const behindMs = this.#playedOutWallMs - nowMs;
    const silent = !moment || moment.every((side) => side.every((sample) => sample === 0));
    if (behindMs > ALL_GOES_AFTER_MS || (silent && behindMs > SILENCE_GOES_AFTER_MS)) return;
    const input = this.#input();
    if (!input || this.waitingBytes > MOST_WAITING_BYTES) return;
    this.#playedOutWallMs = Math.max(this.#playedOutWallMs, nowMs) + FRAME_MS;
    input.write(moment ? interleaved(moment) : new Uint8Array(FRAME_SAMPLES * 4));
  }

  #input(): SoundProcess['input'] {
    if (!this.#process) {
      const { player } = this.#options;
      this.#process = new SoundProcess({ player, onFailed: (message) => this.#failed(message) });
      void this.#process.ended.then(() => this.#failed(`${player.command} ended before the call`));
      this.#process.input?.write(encodeEndlessWavHeader(2));
    }
    return this.#process.input;
  }

  #failed(message: string): void {
    if (!this.#over) this.#options.onFailed(message);
    this.#over = true;
  }
}

function add(side: Int16Array, samples: Int16Array): void {
  for (const [i, sample] of samples.entries()) side[i] = Math.max(-32768, Math.min(32767, (side[i] as number) + sample));
}

function interleaved([left, right]: Moment): Uint8Array {
  const mixed = listeningMix(left, right);
  const samples = new Int16Array(2 * FRAME_SAMPLES);
  for (const [channel, side] of mixed.entries()) for (const [i, sample] of side.entries()) samples[2 * i + channel] = sample;
  return new Uint8Array(samples.buffer);
}
