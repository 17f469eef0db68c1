/**
 * The sound of a call, frame by frame as it is recorded, put into messages for the page. What is silent is left out; how
 * far the call has come is told instead.
 */
import type { AudioFrame } from '../audio/frame.ts';
import { FRAME_MS, FRAME_SAMPLES } from '../audio/format.ts';
import { encodeLiveSound } from '../web/parts/live-sound.ts';

/** Frames in a message: 100 ms, so that a page is never far behind and messages are few. */
const FRAMES_PER_MESSAGE = 5;

export type SoundMessagesOptions = {
  /** The number of the run. */
  readonly run: number;
  /** By participant order; nobody else is heard. */
  readonly names: readonly string[];
  readonly onSound: (message: Uint8Array) => void;
  /** Called every 100 ms of call time; all sound before it was given. */
  readonly onTime: (callMs: number) => void;
};

type Chunk = { readonly firstTick: number; readonly frames: Int16Array[] };

export class SoundMessages {
  readonly #options: SoundMessagesOptions;
  readonly #open = new Map<number, Chunk>();
  #lastTick = -1;

  constructor(options: SoundMessagesOptions) {
    this.#options = options;
  }

  hear(name: string, frame: AudioFrame, tick: number): void {
    if (tick > this.#lastTick) this.#reached(tick);
    const order = this.#options.names.indexOf(name);
    if (order === -1 || frame.silent) return;
    const open = this.#open.get(order);
    if (open && open.firstTick + open.frames.length !== tick) this.#flush(order);
    const chunk = this.#open.get(order) ?? { firstTick: tick, frames: [] };
    chunk.frames.push(frame.samples);
    this.#open.set(order, chunk);
    if (chunk.frames.length === FRAMES_PER_MESSAGE) this.#flush(order);
  }

  /** The call is over: gives what is left. */
  finish(): void {
    for (const order of [...this.#open.keys()]) this.#flush(order);
  }

  #reached(tick: number): void {
    const before = Math.floor(this.#lastTick / FRAMES_PER_MESSAGE);
    const now = Math.floor(tick / FRAMES_PER_MESSAGE);
    this.#lastTick = tick;
    if (now === before) return;
    this.finish();
    this.#options.onTime(tick * FRAME_MS);
  }

  #flush(order: number): void {
    const chunk = this.#open.get(order);
    if (!chunk) return;
    this.#open.delete(order);
    const samples = new Int16Array(chunk.frames.length * FRAME_SAMPLES);
    for (const [i, frame] of chunk.frames.entries()) samples.set(frame, i * FRAME_SAMPLES);
    this.#options.onSound(encodeLiveSound({ run: this.#options.run, callMs: chunk.firstTick * FRAME_MS, order, samples }));
  }
}
