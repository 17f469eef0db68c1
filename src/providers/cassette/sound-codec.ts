/**
 * Speech made small without losing a bit of it. Each sample is told as its distance from the line through the two
 * before it; the low and the high bytes of these are packed apart, because the high ones are nearly all alike.
 */
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

/** Stands with every packed sound, so that another way can be added. */
export const SOUND_CODEC = 'slope-brotli';

/** Beyond this, brotli takes sixty times as long for a twentieth less. */
const QUALITY = 5;

export function packSound(samples: Int16Array): Buffer {
  const bytes = Buffer.alloc(samples.length * 2);
  let last = 0;
  let beforeLast = 0;
  for (const [i, sample] of samples.entries()) {
    const off = asInt16(sample - 2 * last + beforeLast);
    // Small distances to either side become small numbers.
    const folded = ((off << 1) ^ (off >> 15)) & 0xffff;
    bytes[i] = folded & 0xff;
    bytes[samples.length + i] = folded >> 8;
    beforeLast = last;
    last = sample;
  }
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
}

/** Throws when it is damaged, or is not as long as it should be. */
export function unpackSound(packed: Uint8Array, length: number): Int16Array {
  const bytes = brotliDecompressSync(packed, { maxOutputLength: Math.max(1, 2 * length) });
  if (bytes.length !== 2 * length) throw new RangeError(`${bytes.length / 2} samples instead of ${length}`);
  const samples = new Int16Array(length);
  let last = 0;
  let beforeLast = 0;
  for (let i = 0; i < length; i++) {
    const folded = (bytes[i] as number) | ((bytes[length + i] as number) << 8);
    const off = (folded >> 1) ^ -(folded & 1);
    const sample = asInt16(off + 2 * last - beforeLast);
    samples[i] = sample;
    beforeLast = last;
    last = sample;
  }
  return samples;
}

/** What lies beyond 16 bits comes round again, on the way in and on the way out. */
function asInt16(value: number): number {
  return (value << 16) >> 16;
}
