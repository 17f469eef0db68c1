import { describe, expect, test } from 'vitest';
import { BugError } from '../base/errors.ts';
import { seededRandom } from '../base/random.ts';
import { decodeWav, encodeWav } from './wav.ts';

describe('a recording', () => {
  test.each([1, 2, 3])('with %d tracks is read back sample for sample', (channels) => {
    const tracks = Array.from({ length: channels }, (_, channel) => noise(`track ${channel}`, 1001));
    expect(decodeWav(encodeWav(tracks))).toEqual({ sampleRateHz: 16_000, tracks });
  });

  test('keeps the loudest samples as they are', () => {
    const track = Int16Array.of(-32768, 32767, 0, -1, 1);
    expect(decodeWav(encodeWav([track]))?.tracks).toEqual([track]);
  });

  test('has a header that every player reads: 44 bytes, PCM, 16 bit, interleaved', () => {
    const bytes = encodeWav([Int16Array.of(1, 2, 3), Int16Array.of(-1, -2, -3)]);
    const view = new DataView(bytes.buffer);
    expect(String.fromCharCode(...bytes.subarray(0, 4), ...bytes.subarray(8, 16), ...bytes.subarray(36, 40))).toBe('RIFFWAVEfmt data');
    expect([4, 16, 24, 28, 40].map((offset) => view.getUint32(offset, true))).toEqual([48, 16, 16_000, 64_000, 12]);
    expect([20, 22, 32, 34].map((offset) => view.getUint16(offset, true))).toEqual([1, 2, 4, 16]);
    expect([...new Int16Array(bytes.buffer, 44)]).toEqual([1, -1, 2, -2, 3, -3]);
    expect(bytes.length).toBe(56);
  });

  test('may be empty', () => {
    expect(decodeWav(encodeWav([new Int16Array(0), new Int16Array(0)]))?.tracks).toEqual([new Int16Array(0), new Int16Array(0)]);
  });

  test('without tracks, or with tracks of different lengths, is a bug of ours', () => {
    expect(() => encodeWav([])).toThrow(BugError);
    expect(() => encodeWav([new Int16Array(2), new Int16Array(3)])).toThrow(BugError);
  });
});

describe('a foreign file', () => {
  const samples = [100, -100, 200, -200];

  test('may hold chunks that nobody knows, of odd lengths too, before and after the sound', () => {
    const file = riff(['LIST', [1, 2, 3]], ['fmt ', format({ channels: 2, sampleRateHz: 44_100 })], ['fact', [0, 0, 0, 0]], ['data', bytesOf(samples)], ['id3 ', [7]]);
    expect(decodeWav(file)).toEqual({ sampleRateHz: 44_100, tracks: [Int16Array.of(100, 200), Int16Array.of(-100, -200)] });
  });

  test('may begin anywhere in its buffer, and its tracks do not hang on that buffer', () => {
    const file = riff(['fmt ', format({})], ['data', bytesOf(samples)]);
    const buffer = Buffer.alloc(file.length + 3);
    buffer.set(file, 3);
    const tracks = decodeWav(buffer.subarray(3))?.tracks;
    buffer.fill(0);
    expect(tracks).toEqual([Int16Array.from(samples)]);
  });

  test('may use the extensible header for the same coding', () => {
    const file = riff(['fmt ', [...format({ coding: 0xfffe }), 22, 0, 16, 0, 4, 0, 0, 0, 1, 0, ...Array.from({ length: 14 }, () => 0)]], ['data', bytesOf(samples)]);
    expect(decodeWav(file)?.tracks).toEqual([Int16Array.from(samples)]);
  });

  test('that was cut off, or was written to a pipe and knows no length, is read as far as it goes', () => {
    const file = riff(['fmt ', format({ channels: 2 })], ['data', bytesOf(samples)]);
    new DataView(file.buffer).setUint32(40, 0xffffffff, true);
    expect(decodeWav(file)?.tracks).toEqual([Int16Array.of(100, 200), Int16Array.of(-100, -200)]);
    expect(decodeWav(file.subarray(0, file.length - 1))?.tracks).toEqual([Int16Array.of(100), Int16Array.of(-100)]);
  });

  test.each([
    ['8 bit', format({ bits: 8 })],
    ['24 bit', format({ bits: 24 })],
    ['floating point', format({ coding: 3, bits: 32 })],
    ['a law', format({ coding: 6, bits: 8 })],
    ['no channels', format({ channels: 0 })],
    ['half a header', format({}).slice(0, 10)],
  ])('in another coding is refused: %s', (_, header) => {
    expect(decodeWav(riff(['fmt ', header], ['data', bytesOf(samples)]))).toBeUndefined();
  });

  test('without sound, without a header before the sound, or that is no WAV file at all is refused', () => {
    const whole = riff(['fmt ', format({})], ['data', bytesOf(samples)]);
    const files = [
      riff(['fmt ', format({})]),
      riff(['data', bytesOf(samples)], ['fmt ', format({})]),
      new Uint8Array(0),
      new TextEncoder().encode('{"seq":0,"atMs":0,"type":"run.started","schema":1,"scenario":{}}'),
      ...Array.from({ length: 44 }, (_, length) => whole.subarray(0, length)),
    ];
    for (const file of files) expect(decodeWav(file)).toBeUndefined();
  });
});

function noise(label: string, length: number): Int16Array {
  const random = seededRandom(label);
  return Int16Array.from({ length }, () => random.int(65_536) - 32_768);
}

function riff(...chunks: readonly (readonly [string, readonly number[]])[]): Uint8Array<ArrayBuffer> {
  const ascii = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));
  const uint32 = (value: number): number[] => [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];
  const body = chunks.flatMap(([id, data]) => [...ascii(id), ...uint32(data.length), ...data, ...(data.length % 2 ? [0] : [])]);
  return Uint8Array.from([...ascii('RIFF'), ...uint32(4 + body.length), ...ascii('WAVE'), ...body]);
}

function format({ coding = 1, channels = 1, sampleRateHz = 16_000, bits = 16 }): number[] {
  const bytes = new DataView(new ArrayBuffer(16));
  bytes.setUint16(0, coding, true);
  bytes.setUint16(2, channels, true);
  bytes.setUint32(4, sampleRateHz, true);
  bytes.setUint32(8, (sampleRateHz * channels * bits) / 8, true);
  bytes.setUint16(12, (channels * bits) / 8, true);
  bytes.setUint16(14, bits, true);
  return [...new Uint8Array(bytes.buffer)];
}

function bytesOf(samples: readonly number[]): number[] {
  return [...new Uint8Array(Int16Array.from(samples).buffer)];
}
