/** Takes down what a page gives to its loudspeakers, sample by sample, in the audio thread itself. */
import type { Page } from 'playwright-core';

const TAP = `
class Tap extends AudioWorkletProcessor {
  #sides = [[], []];
  process([input]) {
    for (const side of [0, 1]) this.#sides[side].push(...(input[side] ?? new Float32Array(128)));
    if (this.#sides[0].length >= 4096) {
      this.port.postMessage(this.#sides);
      this.#sides = [[], []];
    }
    return true;
  }
}
registerProcessor('tap', Tap);`;

/** Whatever is connected to the loudspeakers is connected to a tap as well; what that takes down is kept as the variable heard. */
const CONNECT = `
globalThis.heard = [[], []];
globalThis.spokenSamples = () => heard[0].filter((sample) => sample !== 0).length;
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (to, ...rest) {
  const { context } = this;
  if (to === context.destination) {
    context.audioWorklet.addModule(URL.createObjectURL(new Blob([${JSON.stringify(TAP)}], { type: 'text/javascript' }))).then(() => {
      const tap = new AudioWorkletNode(context, 'tap', { channelCount: 2, channelCountMode: 'explicit' });
      tap.port.onmessage = ({ data }) => {
        for (const side of [0, 1]) heard[side].push(...data[side]);
      };
      connect.call(this, tap);
      connect.call(tap, context.destination);
    });
  }
  return connect.call(this, to, ...rest);
};`;

/** To be called before the page is opened, in a context whose policy lets a script in that is not the page's. */
export async function tapSound(page: Page): Promise<void> {
  await page.addInitScript(CONNECT);
}

/** Waits until so many samples were heard that are no silence. */
export async function untilHeard(page: Page, samples: number): Promise<void> {
  await page.evaluate(`(async () => { while (spokenSamples() < ${samples}) await new Promise(requestAnimationFrame); })()`);
}

/** What was heard so far: what of it came from whoever goes first, and what from the other, as 16-bit samples. */
export async function heardVoices(page: Page): Promise<[number[], number[]]> {
  const [left, right] = await page.evaluate<[number[], number[]]>('heard');
  // Each ear hears 0.85 of its own side and 0.5 of the other one.
  const [near, far] = [0.85, 0.5];
  const unmixed = (own: readonly number[], other: readonly number[]): number[] =>
    own.map((sample, i) => Math.round(((near * sample - far * (other[i] as number)) / (near * near - far * far)) * 32_768));
  return [unmixed(left, right), unmixed(right, left)];
}
