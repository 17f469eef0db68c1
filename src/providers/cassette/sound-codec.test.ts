import { expect, it } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { SAMPLE_SOUND } from '../../testing/sample-cassette.ts';
import { packSound, unpackSound } from './sound-codec.ts';

const noise = (): Int16Array => {
  const random = seededRandom('noise');
  return Int16Array.from({ length: 5000 }, () => random.int(65_536) - 32_768);
};

it.each([
  ['nothing', new Int16Array(0)],
  ['one sample', Int16Array.of(-1)],
  ['the loudest there is', Int16Array.of(32_767, -32_768, 32_767, -32_768, -32_768, 32_767, 0)],
  ['a tone', SAMPLE_SOUND],
  ['noise', noise()],
])('gives %s back to the bit', (_, samples) => {
  expect(unpackSound(packSound(samples), samples.length)).toEqual(samples);
});

it('makes what is smooth smaller', () => {
  const tone = Int16Array.from({ length: 16_000 }, (_, i) => Math.round(9000 * Math.sin(i / 40)));
  expect(packSound(tone).length).toBeLessThan(tone.length * 2 * 0.2);
});

it('takes nothing that is damaged or of another length', () => {
  const packed = packSound(SAMPLE_SOUND);
  expect(() => unpackSound(packed, SAMPLE_SOUND.length - 1)).toThrow(/./);
  expect(() => unpackSound(packed, SAMPLE_SOUND.length + 1)).toThrow('3200 samples instead of 3201');
  expect(() => unpackSound(packed.subarray(0, packed.length - 9), SAMPLE_SOUND.length)).toThrow(/./);
});
