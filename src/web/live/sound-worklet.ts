/** Plays the call in the browser's audio thread, which never waits for the page, and tells the page how far it is. */
import { CallSound, type Played, type SoundOrder } from './call-sound.ts';

/** About 30 times a second at 128 samples of 16 kHz each: what a screen can show. */
const TELL_EVERY_BLOCKS = 4;

// What an audio thread has is not among the types of a page.
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: typeof AudioWorkletProcessor): void;

class CallPlayer extends AudioWorkletProcessor {
  readonly #sound = new CallSound();
  #blocks = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<SoundOrder>) => this.#sound.tell(data);
  }

  process(_inputs: unknown, outputs: readonly (readonly Float32Array[])[]): boolean {
    const [left, right] = outputs[0] ?? [];
    if (left && right) this.#sound.render(left, right);
    this.#blocks += 1;
    if (this.#blocks % TELL_EVERY_BLOCKS === 0) this.port.postMessage(this.#sound.played() satisfies Played);
    return true;
  }
}

registerProcessor('call-player', CallPlayer);
