/** 16-bit PCM in a RIFF container: the master format of every recording. */
import { invariant } from '../base/errors.ts';
import { SAMPLE_RATE_HZ } from './format.ts';

const HEADER_BYTES = 44;
const PCM = 1;
/** A header that says more about its channels, and names its coding further on. */
const EXTENSIBLE = 0xfffe;
/** Sizes are 32 bits, and some players count in signed ones; whole frames of up to eight channels. */
const ENDLESS_BYTES = 0x7fffff00;

/** One WAV file of one or more equally long tracks, interleaved. */
export function encodeWav(tracks: readonly Int16Array[]): Uint8Array {
  const frames = tracks[0]?.length ?? 0;
  invariant(tracks.length > 0 && tracks.every(({ length }) => length === frames), 'a recording has tracks, all of one length');
  const dataBytes = frames * tracks.length * 2;
  const bytes = new Uint8Array(HEADER_BYTES + dataBytes);
  writeHeader(bytes, { channels: tracks.length, dataBytes });
  // The header is 44 bytes, so the samples are aligned; WAV and every platform Node runs on are little-endian.
  const samples = new Int16Array(bytes.buffer, HEADER_BYTES);
  for (const [channel, track] of tracks.entries()) {
    for (let i = 0, at = channel; i < frames; i++, at += tracks.length) samples[at] = track[i] as number;
  }
  return bytes;
}

/** The header of sound that goes on until its stream ends, for players that want one first. */
export function encodeEndlessWavHeader(channels: number): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  writeHeader(bytes, { channels, dataBytes: ENDLESS_BYTES });
  return bytes;
}

function writeHeader(bytes: Uint8Array, { channels, dataBytes }: { readonly channels: number; readonly dataBytes: number }): void {
  const view = new DataView(bytes.buffer);
  const ascii = (offset: number, text: string): void => {
    for (let i = 0; i < text.length; i++) bytes[offset + i] = text.charCodeAt(i);
  };
  ascii(0, 'RIFF');
  view.setUint32(4, 36 + dataBytes, true);
  ascii(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, PCM, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, SAMPLE_RATE_HZ, true);
  view.setUint32(28, SAMPLE_RATE_HZ * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  ascii(36, 'data');
  view.setUint32(40, dataBytes, true);
}

export type Wav = { readonly sampleRateHz: number; readonly tracks: readonly Int16Array[] };

/** Reads a 16-bit PCM WAV file, up to where it was cut off; undefined for anything else. */
export function decodeWav(bytes: Uint8Array): Wav | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ascii = (offset: number): string => String.fromCharCode(...bytes.subarray(offset, offset + 4));
  if (ascii(0) !== 'RIFF' || ascii(8) !== 'WAVE') return undefined;
  let format: Format | undefined;
  for (let offset = 12; offset + 8 <= bytes.length; ) {
    const size = view.getUint32(offset + 4, true);
    const body = offset + 8;
    const end = Math.min(body + size, bytes.length);
    if (ascii(offset) === 'fmt ') {
      format = readFormat(new DataView(bytes.buffer, bytes.byteOffset + body, end - body));
      if (!format) return undefined;
    }
    if (ascii(offset) === 'data' && format) {
      return { sampleRateHz: format.sampleRateHz, tracks: separate(bytes.subarray(body, end), format.channels) };
    }
    offset = body + size + (size % 2);
  }
  return undefined;
}

type Format = { readonly channels: number; readonly sampleRateHz: number };

function readFormat(chunk: DataView): Format | undefined {
  if (chunk.byteLength < 16) return undefined;
  const named = chunk.getUint16(0, true);
  const coding = named === EXTENSIBLE && chunk.byteLength >= 26 ? chunk.getUint16(24, true) : named;
  const channels = chunk.getUint16(2, true);
  const bits = chunk.getUint16(14, true);
  return coding === PCM && bits === 16 && channels > 0 ? { channels, sampleRateHz: chunk.getUint32(4, true) } : undefined;
}

function separate(data: Uint8Array, channels: number): Int16Array[] {
  const frames = Math.floor(data.length / 2 / channels);
  // Copied, because samples may begin at an odd byte of a foreign file.
  const bytes = new Uint8Array(frames * channels * 2);
  bytes.set(data.subarray(0, bytes.length));
  const samples = new Int16Array(bytes.buffer);
  if (channels === 1) return [samples];
  return Array.from({ length: channels }, (_, channel) => {
    const track = new Int16Array(frames);
    for (let i = 0, at = channel; i < frames; i++, at += channels) track[i] = samples[at] as number;
    return track;
  });
}
