/**
 * A recording as sound that every browser plays: MP3, one agent a side. The bit rate is constant, so that a player
 * finds any moment of it by counting bytes, and the same samples give the same bytes on every machine.
 */
import { createMp3Encoder } from 'wasm-media-encoders';
import { SAMPLE_RATE_HZ } from '../../audio/format.ts';
import type { RecordedTracks } from '../../metrics/recording-check.ts';

/** Ten minutes are 3.6 MB; two voices that take turns sound as they do at twice of this. */
const KILOBITS_PER_SECOND = 48;
/** What encoder and decoder hold back (576 and 529 samples), for a file without a tag that would tell a decoder to drop it. */
export const SOUND_DELAY_MS = (1105 / SAMPLE_RATE_HZ) * 1000;
/** So much is handed over at once, in samples. */
const PORTION = 10 * SAMPLE_RATE_HZ;

export async function encodeSound([left, right]: RecordedTracks): Promise<Uint8Array> {
  const encoder = await createMp3Encoder();
  encoder.configure({ sampleRate: SAMPLE_RATE_HZ, outputSampleRate: SAMPLE_RATE_HZ, channels: 2, bitrate: KILOBITS_PER_SECOND });
  const parts: Uint8Array[] = [];
  for (let at = 0; at < left.length; at += PORTION) {
    const portion = [left, right].map((track) => floats(track.subarray(at, at + PORTION)));
    // What is handed back is the encoder's own, and used again.
    parts.push(encoder.encode(portion).slice());
  }
  parts.push(encoder.finalize().slice());
  return Buffer.concat(parts);
}

function floats(samples: Int16Array): Float32Array {
  const values = new Float32Array(samples.length);
  for (let i = 0; i < samples.length; i++) values[i] = (samples[i] as number) / 32_768;
  return values;
}
