/** How loud samples are, as mean squares of 16-bit samples; full scale, 0 dBFS, is 32768 squared. */

const FULL_SCALE = 32768 ** 2;

/** Of the samples from `from` on and before `to`. */
export function meanSquare(samples: Int16Array | Float64Array, from = 0, to = samples.length): number {
  let sum = 0;
  for (let i = from; i < to; i++) {
    const sample = samples[i] as number;
    sum += sample * sample;
  }
  return sum / (to - from);
}

/** The mean square of a level in dBFS. */
export function meanSquareAt(levelDb: number): number {
  return FULL_SCALE * 10 ** (levelDb / 10);
}
