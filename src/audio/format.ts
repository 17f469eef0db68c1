/**
 * The one internal audio format: mono 16-bit PCM at 16 kHz, in frames of 20 ms. Everything else is converted at
 * the edges, so that the default path needs no resampler at all.
 */

export const SAMPLE_RATE_HZ = 16_000;
export const FRAME_MS = 20;
export const FRAME_SAMPLES = (SAMPLE_RATE_HZ * FRAME_MS) / 1000;

export function samplesToMs(samples: number): number {
  return (samples * 1000) / SAMPLE_RATE_HZ;
}

export function msToSamples(ms: number): number {
  return Math.round((ms * SAMPLE_RATE_HZ) / 1000);
}
