import { expect, test } from 'vitest';
import { decodeSpeech, encodeSpeech, type Speech } from './speech.ts';

const speech: Speech = {
  samples: Int16Array.of(0, 1, -1, 32767, -32768),
  words: [
    { text: '“Café”', startSample: 1, endSample: 3 },
    { text: 'ok 😀', startSample: 3, endSample: 5 },
  ],
};

test('speech is read as it was written', () => {
  expect(decodeSpeech(encodeSpeech(speech))).toEqual(speech);
  expect(decodeSpeech(encodeSpeech({ samples: new Int16Array(), words: [] }))).toEqual({ samples: new Int16Array(), words: [] });
});

test('speech is read where it lies, without a copy', () => {
  const bytes = encodeSpeech(speech);
  const padded = new Uint8Array(bytes.length + 40);
  padded.set(bytes, 40);
  const decoded = decodeSpeech(padded.subarray(40));
  expect(decoded).toEqual(speech);
  expect(decoded.samples.buffer).toBe(padded.buffer);
});

test('the same speech makes the same bytes, whatever it is a view of', () => {
  const view = Int16Array.of(9, ...speech.samples).subarray(1);
  expect(encodeSpeech({ ...speech, samples: view })).toEqual(encodeSpeech(speech));
});
