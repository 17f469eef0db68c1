/**
 * A call as it is played: the sound of everybody along one playhead, mixed for two ears. The same object runs in the
 * audio thread, which keeps time by the sound card, and on the page while the browser lets no sound out yet.
 */
import { SAMPLE_RATE_HZ } from '../../audio/format.ts';
import type { Speed } from '../parts/live-messages.ts';
import { Playhead } from './playhead.ts';
import { SpeechRing } from './speech-ring.ts';
import { Stretch } from './stretch.ts';

/** What the page tells whoever plays; `call` begins another one, or one that was played elsewhere so far. Its number comes back with what was played. */
export type SoundOrder =
  | { readonly kind: 'call'; readonly call: number; readonly fromMs: number }
  | { readonly kind: 'sound'; readonly order: number; readonly callMs: number; readonly samples: Int16Array }
  | { readonly kind: 'known'; readonly callMs: number }
  | { readonly kind: 'pace'; readonly speed: Speed; readonly paused: boolean }
  | { readonly kind: 'over' };

/** How far which call was played, and how loud each speaker was just now: root mean square of full scale, by order. */
export type Played = { readonly call: number; readonly callMs: number; readonly levels: readonly number[] };

/** Whoever goes first is mostly left, the other mostly right, and both are in both, so that one earpiece is enough. */
const NEAR_GAIN = 0.85;
const FAR_GAIN = 0.5;
/** Sound that a stretch may still look back at. */
const KEPT_SAMPLES = SAMPLE_RATE_HZ;

export class CallSound {
  #call = 0;
  #playhead = new Playhead();
  #rings: SpeechRing[] = [];
  #stretches: Stretch[] = [];
  #powers: number[] = [];
  #measured = 0;

  tell(order: SoundOrder): void {
    switch (order.kind) {
      case 'call':
        this.#call = order.call;
        this.#playhead = new Playhead(samplesAt(order.fromMs));
        this.#rings = [];
        this.#stretches = [];
        return;
      case 'sound':
        if (this.#playhead.speed !== 'max') this.#ring(order.order).write(samplesAt(order.callMs), order.samples);
        return;
      case 'known':
        return this.#playhead.know(samplesAt(order.callMs));
      case 'pace':
        return this.#playhead.pace(order.speed, order.paused);
      case 'over':
        return this.#playhead.finish();
    }
  }

  /** Plays on for as long as these two are; they are filled with what the left and the right ear hear. */
  render(left: Float32Array, right: Float32Array): void {
    left.fill(0);
    right.fill(0);
    const { from, samples } = this.#playhead.step(left.length, (start, end) => this.#rings.every((ring) => ring.isQuiet(start, end)));
    this.#measured += left.length;
    if (samples === 0) return;
    for (const [order, ring] of this.#rings.entries()) {
      const heard = this.#stretch(order).play(ring, { from, samples, into: left.length });
      const [toLeft, toRight] = order === 0 ? [NEAR_GAIN, FAR_GAIN] : order === 1 ? [FAR_GAIN, NEAR_GAIN] : [FAR_GAIN, FAR_GAIN];
      let power = 0;
      for (const [i, sample] of heard.entries()) {
        left[i] = (left[i] as number) + toLeft * sample;
        right[i] = (right[i] as number) + toRight * sample;
        power += sample * sample;
      }
      this.#powers[order] = (this.#powers[order] ?? 0) + power;
      ring.clearTo(Math.max(0, this.#playhead.position - KEPT_SAMPLES));
    }
  }

  /** Since it was last asked. */
  played(): Played {
    const levels = this.#powers.map((power) => Math.sqrt(power / Math.max(1, this.#measured)));
    this.#powers = [];
    this.#measured = 0;
    return { call: this.#call, callMs: (this.#playhead.position * 1000) / SAMPLE_RATE_HZ, levels };
  }

  #ring(order: number): SpeechRing {
    while (this.#rings.length <= order) this.#rings.push(new SpeechRing());
    return this.#rings[order] as SpeechRing;
  }

  #stretch(order: number): Stretch {
    return (this.#stretches[order] ??= new Stretch());
  }
}

function samplesAt(callMs: number): number {
  return Math.round((callMs * SAMPLE_RATE_HZ) / 1000);
}
