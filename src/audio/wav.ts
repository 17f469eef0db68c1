/** 16-bit PCM in a RIFF container: the master format of every recording. */
import { SAMPLE_RATE_HZ } from './format.ts';

const HEADER_BYTES = 44;

/** One WAV file of one or more equally long tracks, interleaved. */
export function encodeWav(tracks: readonly Int16Array[]): Uint8Array {
  const frames = tracks[0]?.length ?? 0;
  const dataBytes = frames * tracks.length * 2;
  const bytes = new Uint8Array(HEADER_BYTES + dataBytes);
  const view = new DataView(bytes.buffer);
  const ascii = (offset: number, text: string): void => {
    for (let i = 0; i < text.length; i++) bytes[offset + i] = text.charCodeAt(i);
  };
  ascii(0, 'RIFF');
  view.setUint32(4, 36 + dataBytes, true);
  ascii(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, tracks.length, true);
  view.setUint32(24, SAMPLE_RATE_HZ, true);
  view.setUint32(28, SAMPLE_RATE_HZ * tracks.length * 2, true);
  view.setUint16(32, tracks.length * 2, true);
  view.setUint16(34, 16, true);
  ascii(36, 'data');
  view.setUint32(40, dataBytes, true);
  // The header is 44 bytes, so the samples are aligned; WAV and every platform Node runs on are little-endian.
  const samples = new Int16Array(bytes.buffer, HEADER_BYTES);
  tracks.forEach((track, channel) => {
    for (let i = 0; i < frames; i++) samples[i * tracks.length + channel] = track[i] as number;
  });
  return bytes;
}

export type Wav = { readonly sampleRateHz: number; readonly tracks: readonly Int16Array[] };

/** Reads a 16-bit PCM WAV file; undefined for anything else. */
export function decodeWav(bytes: Uint8Array): Wav | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ascii = (offset: number): string => String.fromCharCode(...bytes.subarray(offset, offset + 4));
  if (bytes.length < HEADER_BYTES || ascii(0) !== 'RIFF' || ascii(8) !== 'WAVE') return undefined;
  let channels = 0;
  let sampleRateHz = 0;
  for (let offset = 12; offset + 8 <= bytes.length; ) {
    const size = view.getUint32(offset + 4, true);
    const body = offset + 8;
    if (ascii(offset) === 'fmt ') {
      if (view.getUint16(body, true) !== 1 || view.getUint16(body + 14, true) !== 16) return undefined;
      channels = view.getUint16(body + 2, true);
      sampleRateHz = view.getUint32(body + 4, true);
    }
    if (ascii(offset) === 'data' && channels > 0) {
      const frames = Math.floor(Math.min(size, bytes.length - body) / 2 / channels);
      const tracks = Array.from({ length: channels }, (_, channel) =>
        Int16Array.from({ length: frames }, (_unused, i) => view.getInt16(body + (i * channels + channel) * 2, true)),
      );
      return { sampleRateHz, tracks };
    }
    offset = body + size + (size % 2);
  }
  return undefined;
}
