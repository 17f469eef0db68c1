import { expect, test } from 'vitest';
import { BugError } from '../base/errors.ts';
import { FRAME_MS, FRAME_SAMPLES, msToSamples, samplesToMs } from './format.ts';
import { audioFrame, SILENCE } from './frame.ts';

test('a frame knows whether every sample of it is zero', () => {
  const samples = new Int16Array(FRAME_SAMPLES);
  expect(audioFrame(samples).silent).toBe(true);
  samples[FRAME_SAMPLES - 1] = -1;
  expect(audioFrame(samples).silent).toBe(false);
  expect(SILENCE).toEqual(audioFrame(new Int16Array(FRAME_SAMPLES)));
});

test('a frame carries a label only if it was given one', () => {
  const label = { utteranceId: 'u', words: [{ text: 'hi', startSample: -10, endSample: 200 }] };
  expect(audioFrame(new Int16Array(FRAME_SAMPLES), label).label).toBe(label);
  expect('label' in audioFrame(new Int16Array(FRAME_SAMPLES))).toBe(false);
});

test('a frame of any other length is a bug of ours', () => {
  expect(() => audioFrame(new Int16Array(FRAME_SAMPLES - 1))).toThrow(BugError);
});

test('samples and milliseconds are turned into each other; half a sample is rounded', () => {
  expect([FRAME_SAMPLES, samplesToMs(FRAME_SAMPLES), msToSamples(FRAME_MS)]).toEqual([320, 20, 320]);
  expect([samplesToMs(1), msToSamples(0.0625), msToSamples(0.05), msToSamples(0.03)]).toEqual([0.0625, 1, 1, 0]);
});
